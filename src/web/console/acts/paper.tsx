import { isAtSite } from '../../../domain/channel.ts';
import type { PaperResult } from '../../../features/service/consent/service.ts';
import { isScanBy, LONGEST_PLACE, paperOf } from '../../../features/service/consent/service.ts';
import type { ActSeen } from '../../../features/service/consent/types.ts';
import type { DocumentEntry } from '../../../features/service/documents/types.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { Radios, TextInput } from '../../../ui/forms.tsx';
import type { ProblemLink } from '../../../ui/parts.tsx';
import { sendFile } from '../../files/served.ts';
import type { Form } from '../../form.ts';
import { keepFile } from '../documents/document.tsx';
import { here } from '../encounter/appointment.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

const actOf = ({ c }: DeskVisit) => c.req.param('act') ?? '';
const pageOf = (visit: DeskVisit) => `${here(visit)}/acts/${actOf(visit)}`;

/** `…/acts/{act}/paper.pdf`: what the citizen signs on paper, while the act waits for it. */
export function paperFile(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const id = c.req.param('id') ?? '';
    const act = await deps.consent.read(viewer, office, id, actOf(visit));
    if (!act) return c.notFound();
    const { record, hash } = act;
    if (act.state !== 'prepared' || !act.isMine || !record || !hash)
      return visit.redirect(pageOf(visit));
    const bytes = await paperOf({ record, hash }, office.timeZone);
    const name = `${record.appointment.reference}-${act.template}.pdf`;
    return sendFile(c, {
      name,
      type: 'application/pdf',
      size: bytes.length,
      async *read() {
        yield bytes;
      },
    });
  };
}

/** `…/acts/{act}/scan`: keeps the signed paper, scanned, as evidence. Returns the mistake; null: it is kept, or there is no such act. */
export async function keepScan(deps: StaffDeps, visit: DeskVisit): Promise<ProblemLink | null> {
  const text = await keepFile(deps, visit, () => ({ kind: 'evidence' }));
  return text === null ? null : { href: '#file', text };
}

/** Returns the words for a signature on paper that is no consent; null: there is no such act. */
export function paperMistake(
  { t }: DeskVisit,
  refusal: Exclude<PaperResult, { ok: true }>,
): ProblemLink | null {
  switch (refusal.reason) {
    case 'not_found':
      return null;
    case 'not_here':
      return { href: '#acts', text: t('acts.desk.paper.wrong.not_here') };
    case 'other_paper':
      return { href: '#paperCode', text: t('acts.desk.paper.wrong.other_paper') };
    case 'no_paper':
      return { href: '#scan', text: t('acts.desk.paper.wrong.no_paper', { max: LONGEST_PLACE }) };
    case 'not_habilitated':
      return { href: '#acts', text: t('acts.ineligibility.not_habilitated') };
    default:
      return { href: '#acts', text: t('acts.desk.over') };
  }
}

/** Takes what the official entered about the signed paper. */
export const signOnPaper = (
  deps: StaffDeps,
  visit: DeskVisit,
  form: Form,
): Promise<PaperResult> => {
  const scan = form.text('scan');
  return deps.consent.consentOnPaper(
    visit.viewer,
    visit.office,
    visit.c.req.param('id') ?? '',
    actOf(visit),
    { code: form.line('paperCode'), scan: scan === KEPT ? '' : scan, place: form.line('place') },
  );
};

/** The choice of whoever keeps the paper and does not scan it. */
const KEPT = 'kept';

interface OnPaperProps {
  visit: DeskVisit;
  dossier: Dossier;
  act: ActSeen;
  /** The documents of the appointment. */
  documents: readonly DocumentEntry[];
  mistake: ProblemLink | undefined;
}

/** The signature of the citizen on paper, at the counter: to print it, to scan it, and to keep it. */
export function OnPaper({ visit, dossier, act, documents, mistake }: OnPaperProps) {
  const { t, viewer } = visit;
  if (!act.isMine || !isAtSite(dossier.appointment.channel)) return null;
  const scans = documents.filter(
    (each) => isScanBy(viewer, each) && Temporal.Instant.compare(each.madeAt, act.preparedAt) >= 0,
  );
  const page = pageOf(visit);
  const wrong = (field: string) => (mistake?.href === `#${field}` ? mistake.text : undefined);
  return (
    <>
      <h3 id="paper">{t('acts.desk.paper')}</h3>
      <p>{t('acts.desk.paper.text')}</p>
      <p>
        <a href={`${page}/paper.pdf`}>{t('acts.desk.paper.print')}</a>
      </p>
      <form method="post" action={`${page}/scan`} enctype="multipart/form-data" class="stack">
        <div class={wrong('file') ? 'field wrong' : 'field'}>
          <label for="file">{t('acts.desk.paper.file')}</label>
          {wrong('file') ? (
            <p class="mend" id="file-error">
              {wrong('file')}
            </p>
          ) : null}
          <input
            id="file"
            name="file"
            type="file"
            accept="application/pdf,image/*"
            aria-describedby={wrong('file') && 'file-error'}
          />
        </div>
        <button type="submit" class="button quiet">
          {t('acts.desk.paper.add')}
        </button>
      </form>
      <form method="post" action={page} class="stack">
        <TextInput
          name="paperCode"
          label={t('acts.desk.paper.code')}
          error={wrong('paperCode')}
          short
          autocomplete="off"
        />
        <Scans t={t} scans={scans} error={wrong('scan')} />
        <TextInput
          name="place"
          label={t('acts.desk.paper.place')}
          hint={t('acts.desk.paper.placeHint')}
          autocomplete="off"
        />
        <button type="submit" class="button quiet" name="do" value="paper">
          {t('acts.desk.paper.signed')}
        </button>
      </form>
    </>
  );
}

/** How the signed paper is kept: as one of its scans, or itself. */
function Scans(props: {
  t: DeskVisit['t'];
  scans: readonly DocumentEntry[];
  error: string | undefined;
}) {
  const { t, scans, error } = props;
  const clean = scans.filter(({ state }) => state === 'clean');
  const waiting = ['receiving', 'checking'];
  return (
    <>
      {scans
        .filter((each) => !clean.includes(each))
        .map(({ id, name, state }) => (
          <p class="small" key={id}>
            {t(waiting.includes(state) ? 'acts.desk.paper.checking' : 'acts.desk.paper.refused', {
              name: name ?? '',
            })}
          </p>
        ))}
      <Radios
        name="scan"
        label={t('acts.desk.paper.which')}
        error={error}
        value={clean.at(-1)?.id ?? KEPT}
        options={[
          ...clean.map(({ id, name }) => ({
            value: id,
            label: t('acts.desk.paper.scan', { name: name ?? '' }),
          })),
          { value: KEPT, label: t('acts.desk.paper.kept') },
        ]}
      />
    </>
  );
}
