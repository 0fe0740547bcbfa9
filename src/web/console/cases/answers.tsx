import type { ComponentChildren } from 'preact';
import { shownAnswer } from '../../../domain/form/answers/shown.ts';
import type { FileAnswer } from '../../../domain/form/answers/things.ts';
import {
  type AppliedItem,
  type AppliedQuestion,
  type AppliedStep,
  applyForm,
} from '../../../domain/form/applied.ts';
import type { Form } from '../../../domain/form/schema.ts';
import { contextOf } from '../../../features/service/cases/rules.ts';
import type { Draft, OpenedCase } from '../../../features/service/cases/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Say } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import { PaperLinks, type PapersAt } from './papers/links.tsx';
import { actorIn, isForeign, type Names } from './words.ts';

interface Answered extends PapersAt {
  form: Form;
  names: Names;
  /** Whose hands gave the answers. */
  hands: Draft['hands'];
}

/** The answers as they were given, in the form's words. Where another hand than the applicant's typed one, the page names it. */
export function Answers(of: Omit<Answered, 'papers' | 'hands'> & { opened: OpenedCase }) {
  const { visit, opened, form } = of;
  const props = { ...of, papers: opened.papers, hands: opened.draft.hands };
  const { t, office, now } = visit;
  const at = opened.case.handedInAt ?? now;
  const context = contextOf(office, at, t.language);
  const { steps, declarations } = applyForm(form, opened.draft.answers, context);
  return (
    <section class="stack" aria-labelledby="answers">
      <h2 id="answers">{t('caseDesk.answers')}</h2>
      {steps.map((each) => (
        <StepPart key={each.step.id} {...props} of={each} />
      ))}
      {declarations.length > 0 ? (
        <>
          <h3>{t('caseDesk.declarations')}</h3>
          <ul>
            {declarations.map(({ declaration, answer }) => (
              <li key={declaration.id}>
                {declaration.text ? <Say of={declaration.text} t={t} /> : declaration.id}{' '}
                <strong>{t(answer === true ? 'caseDesk.declared' : 'caseDesk.notDeclared')}</strong>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}

/** The answers of one step. */
export function StepPart(props: Answered & { of: AppliedStep }) {
  const { visit, of, form } = props;
  const { t } = visit;
  const title = textIn(of.step.title, t.language) || textIn(form.title, t.language) || of.step.id;
  return (
    <>
      <h3>{title}</h3>
      <dl class="summary">
        {of.questions.map((each) => (
          <div key={each.name}>
            <dt>
              <LabelOf of={each} t={t} />
            </dt>
            <dd class="said">
              <Lines {...props} of={each} />
              <HandOf {...props} name={each.name} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

type T = DeskVisit['t'];
type Labelled = Pick<AppliedQuestion, 'question'>;

/** Returns the words of a question, in the reader's language where there are any. */
export function LabelOf({ of, t }: { of: Labelled; t: T }) {
  const { label, id } = of.question;
  return label ? <Say of={label} t={t} /> : id;
}

function Lines(props: Answered & { of: AppliedQuestion }): ComponentChildren {
  const { of, visit } = props;
  const { t } = visit;
  if (isForFiles(of)) return <PaperLinks {...props} files={of.answer} />;
  if (of.items.length === 0) return <Plain lines={shownAnswer(of, t)} />;
  return (
    <ol>
      {of.items.map((item, nth) => (
        <li key={nth}>
          <Item {...props} item={item} />
        </li>
      ))}
    </ol>
  );
}

/** Whether a question is answered with files. */
const isForFiles = (
  of: Pick<AppliedQuestion, 'question' | 'answer'>,
): of is AppliedQuestion & { answer: FileAnswer[] } =>
  of.question.type === 'file' && Array.isArray(of.answer) && of.answer.length > 0;

function Item(props: Answered & { item: AppliedItem }) {
  const { item, visit } = props;
  const { t } = visit;
  return (
    <ul class="plain">
      {item.map((each) => (
        <li key={each.name}>
          <span class="soft">
            <LabelOf of={each as unknown as Labelled} t={t} />:
          </span>{' '}
          <ItemAnswer {...props} of={each as unknown as AppliedQuestion} />
        </li>
      ))}
    </ul>
  );
}

/** The answer to a question of one thing of a group. */
const ItemAnswer = (props: Answered & { of: AppliedQuestion }) =>
  isForFiles(props.of) ? (
    <PaperLinks {...props} files={props.of.answer} />
  ) : (
    shownAnswer(props.of, props.visit.t).join(', ')
  );

const Plain = ({ lines }: { lines: readonly string[] }) => (
  <>
    {lines.map((line, nth) => (
      <span key={nth} class="line">
        {line}
      </span>
    ))}
  </>
);

/** Who typed an answer, where it was not the applicant. */
function HandOf({ visit, hands, names, name }: Answered & { name: string }) {
  const hand = hands[name];
  if (!hand || !isForeign(hand.by)) return null;
  return (
    <span class="line soft small">
      {visit.t('caseDesk.hand', { name: actorIn(visit, names, hand.by) })}
    </span>
  );
}
