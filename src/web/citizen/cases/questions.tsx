import { type ComponentChildren, Fragment } from 'preact';
import { shownAnswer } from '../../../domain/form/answers/shown.ts';
import type { AppliedQuestion } from '../../../domain/form/applied.ts';
import type { FormPage } from '../../../domain/form/pages.ts';
import type { PrefillName } from '../../../domain/form/prefills.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { type ProblemLink, Say } from '../../../ui/parts.tsx';
import { QuestionField } from './fields.tsx';
import { type Filling, isTogether, questionsOn, type Showing } from './filling.ts';
import { Frame, type Framed } from './frame.tsx';
import { itemKey, KEY_FIELD } from './item.ts';
import { filledIn } from './known.ts';
import { fieldName, mistakesTold, partOf, problemsOf } from './mistakes.ts';
import { FilesField } from './papers/field.tsx';
import { HandOf } from './summary.tsx';
import { digestOf, wasName } from './together/shown.ts';
import { itemTitle, Label, labelOf, stepTitle } from './words.tsx';

/** Shows a page with questions: one, those of a step that keeps them together, or those of one thing of a group. */
export function showQuestions(filling: Filling, page: FormPage, showing: Showing): Response {
  const { visit, form } = filling;
  const { t } = visit;
  const { answers, from } = filledIn(filling);
  const questions = questionsOn({ ...filling, answers }, page);
  const mistakes = mistakesTold(filling, page, showing);
  const news = mistakes.length === 0 ? showing.appeared : undefined;
  const [first] = questions;
  const isAlone = page.kind === 'question';
  const title = isAlone && first ? labelOf(first.question, t) : titleOf(filling, page);
  return Frame.show(filling, page, {
    ...showing,
    title,
    problems: [...wrongFiles(questions, showing), ...problemsOf(page, questions, mistakes, t)],
    files: filesOn(questions),
    lead: !isAlone || !isHeading(first) ? <h1>{title}</h1> : null,
    text: isFirstOfStep(filling, page) ? stepText(filling, page) : null,
    children: (
      <>
        {page.kind === 'item' ? (
          <input type="hidden" name={KEY_FIELD} value={itemKey(filling, page)} />
        ) : null}
        {questions.map((each) => (
          <Fragment key={each.name}>
            {each.name === news?.[0] ? <Appeared count={news.length} t={t} /> : null}
            <Shared filling={filling} of={each} from={from[each.name]}>
              <Asked
                on={each}
                filling={filling}
                t={t}
                wrong={showing.wrong?.get(fieldName(each.question))}
                isAlone={isAlone}
                source={sourceOf(from[each.name], t)}
                mistakes={mistakes
                  .filter(({ name }) => name === each.name)
                  .map((mistake) => ({ mistake, part: partOf(mistake, page) }))}
              />
              <HandOf hands={filling.hands} name={each.name} />
            </Shared>
          </Fragment>
        ))}
        {questions.length === 0 ? <p>{t('case.nothing')}</p> : null}
      </>
    ),
  });

  function isHeading(on: AppliedQuestion | undefined): boolean {
    return on !== undefined && on.question.type !== 'computed' && on.question.type !== 'group';
  }
  function stepText(of: Filling, { step }: FormPage) {
    const found = form.steps.find(({ id }) => id === step);
    return found?.text ? <Say of={found.text} t={of.visit.t} /> : null;
  }
}

/** A question that two people may answer: what is new of it takes its place, and it says what the page showed. */
function Shared(props: {
  filling: Filling;
  of: AppliedQuestion;
  from: PrefillName | undefined;
  children: ComponentChildren;
}) {
  const { filling, of, from, children } = props;
  const name = fieldName(of.question);
  if (!isTogether(filling)) return <>{children}</>;
  const was = filling.hands.has(of.name) ? digestOf(of.answer) : null;
  return (
    <div
      class="stack"
      data-question={name}
      data-filled={from?.startsWith('padro.') ? '' : undefined}
    >
      {was ? <input type="hidden" name={wasName(name)} value={was} /> : null}
      {children}
    </div>
  );
}

/** Tells that there is more to answer, before the first new question, where somebody goes on. */
const Appeared = ({ count, t }: { count: number; t: Translate }) => (
  <p class="note" id="more" tabIndex={-1} autofocus>
    {t('case.appeared', { count })}
  </p>
);

function titleOf({ form, visit: { t } }: Filling, page: FormPage): string {
  const step = form.steps.find(({ id }) => id === page.step);
  if (!step) return '';
  const [, id] = page.id.split('/');
  const question = step.questions.find((each) => each.id === id);
  if (page.kind === 'item' && question?.type === 'group')
    return itemTitle(question, page.item ?? 0, t);
  return stepTitle(step, form, t);
}

const isFirstOfStep = ({ pages }: Filling, page: FormPage): boolean =>
  pages.find(({ step }) => step === page.step)?.id === page.id;

/** Returns what is wrong with the files that were sent, for the top of the page. */
const wrongFiles = (questions: readonly AppliedQuestion[], { wrong }: Showing): ProblemLink[] =>
  questions.flatMap(({ question }) => {
    const text = wrong?.get(fieldName(question));
    return text ? [{ href: `#${fieldName(question)}`, text }] : [];
  });

/** Returns whether a page asks for files: beside other questions, alone, or not at all. */
function filesOn(questions: readonly AppliedQuestion[]): NonNullable<Framed['files']> {
  const isForFiles = ({ question }: AppliedQuestion) => question.type === 'file';
  if (!questions.some(isForFiles)) return 'none';
  return questions.every(isForFiles) ? 'alone' : 'beside';
}

/** Returns where an answer was filled in from, in a sentence. */
function sourceOf(from: PrefillName | undefined, t: Translate): string | undefined {
  if (!from) return undefined;
  if (from.startsWith('padro.')) return t('case.from.register');
  if (from.startsWith('contact.')) return t('case.from.contact');
  return t(from.startsWith('identity.') ? 'case.from.identity' : 'case.from.known');
}

function Asked(props: {
  on: AppliedQuestion;
  filling: Filling;
  t: Translate;
  /** What is wrong with the files that were sent for it. */
  wrong: string | undefined;
  isAlone: boolean;
  source: string | undefined;
  mistakes: Parameters<typeof QuestionField>[0]['mistakes'];
}) {
  const { on, t, filling, wrong, ...rest } = props;
  const { question, answer } = on;
  if (question.type === 'group') return null;
  if (question.type === 'file') {
    const said = props.mistakes.map(({ mistake: { key, values } }) => t(key, values));
    const error = [wrong, ...said].filter(Boolean).join(' ') || undefined;
    return (
      <FilesField
        filling={filling}
        on={on}
        question={question}
        isAlone={props.isAlone}
        error={error}
      />
    );
  }
  if (question.type === 'computed') return <Computed on={on} t={t} isAlone={props.isAlone} />;
  return <QuestionField question={question} answer={answer} t={t} {...rest} />;
}

/** A value that follows from answers. */
function Computed({ on, t, isAlone }: { on: AppliedQuestion; t: Translate; isAlone: boolean }) {
  const { question } = on;
  return (
    <div class="stack">
      {isAlone ? null : (
        <p>
          <strong>
            <Label of={question} t={t} />
          </strong>
        </p>
      )}
      <p class="result figures">{shownAnswer(on, t).join(' ')}</p>
      {question.help ? (
        <p class="hint">
          <Say of={question.help} t={t} />
        </p>
      ) : (
        <p class="hint">{t('case.computed')}</p>
      )}
    </div>
  );
}
