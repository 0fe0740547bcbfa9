import {
  LONGEST_REASON,
  limitsOf,
  mayHold,
  mayRelease,
  takeBackRefusal,
} from '../../../features/service/documents/rules.ts';
import type { DocumentEntry, NewDocument } from '../../../features/service/documents/types.ts';
import { grouped } from '../../../features/service/verification/rules.ts';
import { exportsEni, newCode } from '../../../features/service/verification/service.ts';
import { TextArea } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, type ProblemLink } from '../../../ui/parts.tsx';
import { sendFile } from '../../files/served.ts';
import { type FileForm, readFileForm } from '../../files/upload.ts';
import { openVerified, sendEni } from '../../files/verified.ts';
import { type Form, readForm } from '../../form.ts';
import { formatSize, formatWhy, StandingTag } from '../../words/documents.tsx';
import { here, showAppointment } from '../encounter/appointment.tsx';
import { senderAt } from '../sender.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { isViewable, Viewer } from './viewer.tsx';

const idOf = ({ c }: DeskVisit) => c.req.param('document') ?? '';

/**
 * `…/documents/{id}`: one document, to view and to judge. The file is a separate request, which is what
 * the trail records.
 */
export function documentPage({ documents }: Pick<StaffDeps, 'documents'>) {
  return {
    get: async (visit: DeskVisit): Promise<Response> => {
      const entry = await find(documents, visit);
      return entry ? showDocument(visit, entry) : visit.c.notFound();
    },

    post: async (visit: DeskVisit): Promise<Response> => {
      const entry = await find(documents, visit);
      if (!entry) return visit.c.notFound();
      const wrong = await act(documents, visit, entry, await readForm(visit.c));
      if (wrong === 'unknown') return showDocument(visit, entry);
      return wrong ? showDocument(visit, entry, wrong) : visit.redirect(`${here(visit)}#papers`);
    },

    eni: async (visit: DeskVisit): Promise<Response> => {
      const { c, t, viewer, office } = visit;
      const of = c.req.param('id') ?? '';
      const id = c.req.param('result') ?? '';
      const document = await openVerified(documents, viewer, { office, of, id });
      const sent = document && sendEni(c, t, { office, document });
      return sent ?? c.notFound();
    },

    file: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const of = c.req.param('id') ?? '';
      const opened = await documents.open(viewer, office, of, idOf(visit));
      return opened ? sendFile(c, opened) : c.notFound();
    },
  };
}

type Documents = StaffDeps['documents'];

async function find(documents: Documents, visit: DeskVisit): Promise<DocumentEntry | null> {
  const { c, viewer, office } = visit;
  const there = await documents.list(viewer, office, c.req.param('id') ?? '');
  return there?.find((each) => each.id === idOf(visit) && !each.destroyedAt) ?? null;
}

/** Does the pressed action. Returns its mistake; `unknown`: no such button; null: it is done. */
async function act(
  documents: Documents,
  { c, t, viewer, office }: DeskVisit,
  { id }: DocumentEntry,
  form: Form,
): Promise<ProblemLink | 'unknown' | null> {
  const of = c.req.param('id') ?? '';
  switch (form.text('act')) {
    case 'accept':
      await documents.review(viewer, office, of, id, { review: 'accepted', reason: '' });
      return null;
    case 'again': {
      const reason = form.lines('reason');
      if (!reason) return { href: '#reason', text: t('documents.desk.reasonMissing') };
      await documents.review(viewer, office, of, id, { review: 'again', reason });
      return null;
    }
    case 'release':
      await documents.release(viewer, office, of, id);
      return null;
    case 'withdraw': {
      const taken = await documents.withdraw(viewer, office, of, id);
      return taken.ok ? null : { href: '#state', text: t('documents.desk.notTakenBack') };
    }
    case 'hold': {
      const held = await documents.hold(viewer, office, of, id, form.lines('law'));
      if (held.ok || held.reason !== 'no_reason') return null;
      return { href: '#law', text: t('documents.desk.holdMissing') };
    }
    case 'let_go':
      await documents.hold(viewer, office, of, id, null);
      return null;
    default:
      return 'unknown';
  }
}

function showDocument(visit: DeskVisit, entry: DocumentEntry, wrong?: ProblemLink): Response {
  const { t } = visit;
  const { id, name, state } = entry;
  const address = `${here(visit)}/documents/${id}`;
  const isOpen = state === 'clean';
  const problems = wrong ? [wrong] : [];
  const mistakeAt = (href: string) => (wrong?.href === href ? wrong.text : undefined);
  return visit.show(
    {
      title: name ?? '',
      islands: isOpen && isViewable(entry) ? ['viewer'] : [],
      hasErrors: problems.length > 0,
      ...(wrong && { status: 422 }),
    },
    <>
      <BackLink href={`${here(visit)}#papers`}>{t('documents.desk.back')}</BackLink>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1 class="said">{name}</h1>
      <Facts visit={visit} entry={entry} />
      {isOpen ? <Viewer t={t} entry={entry} file={`${address}/file`} /> : null}
      {isOpen ? <Save visit={visit} entry={entry} address={address} /> : null}
      <Answer visit={visit} entry={entry} address={address} mistake={mistakeAt('#reason')} />
      <Hold visit={visit} entry={entry} address={address} mistake={mistakeAt('#law')} />
    </>,
  );
}

/** The state of the document, its origin, and its retention. */
function Facts({ visit: { t, dates }, entry }: { visit: DeskVisit; entry: DocumentEntry }) {
  const { kind, madeAt, size, until, reason, code } = entry;
  const from = kind === 'inbox' ? 'citizen' : 'us';
  return (
    <>
      <dl class="facts" id="state">
        <div>
          <dt>{t('documents.desk.state')}</dt>
          <dd>
            <StandingTag t={t} entry={entry} /> {formatWhy(t, entry)} {reason}
          </dd>
        </div>
        <div>
          <dt>{t('documents.desk.from')}</dt>
          <dd>{t(`documents.desk.${from}`)}</dd>
        </div>
        <div>
          <dt>{t('documents.desk.arrived')}</dt>
          <dd>
            {dates.day(madeAt)}, {dates.time(madeAt)}
          </dd>
        </div>
        {code ? (
          <div>
            <dt>{t('verification.label')}</dt>
            <dd>
              <code class="csv">{grouped(code)}</code>
            </dd>
          </div>
        ) : null}
        <div>
          <dt>{t('documents.desk.size')}</dt>
          <dd>{formatSize(t, size)}</dd>
        </div>
      </dl>
      <p class="soft small">
        {entry.heldAt
          ? t('documents.desk.held')
          : t('documents.desk.kept', { day: dates.longDay(until), time: dates.time(until) })}
      </p>
    </>
  );
}

interface SaveProps {
  visit: DeskVisit;
  entry: DocumentEntry;
  address: string;
}

/** The link that downloads the file. */
function Save({ visit: { t, office }, entry: { name, code }, address }: SaveProps) {
  return (
    <>
      <p>
        <a class="button quiet" href={`${address}/file`} download={name ?? ''}>
          {t('documents.desk.save')}
        </a>{' '}
        {code && exportsEni(office) ? (
          <a class="button quiet" href={`${address}/eni`}>
            {t('verification.eni')}
          </a>
        ) : null}
      </p>
      <p class="soft small">{t('documents.desk.audited')}</p>
    </>
  );
}

/** The possible judgements, for people who may give them. */
function Answer(props: {
  visit: DeskVisit;
  entry: DocumentEntry;
  address: string;
  mistake: string | undefined;
}) {
  const { visit, entry, address, mistake } = props;
  const { t, viewer } = visit;
  const { kind, state, review } = entry;
  const isResult = kind === 'outbox';
  const act = (name: string, text: string, className = 'button quiet') => (
    <form method="post" action={address}>
      <button type="submit" class={className} name="act" value={name}>
        {text}
      </button>
    </form>
  );
  if (kind === 'evidence') return null;
  const toRelease = isResult ? 'documents.desk.releaseResult' : 'documents.desk.releaseText';
  return (
    <div class="stack">
      {state === 'unscannable' ? (
        <div class="stack">
          <p>{t(mayRelease(viewer) ? toRelease : 'documents.desk.releaseWho')}</p>
          {mayRelease(viewer) ? act('release', t('documents.desk.release')) : null}
        </div>
      ) : null}
      {isResult && !takeBackRefusal(viewer, entry)
        ? act('withdraw', t('documents.desk.takeBack'), 'button grave')
        : null}
      {!isResult && state === 'clean' && review !== 'accepted'
        ? act('accept', t('documents.desk.accept'), 'button')
        : null}
      {!isResult && (state === 'clean' || state === 'unscannable') ? (
        <form method="post" action={address} class="stack">
          <TextArea
            name="reason"
            label={t('documents.desk.reason')}
            error={mistake}
            rows={2}
            value=""
          />
          <button type="submit" class="button quiet" name="act" value="again">
            {t('documents.desk.again')}
          </button>
        </form>
      ) : null}
    </div>
  );
}

/** A legal hold stops the retention; a coordinator states the reason, and all coordinators can read it. */
function Hold({ visit, entry, address, mistake }: Parameters<typeof Answer>[0]) {
  const { t, viewer } = visit;
  if (!mayHold(viewer)) return null;
  const isHeld = entry.heldAt !== null;
  return (
    <form method="post" action={address} class="stack">
      {isHeld && entry.heldReason ? (
        <p>
          {t('documents.desk.holdReason')}: <span class="said">{entry.heldReason}</span>
        </p>
      ) : null}
      {isHeld ? null : (
        <TextArea
          name="law"
          label={t('documents.desk.holdLabel')}
          hint={t('documents.desk.holdText')}
          error={mistake}
          rows={2}
          maxLength={LONGEST_REASON}
          value=""
        />
      )}
      <button type="submit" class="button quiet" name="act" value={isHeld ? 'let_go' : 'hold'}>
        {t(`documents.desk.${isHeld ? 'let_go' : 'hold'}`)}
      </button>
    </form>
  );
}

const MISTAKES: Record<string, 'empty' | 'too_large' | 'full' | 'no_room'> = {
  empty: 'empty',
  too_large: 'too_large',
  full: 'full',
  no_room: 'no_room',
  not_now: 'no_room',
  busy: 'no_room',
};

/** `…/documents`: adds a result for the citizen. */
export function addDocument(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    if (!(await deps.documents.list(viewer, office, c.req.param('id') ?? ''))) return c.notFound();
    const mayCode = office.settings.verification.codes !== 'never';
    const text = await keepFile(deps, visit, (form) => {
      const isCoded = mayCode && form.text('code') === '1';
      return { kind: 'outbox', ...(isCoded && { code: newCode() }) };
    });
    if (text === null) return visit.redirect(`${here(visit)}#papers`);
    return showAppointment(deps, visit, { status: 422, problems: [{ href: '#result', text }] });
  };
}

/** Keeps the file of a form in the space of an appointment, as `as` says. Returns why it can't be, in words; null: it is kept. */
export async function keepFile(
  deps: StaffDeps,
  visit: DeskVisit,
  as: (form: FileForm) => Pick<NewDocument, 'kind'> & { code?: string },
): Promise<string | null> {
  const { c, t, viewer, office } = visit;
  const { file: most } = limitsOf(office.settings);
  const refuse = (reason: string) => {
    if (reason === 'not_open') return t('documents.closed');
    const megabytes = Math.floor(most / 1_000_000);
    const known = reason === 'missing' ? reason : (MISTAKES[reason] ?? 'failed');
    return t(`documents.mistake.${known}`, { megabytes });
  };
  using read = await readFileForm(c, most, senderAt(visit));
  if (!read.ok) return refuse(read.reason);
  const [file] = read.form.files;
  if (!file) return refuse('missing');
  const id = c.req.param('id') ?? '';
  const document = { ...as(read.form), requested: null, ...file } as const;
  const kept = await deps.documents.keep(viewer, office, id, document, file.bytes);
  return kept.ok ? null : refuse(kept.reason);
}
