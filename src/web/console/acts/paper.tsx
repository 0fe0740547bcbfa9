import { isAtSite } from '../../../domain/channel.ts';
import type { PaperResult } from '../../../features/service/consent/service.ts';
import {
  isMadeFor,
  isScanBy,
  LONGEST_PLACE,
  paperOf,
} from '../../../features/service/consent/service.ts';
import type { ActSeen } from '../../../features/service/consent/types.ts';
import type { DocumentEntry } from '../../../features/service/documents/types.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { FileInput, Radios, TextInput } from '../../../ui/forms.tsx';
import { Notice, type ProblemLink } from '../../../ui/parts.tsx';
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

/** What an official has typed of a signed paper. */
export interface TypedPaper {
  code: string;
  /** The id of a scan, or `kept`; empty: nothing was chosen. */
  scan: string;
  place: string;
}

export const readPaper = (form: Pick<Form, 'text' | 'line'>): TypedPaper => ({
  code: form.line('paperCode'),
  scan: form.text('scan'),
  place: form.line('place'),
});

/** `…/acts/{act}/scan`: keeps the signed paper, scanned, as evidence. Returns the mistake, and what else was typed. */
export async function keepScan(
  deps: StaffDeps,
  visit: DeskVisit,
): Promise<{ wrong: ProblemLink | null; typed: TypedPaper }> {
  let typed: TypedPaper = { code: '', scan: '', place: '' };
  const text = await keepFile(deps, visit, (form) => {
    typed = { ...readPaper(form), scan: '' };
    return { kind: 'evidence' };
  });
  return { wrong: text === null ? null : { href: '#file', text }, typed };
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
    case 'other_scan':
      return { href: '#scan', text: t('acts.desk.paper.wrong.other_scan') };
    case 'not_habilitated':
      return { href: '#acts', text: t('acts.ineligibility.not_habilitated') };
    default:
      return { href: '#acts', text: t('acts.desk.over') };
  }
}

/** Takes what the official entered about the signed paper; or, of a second member of staff, that they saw it. */
export function signOnPaper(
  { consent }: Pick<StaffDeps, 'consent'>,
  visit: DeskVisit,
  { what, typed }: { what: string; typed: TypedPaper },
): Promise<PaperResult> {
  const { viewer, office, c } = visit;
  const { code, scan, place } = typed;
  const id = c.req.param('id') ?? '';
  if (what === 'seen') return consent.witnessPaper(viewer, office, id, actOf(visit), code);
  const given = { code, scan: scan === KEPT ? '' : scan, place };
  return consent.consentOnPaper(viewer, office, id, actOf(visit), given);
}

/** The choice of whoever keeps the paper and does not scan it. */
const KEPT = 'kept';

/** What is shown again of the signature on paper after something was sent. */
export interface PaperAgain {
  typed?: TypedPaper | undefined;
  mistake?: ProblemLink | undefined;
  /** A scan was kept just now. */
  isAdded?: boolean;
}

interface OnPaperProps extends PaperAgain {
  visit: DeskVisit;
  dossier: Dossier;
  act: ActSeen;
  /** The documents of the appointment. */
  documents: readonly DocumentEntry[];
}

/**
 * The signature of the citizen on paper, at the counter: to print it, to scan it, and to keep it. One form: what is typed stays when a scan is saved.
 */
export function OnPaper({ visit, dossier, act, documents, ...again }: OnPaperProps) {
  const { t, viewer } = visit;
  if (!isAtSite(dossier.appointment.channel)) return null;
  if (!act.isMine) return act.noted ? <SeePaper visit={visit} act={act} {...again} /> : null;
  const scans = documents.filter((each) => isScanBy(viewer, each) && isMadeFor(each, act));
  const page = pageOf(visit);
  const { typed, mistake, isAdded } = again;
  const wrong = (field: string) => (mistake?.href === `#${field}` ? mistake.text : undefined);
  return (
    <>
      <h3 id="paper">{t('acts.desk.paper')}</h3>
      {act.noted ? (
        <Notice>
          <p role="status">{t('acts.desk.paper.waits', { place: act.noted.place })}</p>
        </Notice>
      ) : null}
      <p>{t('acts.desk.paper.text')}</p>
      <p>
        <a href={`${page}/paper.pdf`}>{t('acts.desk.paper.print')}</a>
      </p>
      <form method="post" action={page} class="stack">
        <TextInput
          name="paperCode"
          label={t('acts.desk.paper.code')}
          error={wrong('paperCode')}
          value={typed?.code}
          short
          autocomplete="off"
        />
        <ScanField visit={visit} error={wrong('file')} />
        <Scans t={t} scans={scans} typed={typed} error={wrong('scan')} isAdded={isAdded} />
        <TextInput
          name="place"
          label={t('acts.desk.paper.place')}
          hint={t('acts.desk.paper.placeHint')}
          value={typed?.place}
          autocomplete="off"
        />
        <button type="submit" class="button quiet" name="do" value="paper">
          {t('acts.desk.paper.signed')}
        </button>
      </form>
    </>
  );
}

/** The file of the scan, which is saved by a button of its own. */
function ScanField({ visit, error }: { visit: DeskVisit; error: string | undefined }) {
  const { t } = visit;
  return (
    <>
      <FileInput
        name="file"
        label={t('acts.desk.paper.file')}
        error={error}
        accept="application/pdf,image/*"
      />
      <button
        type="submit"
        class="button quiet"
        formaction={`${pageOf(visit)}/scan`}
        formenctype="multipart/form-data"
      >
        {t('acts.desk.paper.add')}
      </button>
    </>
  );
}

/** What a second member of staff does who looks at the signed paper. */
function SeePaper({ visit, act, mistake }: Pick<OnPaperProps, 'visit' | 'act' | 'mistake'>) {
  const { t } = visit;
  const { official } = act.record ?? {};
  const said = { name: official?.name ?? '', place: act.noted?.place ?? '' };
  return (
    <form method="post" action={pageOf(visit)} class="stack">
      <h3 id="paper">{t('acts.desk.paper')}</h3>
      <p>{t('acts.desk.paper.witnessHint', said)}</p>
      <TextInput
        name="paperCode"
        label={t('acts.desk.paper.code')}
        error={mistake?.href === '#paperCode' ? mistake.text : undefined}
        short
        autocomplete="off"
      />
      <button type="submit" class="button" name="do" value="seen">
        {t('acts.desk.paper.witness')}
      </button>
    </form>
  );
}

/** How the signed paper is kept: as one of its scans, or itself. */
function Scans(props: {
  t: DeskVisit['t'];
  scans: readonly DocumentEntry[];
  typed: TypedPaper | undefined;
  error: string | undefined;
  isAdded: boolean | undefined;
}) {
  const { t, scans, typed, error, isAdded } = props;
  const clean = scans.filter(({ state }) => state === 'clean');
  const isWaiting = ({ state }: DocumentEntry) => state === 'receiving' || state === 'checking';
  const names = clean.map(({ id }) => id);
  const chosen = typed && [...names, KEPT].includes(typed.scan) ? typed.scan : names.at(-1);
  return (
    <>
      <div role="status" class="small">
        {isAdded ? <p>{t('acts.desk.paper.added')}</p> : null}
        {scans
          .filter((each) => !clean.includes(each))
          .map((each) => (
            <p key={each.id}>
              {t(isWaiting(each) ? 'acts.desk.paper.checking' : 'acts.desk.paper.refused', {
                name: each.name ?? '',
              })}
            </p>
          ))}
      </div>
      {scans.some(isWaiting) ? (
        <button type="submit" class="button quiet" name="do" value="look">
          {t('acts.desk.paper.look')}
        </button>
      ) : null}
      <Radios
        name="scan"
        label={t('acts.desk.paper.which')}
        error={error}
        value={chosen ?? KEPT}
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
