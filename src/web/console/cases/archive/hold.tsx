import { HOLD_LENGTH, type Keeping } from '../../../../features/service/cases/service.ts';
import type { Translate } from '../../../../lib/i18n/translate.ts';
import { TextArea } from '../../../../ui/forms.tsx';
import { BackLink, ErrorSummary } from '../../../../ui/parts.tsx';
import { readForm } from '../../../form.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { caseAt, readWork } from '../case.tsx';
import { Changed, Kept } from '../kept.tsx';
import { Sending } from '../listed/sending.tsx';

/** `…/hold`: keeps a case longer for a legal reason, or no longer. */
export function holdPage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, typed: Typed = {}) => {
    const { error, isChanged } = typed;
    const { c, t, viewer, office } = visit;
    const props = await readWork(deps, visit);
    const id = c.req.param('id') ?? '';
    const keeping = props && (await deps.archive.keeping(viewer, office, id));
    if (!keeping?.mayHold) return c.notFound();
    const at = caseAt(visit);
    const { held } = keeping;
    const title = t(held ? 'archive.letGo' : 'archive.hold');
    const problems = error ? [{ href: '#reason', text: error }] : [];
    return visit.show(
      {
        title,
        ...(error && { status: 422, hasErrors: true }),
        ...(isChanged && { status: 409 }),
      },
      <>
        <ErrorSummary title={t('staff.error.title')} problems={problems} />
        <BackLink href={at}>{props?.work.opened.case.reference}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t(held ? 'archive.letGo.lead' : 'archive.hold.lead')}</p>
        {isChanged ? <Changed t={t} /> : null}
        {held && typed.words ? (
          <Kept words={[{ label: t('archive.hold.reason'), text: typed.words }]} t={t} />
        ) : null}
        {held ? <p class="said">{held.reason}</p> : null}
        <HoldForm t={t} at={at} held={held} typed={typed} />
      </>,
    );
  };
  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, t, viewer, office } = visit;
      const form = await readForm(c);
      const isOver = form.text('act') === 'let_go';
      const words = form.lines('reason');
      const asked = { reason: isOver ? null : words, seen: instantIn(form.text('seen')) };
      const done = await deps.archive.hold(viewer, office, c.req.param('id') ?? '', asked);
      if (done.ok) return visit.redirect(`${caseAt(visit)}?done=${isOver ? 'let-go' : 'held'}`);
      switch (done.reason) {
        case 'not_found':
          return c.notFound();
        case 'changed':
          return show(visit, { words, isChanged: true });
        case 'too_long':
          return show(visit, { words, error: t('archive.hold.long', { max: HOLD_LENGTH }) });
        default:
          return show(visit, { words, error: t('archive.hold.missing') });
      }
    },
  };
}

/** What was sent and not done, and why. */
interface Typed {
  words?: string;
  error?: string;
  isChanged?: boolean;
}

/** Returns a moment in milliseconds, as the page sent it; null: none. */
const instantIn = (text: string): Temporal.Instant | null =>
  /^\d{1,15}$/.test(text) ? Temporal.Instant.fromEpochMilliseconds(Number(text)) : null;

function HoldForm(props: { t: Translate; at: string; held: Keeping['held']; typed: Typed }) {
  const { t, at, held, typed } = props;
  const isHeld = held !== null;
  return (
    <form method="post" action={`${at}/hold`} class="form" novalidate>
      <input type="hidden" name="seen" value={held ? String(held.at.epochMilliseconds) : ''} />
      {isHeld ? null : (
        <TextArea
          name="reason"
          label={t('archive.hold.reason')}
          hint={t('archive.hold.hint')}
          error={typed.error}
          maxLength={HOLD_LENGTH}
          value={typed.words}
        />
      )}
      <Sending
        t={t}
        text={t(isHeld ? 'archive.letGo' : 'archive.hold')}
        back={at}
        act={isHeld ? 'let_go' : 'hold'}
      />
    </form>
  );
}
