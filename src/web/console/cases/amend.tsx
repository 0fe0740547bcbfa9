import { shownAnswer } from '../../../domain/form/answers/shown.ts';
import type { AppliedQuestion } from '../../../domain/form/applied.ts';
import { applyForm } from '../../../domain/form/applied.ts';
import { statesOf } from '../../../domain/form/states.ts';
import { contextOf } from '../../../features/service/cases/rules.ts';
import {
  amendDays,
  type CaseWork,
  MOST_POINTS,
  POINT_LENGTH,
} from '../../../features/service/cases/service.ts';
import type { AmendmentPoint } from '../../../features/service/cases/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { TextArea } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { questionName } from './asked.ts';
import { type CaseProps, caseAt, readWork, showCase } from './case.tsx';
import { Changed } from './kept.tsx';

/** What was typed, by the name of the question; the general one has none. */
type Typed = ReadonlyMap<string, string>;

type Mistake = 'empty' | 'long' | 'many';

interface Asked {
  typed: Typed;
  /** What is wrong, by the name of the question. */
  mistakes: ReadonlyMap<string, Mistake>;
  isChanged?: boolean;
}

const NOTHING: Asked = { typed: new Map(), mistakes: new Map() };

/** `…/amend`: the official writes beside each question what is wrong with its answer, and asks to amend it. */
export function amendPage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, asked: Asked = NOTHING) => {
    const props = await readWork(deps, visit);
    const { typed, mistakes, isChanged } = asked;
    if (!props) return refuse(deps, visit, { typed, props });
    const { t } = visit;
    const { work, at } = props;
    const isOpen = work.steps.some(({ how }) => how === 'amend');
    if (!isOpen) return typed.size > 0 ? refuse(deps, visit, { typed, props }) : visit.redirect(at);
    const title = t('caseDesk.amend.title');
    const problems = [...mistakes].map(([name, mistake]) => ({
      href: `#${fieldOf(name)}`,
      text: said(mistake, labelOf(name, props, t), t),
    }));
    const hasErrors = problems.length > 0;
    const days = amendDays(statesOf(work.form.form));
    return visit.show(
      {
        title,
        ...(hasErrors && { status: 422, hasErrors }),
        ...(isChanged && { status: 409 }),
      },
      <div class="case">
        <ErrorSummary title={t('staff.error.title')} problems={problems} />
        <BackLink href={at}>{work.opened.case.reference}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t('caseDesk.amend.lead')}</p>
        {days === null ? null : <p>{t('caseDesk.amend.term', { days })}</p>}
        {isChanged ? <Changed t={t} /> : null}
        <Questions {...props} asked={asked} />
      </div>,
    );
  };
  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const form = await readForm(c, MOST_BYTES);
      const typed = typedIn(form);
      const points = [...typed].map(
        ([name, text]): AmendmentPoint => ({ question: name === GENERAL ? null : name, text }),
      );
      const id = c.req.param('id') ?? '';
      const seen = form.text('seen');
      const done = await deps.cases.askToAmend(viewer, office, id, { points, seen });
      if (done.ok)
        return visit.redirect(`${caseAt(visit)}?done=${done.isTold ? 'asked' : 'asked-untold'}`);
      const mistakes = done.reason === 'invalid' ? mistakesIn(typed) : NOTHING.mistakes;
      return show(visit, { typed, mistakes, isChanged: done.reason === 'changed' });
    },
  };
}

/** Shows the case as it is now, with what was typed, which can't be sent any more. */
function refuse(
  deps: StaffDeps,
  visit: DeskVisit,
  { typed, props }: { typed: Typed; props: CaseProps | null },
): Promise<Response> {
  const { t } = visit;
  const kept = [...typed].map(([name, text]) => ({ label: labelOf(name, props, t), text }));
  const notice = { kind: 'warn', text: t('caseDesk.changed.gone') } as const;
  return showCase(deps, visit, { status: 409, notice, kept });
}

/** Many points, percent-encoded. */
const MOST_BYTES = 512 * 1024;

/** Returns what is wrong with what was typed. */
function mistakesIn(typed: Typed): Map<string, Mistake> {
  const long = [...typed].filter(([, text]) => text.length > POINT_LENGTH);
  const mistakes = new Map<string, Mistake>(long.map(([name]) => [name, 'long']));
  // The first one that is too much.
  const [first] = [...typed.keys()].slice(MOST_POINTS);
  if (first !== undefined) mistakes.set(first, 'many');
  return mistakes.size > 0 ? mistakes : new Map([[GENERAL, 'empty']]);
}

const said = (mistake: Mistake, label: string, t: DeskVisit['t']): string =>
  t(`caseDesk.amend.${mistake}`, { label, most: MOST_POINTS });

const labelOf = (name: string, props: CaseProps | null, t: DeskVisit['t']): string => {
  if (name === GENERAL) return t('caseDesk.amend.general');
  return props ? questionName(props.work.form.form, name, t) : name;
};

const GENERAL = '';
const PREFIX = 'point-';
const fieldOf = (name: string): string => `${PREFIX}${name.replace('.', '--')}`;

/** Returns what was typed beside questions, without those that were left empty. */
function typedIn(form: Form): Map<string, string> {
  const typed = new Map<string, string>();
  for (const [field] of form.fields()) {
    if (!field.startsWith(PREFIX)) continue;
    const text = form.lines(field);
    if (text !== '') typed.set(field.slice(PREFIX.length).replace('--', '.'), text);
  }
  return typed;
}

function Questions({ visit, work, at, asked }: CaseProps & { asked: Asked }) {
  const { t } = visit;
  const { steps, declarations } = applied(visit, work);
  return (
    <form method="post" action={`${at}/amend`} class="stack" novalidate>
      <input type="hidden" name="seen" value={work.seen} />
      {steps.map(({ step, questions }) => (
        <section key={step.id} class="stack" aria-labelledby={`step-${step.id}`}>
          <h2 id={`step-${step.id}`}>
            {textIn(step.title, t.language) || textIn(work.form.form.title, t.language) || step.id}
          </h2>
          {questions
            .filter(({ question }) => question.type !== 'computed')
            .map((each) => (
              <Point
                key={each.name}
                name={each.name}
                label={textIn(each.question.label, t.language) || each.question.id}
                answer={answerOf(each, t)}
                asked={asked}
                t={t}
              />
            ))}
        </section>
      ))}
      <Declared declarations={declarations} asked={asked} t={t} />
      <section class="stack" aria-labelledby="general">
        <h2 id="general">{t('caseDesk.amend.general')}</h2>
        <TextArea
          name={fieldOf(GENERAL)}
          label={t('caseDesk.amend.general.label')}
          hint={t('caseDesk.amend.general.hint')}
          value={asked.typed.get(GENERAL)}
          error={errorOf(GENERAL, t('caseDesk.amend.general'), asked, t)}
          rows={3}
          maxLength={POINT_LENGTH}
        />
      </section>
      <div class="case-bar row">
        <button type="submit" class="button" id="action">
          {t('caseDesk.amend.button')}
        </button>
        <ButtonLink kind="quiet" href={at}>
          {t('desk.back')}
        </ButtonLink>
      </div>
    </form>
  );
}

/** What was declared, each with what is wrong with it. */
function Declared(props: {
  declarations: ReturnType<typeof applied>['declarations'];
  asked: Asked;
  t: DeskVisit['t'];
}) {
  const { declarations, asked, t } = props;
  if (declarations.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="declared">
      <h2 id="declared">{t('caseDesk.declarations')}</h2>
      {declarations.map(({ declaration, answer }) => (
        <Point
          key={declaration.id}
          name={`declarations.${declaration.id}`}
          label={textIn(declaration.text, t.language) || declaration.id}
          answer={t(answer === true ? 'caseDesk.declared' : 'caseDesk.notDeclared')}
          asked={asked}
          t={t}
        />
      ))}
    </section>
  );
}

function applied({ office, now, t }: DeskVisit, { opened, form }: CaseWork) {
  const at = opened.case.handedInAt ?? now;
  return applyForm(form.form, opened.draft.answers, contextOf(office, at, t.language));
}

const errorOf = (name: string, label: string, { mistakes }: Asked, t: DeskVisit['t']) => {
  const mistake = mistakes.get(name);
  return mistake && said(mistake, label, t);
};

const answerOf = (of: AppliedQuestion, t: DeskVisit['t']): string => shownAnswer(of, t).join(', ');

/** A question with its answer, and what is wrong with it. */
function Point(props: {
  name: string;
  label: string;
  answer: string;
  asked: Asked;
  t: DeskVisit['t'];
}) {
  const { name, label, answer, asked, t } = props;
  const typed = asked.typed.get(name);
  return (
    <details class="case-point" open={typed !== undefined}>
      <summary>
        <b>{label}</b> <span class="said">{answer}</span>
      </summary>
      <TextArea
        name={fieldOf(name)}
        label={t('caseDesk.amend.point', { label })}
        value={typed}
        error={errorOf(name, label, asked, t)}
        rows={2}
        maxLength={POINT_LENGTH}
      />
    </details>
  );
}
