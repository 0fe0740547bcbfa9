import {
  DECISION_LENGTH,
  type DecisionMistake,
  type DecisionText,
  decisionMistakes,
  isOutcome,
  type Outcome,
  templateOf,
  type WriteObstacle,
} from '../../../features/service/cases/service.ts';
import { LANGUAGE_NAMES } from '../../../lib/i18n/languages.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { TextArea } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { type CaseProps, caseAt, readWork, showCase } from './case.tsx';
import { Changed, type KeptWords } from './kept.tsx';
import { whyNotWriteHere } from './obstacles.ts';

const FIELDS = ['text', 'reasons', 'appeal'] as const;
type Field = (typeof FIELDS)[number];

interface Typed {
  content: DecisionText;
  mistakes: readonly DecisionMistake[];
  /** Somebody changed the case, or wrote another decision, since it was seen. */
  isChanged: boolean;
}

/** `…/decide`: an official writes a decision, beginning with the words of the form. It is reviewed before it is issued. */
export function decidePage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, typed: Typed | null = null) => {
    const props = await readWork(deps, visit);
    if (!props) return refuse(deps, visit, { content: typed?.content });
    const { c, t } = visit;
    const { work, at } = props;
    const outcome = c.req.query('to') ?? '';
    const step = work.steps.find(({ to, how }) => how === 'decide' && to === outcome);
    const isOpen = step && isOutcome(outcome);
    const obstacle = step ? whyNotWriteHere(props, step) : null;
    if (!isOpen && !typed) return visit.redirect(at);
    if (!isOpen || obstacle) return refuse(deps, visit, { why: obstacle, content: typed?.content });
    const title = t(`caseDesk.decide.title.${outcome}`);
    const mistakes = typed?.mistakes ?? [];
    const problems = mistakes.map((each) => ({ href: `#${each.field}`, text: said(each, t) }));
    const status = typed?.isChanged ? 409 : 422;
    return visit.show(
      { title, ...(typed && { status }), hasErrors: mistakes.length > 0 },
      <div class="case">
        <ErrorSummary title={t('staff.error.title')} problems={problems} />
        <BackLink href={at}>{work.opened.case.reference}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t('caseDesk.decide.lead')}</p>
        {typed?.isChanged ? <Changed t={t} /> : null}
        <Write {...props} outcome={outcome} typed={typed} />
      </div>,
    );
  };
  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const form = await readForm(c, MOST_BYTES);
      const content = contentIn(form);
      const outcome = c.req.query('to') ?? '';
      const before = Number(form.text('before')) || null;
      const asked = { outcome, content, before, seen: form.text('seen') };
      const done = await deps.caseDesk.write(viewer, office, c.req.param('id') ?? '', asked);
      if (done.ok) return visit.redirect(`${caseAt(visit)}/decision`);
      switch (done.reason) {
        case 'changed':
        case 'written':
          return show(visit, { content, mistakes: [], isChanged: true });
        case 'invalid':
          return show(visit, {
            content,
            mistakes: decisionMistakes(outcome, content),
            isChanged: false,
          });
        case 'untaken':
        case 'silence':
          return refuse(deps, visit, { why: done.reason, content });
        default:
          return refuse(deps, visit, { content });
      }
    },
  };
}

/** Shows the case as it is now, why its decision can't be written, and what was typed. */
function refuse(
  deps: StaffDeps,
  visit: DeskVisit,
  { why = null, content }: { why?: WriteObstacle | null; content: DecisionText | undefined },
): Promise<Response> {
  const { t } = visit;
  const text = t(why ? `caseDesk.cannot.${why}` : 'caseDesk.changed.gone');
  const kept = content ? keptIn(content, t) : [];
  return showCase(deps, visit, { status: 409, notice: { kind: 'warn', text }, kept });
}

/** Three long texts, percent-encoded. */
const MOST_BYTES = 512 * 1024;

const contentIn = (form: Form): DecisionText => ({
  text: form.lines('text'),
  reasons: form.lines('reasons'),
  appeal: form.lines('appeal'),
});

const keptIn = (content: DecisionText, t: DeskVisit['t']): KeptWords[] =>
  FIELDS.map((field) => ({ label: t(`caseDesk.decide.${field}`), text: content[field] })).filter(
    ({ text }) => text !== '',
  );

const said = ({ mistake, field }: DecisionMistake, t: DeskVisit['t']): string =>
  t(`caseDesk.decide.${mistake}.${field}`);

function Write(props: CaseProps & { outcome: Outcome; typed: Typed | null }) {
  const { visit, work, at, outcome, typed } = props;
  const { t, office, now } = visit;
  const { decision, opened } = work;
  const kept = decision?.outcome === outcome ? decision.content : null;
  const content = typed?.content ?? kept ?? templateOf(outcome, work, office, now);
  const error = (field: Field) => {
    const found = typed?.mistakes.find((each) => each.field === field);
    return found && said(found, t);
  };
  const area = (field: Field, rows: number) => (
    <TextArea
      name={field}
      label={t(`caseDesk.decide.${field}`)}
      hint={field === 'reasons' ? t(`caseDesk.decide.reasons.${outcome}`) : undefined}
      value={content[field]}
      error={error(field)}
      rows={rows}
      maxLength={DECISION_LENGTH}
    />
  );
  return (
    <form
      method="post"
      action={`${at}/decide?${new URLSearchParams({ to: outcome })}`}
      class="form"
      novalidate
    >
      <input type="hidden" name="seen" value={work.seen} />
      <input type="hidden" name="before" value={decision?.writtenAt.epochMilliseconds ?? ''} />
      <p class="soft">
        {t('caseDesk.decide.language', { language: LANGUAGE_NAMES[opened.case.language] })}
      </p>
      {area('text', 10)}
      {area('reasons', 6)}
      {area('appeal', 5)}
      <div class="case-bar row">
        <button type="submit" class="button" id="action">
          {t('caseDesk.decide.button')}
        </button>
        <ButtonLink kind="quiet" href={at}>
          {t('desk.back')}
        </ButtonLink>
      </div>
    </form>
  );
}
