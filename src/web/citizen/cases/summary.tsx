import { shownAnswer } from '../../../domain/form/answers/shown.ts';
import {
  type Answers,
  type AppliedItem,
  type AppliedQuestion,
  applyForm,
  type FormContext,
} from '../../../domain/form/applied.ts';
import type { Form, Step } from '../../../domain/form/schema.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Say, SummaryList, type SummaryRow } from '../../../ui/parts.tsx';
import { addressOf, type Filling, resumeId } from './filling.ts';
import { itemTitle, labelOf, stepTitle } from './words.tsx';

interface Summed {
  form: Form;
  answers: Answers;
  context: FormContext;
  t: Translate;
  /** Returns the address where an answer is changed, by the id of its page; absent: nothing can be changed. */
  changeAt?: (page: string) => string;
  /** The level of the headings of its steps. */
  headings?: 2 | 3;
}

/** What is still missing, and where somebody goes on. */
export function Incomplete(props: {
  filling: Filling;
  /** Absent: a question of the form is not answered. */
  other?: { page: string; text: string } | null;
}) {
  const { filling, other } = props;
  const { t } = filling.visit;
  return (
    <section class="stack" aria-labelledby="missing">
      <h2 id="missing">{t('case.check.missing.title')}</h2>
      <p>{other?.text ?? t('case.check.incomplete')}</p>
      <p>
        <ButtonLink href={addressOf(filling, other?.page ?? resumeId(filling))}>
          {t('case.check.missing.go')}
        </ButtonLink>
      </p>
    </section>
  );
}

/** All answers in words, by steps, each with a link to change it. */
export function Summary(props: Summed) {
  const { form, answers, context, t } = props;
  const { steps, declarations } = applyForm(form, answers, context);
  return (
    <>
      {steps.map(({ step, questions }) => (
        <StepPart key={step.id} {...props} step={step} questions={questions} />
      ))}
      {declarations.length > 0 ? (
        <section class="stack" aria-labelledby="declared">
          <Heading level={props.headings} id="declared">
            {t('case.declarations.title')}
          </Heading>
          <ul>
            {declarations.map(({ declaration, answer }) => (
              <li key={declaration.id}>
                {declaration.text ? <Say of={declaration.text} t={t} /> : declaration.id}{' '}
                <strong>{t(answer === true ? 'case.declared' : 'case.notDeclared')}</strong>
              </li>
            ))}
          </ul>
          {props.changeAt ? (
            <p>
              <a
                href={props.changeAt('declarations')}
                aria-label={`${t('citizen.change')}: ${t('case.declarations.title')}`}
              >
                {t('citizen.change')}
              </a>
            </p>
          ) : null}
        </section>
      ) : null}
    </>
  );
}

const below = (level: 2 | 3 = 2) => (level === 2 ? 3 : 4);

function Heading(props: { level?: 2 | 3 | 4 | undefined; id?: string; children: string }) {
  const { level = 2, ...rest } = props;
  const Tag = `h${level}` as const;
  return <Tag {...rest} />;
}

type Part = Summed & { step: Step; questions: readonly AppliedQuestion[] };

function StepPart(props: Part) {
  const { step, questions, form, t } = props;
  const single = questions.filter((each) => each.question.type !== 'group' && isShown(each));
  const groups = questions.filter(({ question }) => question.type === 'group');
  if (single.length + groups.length === 0) return null;
  const id = `step-${step.id}`;
  return (
    <section class="stack" aria-labelledby={id}>
      <Heading level={props.headings} id={id}>
        {stepTitle(step, form, t)}
      </Heading>
      {single.length > 0 ? (
        <SummaryList rows={single.map((each) => rowOf(each, pageOf(each), props))} />
      ) : null}
      {groups.map((each) => (
        <GroupPart key={each.name} {...props} group={each} />
      ))}
    </section>
  );
}

/** A computed value without a result has nothing to show. */
const isShown = ({ question, value }: AppliedQuestion): boolean =>
  question.type !== 'computed' || value !== null;

/** Returns the id of the page on which a question is asked. */
const pageOf = ({ step, question }: AppliedQuestion): string =>
  step.together && question.type !== 'group' ? step.id : `${step.id}/${question.id}`;

function rowOf(each: AppliedQuestion, page: string, { t, changeAt }: Summed): SummaryRow {
  const label = labelOf(each.question, t);
  const value = shownAnswer(each, t).map((line) => <div key={line}>{line}</div>);
  if (!changeAt || each.question.type === 'computed') return { label, value };
  const text = t('citizen.change');
  return { label, value, change: { href: changeAt(page), text, name: `${text}: ${label}` } };
}

function GroupPart(props: Part & { group: AppliedQuestion }) {
  const { group, t, changeAt } = props;
  const { question, items } = group;
  if (question.type !== 'group') return null;
  const label = labelOf(question, t);
  const page = pageOf(group);
  return (
    <>
      <Heading level={below(props.headings)}>{label}</Heading>
      {items.length === 0 ? <p>{t('form.answer.none')}</p> : null}
      {items.map((item, at) => (
        <ItemPart
          key={at}
          {...props}
          item={item}
          title={itemTitle(question, at, t)}
          page={`${page}/${at + 1}`}
        />
      ))}
      {changeAt ? (
        <p>
          <a href={changeAt(page)} aria-label={`${t('case.group.change')}: ${label}`}>
            {t('case.group.change')}
          </a>
        </p>
      ) : null}
    </>
  );
}

function ItemPart(props: Summed & { item: AppliedItem; title: string; page: string }) {
  const { item, title, page } = props;
  // Each link to change one is told apart by what it is of.
  const rows = item.filter(isShown).map((each) => {
    const row = rowOf(each, page, props);
    const { change } = row;
    return change ? { ...row, change: { ...change, name: `${change.name} (${title})` } } : row;
  });
  return (
    <>
      <p>
        <strong>{title}</strong>
      </p>
      {rows.length > 0 ? <SummaryList rows={rows} /> : null}
    </>
  );
}
