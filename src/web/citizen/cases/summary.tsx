import {
  type SummedAnswer,
  type SummedGroup,
  type SummedStep,
  summaryOf,
} from '../../../domain/form/answers/summary.ts';
import type { Answers, AppliedQuestion, FormContext } from '../../../domain/form/applied.ts';
import type { Form } from '../../../domain/form/schema.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice, Say, SummaryList, type SummaryRow } from '../../../ui/parts.tsx';
import { addressOf, type Filling, resumeId } from './filling.ts';

interface Summed {
  form: Form;
  answers: Answers;
  context: FormContext;
  t: Translate;
  /** Returns the address where an answer is changed, by the id of its page; absent: nothing can be changed. */
  changeAt?: (page: string) => string;
  /** Whose hand gave each answer, in words, by the names of the questions. */
  hands?: ReadonlyMap<string, string>;
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

/** Tells that another system began a draft with what it knew; nothing where the applicant began it. */
export function Prepared({ filling: { visit, opened } }: { filling: Filling }) {
  if (!opened.case.openedBy.startsWith('token:')) return null;
  return (
    <Notice>
      <p>{visit.t('case.prepared')}</p>
    </Notice>
  );
}

/** All answers in words, by steps, each with a link to change it. */
export function Summary(props: Summed) {
  const { t } = props;
  const { steps, declarations } = summaryOf(props, t);
  return (
    <>
      {steps.map((each) => (
        <StepPart key={each.step.id} {...props} of={each} />
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
                <HandOf hands={props.hands} name={`declarations.${declaration.id}`} />
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

function StepPart(props: Summed & { of: SummedStep }) {
  const { step, title, answers, groups } = props.of;
  const id = `step-${step.id}`;
  return (
    <section class="stack" aria-labelledby={id}>
      <Heading level={props.headings} id={id}>
        {title}
      </Heading>
      {answers.length > 0 ? (
        <SummaryList rows={answers.map((each) => rowOf(each, pageOf(each.of), props))} />
      ) : null}
      {groups.map((each) => (
        <GroupPart key={each.of.name} {...props} group={each} />
      ))}
    </section>
  );
}

/** Returns the id of the page on which a question is asked. */
const pageOf = ({ step, question }: AppliedQuestion): string =>
  step.together && question.type !== 'group' ? step.id : `${step.id}/${question.id}`;

/** Whose hand gave an answer. */
export function HandOf(props: { hands: ReadonlyMap<string, string> | undefined; name: string }) {
  const words = props.hands?.get(props.name);
  return words ? <p class="hand soft small">{words}</p> : null;
}

function rowOf({ of, label, lines }: SummedAnswer, page: string, on: Summed): SummaryRow {
  const { t, changeAt } = on;
  const value = (
    <>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
      <HandOf hands={on.hands} name={of.name} />
    </>
  );
  if (!changeAt || of.question.type === 'computed') return { label, value };
  const text = t('citizen.change');
  return { label, value, change: { href: changeAt(page), text, name: `${text}: ${label}` } };
}

function GroupPart(props: Summed & { group: SummedGroup }) {
  const { group, t, changeAt } = props;
  const { of, label, items } = group;
  const page = pageOf(of);
  return (
    <>
      <Heading level={below(props.headings)}>{label}</Heading>
      <HandOf hands={props.hands} name={of.name} />
      {items.length === 0 ? <p>{t('form.answer.none')}</p> : null}
      {items.map((item, at) => (
        <ItemPart key={at} {...props} item={item} page={`${page}/${at + 1}`} />
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

function ItemPart(props: Summed & { item: SummedGroup['items'][number]; page: string }) {
  const { item, page } = props;
  const { title, answers } = item;
  // Each link to change one is told apart by what it is of.
  const rows = answers.map((each) => {
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
