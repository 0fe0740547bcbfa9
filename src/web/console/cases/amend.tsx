import { shownAnswer } from '../../../domain/form/answers/shown.ts';
import type { AppliedQuestion } from '../../../domain/form/applied.ts';
import { applyForm } from '../../../domain/form/applied.ts';
import { contextOf } from '../../../features/service/cases/rules.ts';
import {
  type CaseWork,
  MOST_POINTS,
  POINT_LENGTH,
} from '../../../features/service/cases/service.ts';
import type { AmendmentPoint } from '../../../features/service/cases/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { TextArea } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { type CaseProps, caseAt, readWork } from './case.tsx';

/** What was typed, by the name of the question; the general one has none. */
type Typed = ReadonlyMap<string, string>;

interface Asked {
  typed: Typed;
  error?: string;
  isChanged?: boolean;
}

/** `…/amend`: the official writes beside each question what is wrong with its answer, and asks to amend it. */
export function amendPage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, asked: Asked = { typed: new Map() }) => {
    const props = await readWork(deps, visit);
    if (!props) return visit.c.notFound();
    const { t } = visit;
    const { work, at } = props;
    if (!work.steps.some(({ how }) => how === 'amend')) return visit.redirect(at);
    const title = t('caseDesk.amend.title');
    const { error, isChanged } = asked;
    const problems = error ? [{ href: `#${fieldOf(GENERAL)}`, text: error }] : [];
    return visit.show(
      {
        title,
        ...(error && { status: 422, hasErrors: true }),
        ...(isChanged && { status: 409 }),
      },
      <div class="case">
        <ErrorSummary title={t('staff.error.title')} problems={problems} />
        <BackLink href={at}>{work.opened.case.reference}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t('caseDesk.amend.lead')}</p>
        {isChanged ? (
          <Notice kind="warn">
            <p>{t('caseDesk.changed.typed')}</p>
          </Notice>
        ) : null}
        <Questions {...props} asked={asked} />
      </div>,
    );
  };
  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, t, viewer, office } = visit;
      const form = await readForm(c);
      const typed = typedIn(form);
      const points = [...typed].map(
        ([name, text]): AmendmentPoint => ({ question: name === GENERAL ? null : name, text }),
      );
      const id = c.req.param('id') ?? '';
      const seen = form.text('seen');
      const done = await deps.cases.askToAmend(viewer, office, id, { points, seen });
      if (done.ok)
        return visit.redirect(`${caseAt(visit)}?done=${done.isTold ? 'asked' : 'asked-untold'}`);
      switch (done.reason) {
        case 'not_found':
          return c.notFound();
        case 'changed':
          return show(visit, { typed, isChanged: true });
        case 'invalid':
          return show(visit, { typed, error: t('caseDesk.amend.empty') });
        default:
          return visit.redirect(caseAt(visit));
      }
    },
  };
}

const GENERAL = '';
const PREFIX = 'point-';
const fieldOf = (name: string): string => `${PREFIX}${name.replace('.', '--')}`;

/** Returns what was typed beside questions, without those that were left empty. */
function typedIn(form: Form): Map<string, string> {
  const typed = new Map<string, string>();
  for (const [field] of form.fields()) {
    if (!field.startsWith(PREFIX) || typed.size > MOST_POINTS) continue;
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
          error={asked.error}
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
        rows={2}
        maxLength={POINT_LENGTH}
      />
    </details>
  );
}
