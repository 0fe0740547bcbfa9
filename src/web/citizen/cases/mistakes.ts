import { requiredParts } from '../../../domain/form/answers/address.ts';
import { type Answers, answerAt, groupOf } from '../../../domain/form/applied.ts';
import type { FormPage } from '../../../domain/form/pages.ts';
import type { GroupQuestion, Question } from '../../../domain/form/questions.ts';
import type { AnswerMistake } from '../../../domain/form/validate.ts';
import { isMissing } from '../../../domain/form/values.ts';
import { itemsOf } from '../../../features/service/cases/rules.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import type { ProblemLink } from '../../../ui/parts.tsx';
import { before } from '../../words/labels.ts';
import type { Filling, Showing } from './filling.ts';
import { labelOf } from './words.tsx';

/**
 * Returns the name of the fields of a question. Its end keeps it apart from the parts of another: `a` with a day has `q-a_-day`, and a
 * question `a-day` has `q-a-day_`.
 */
export const fieldName = ({ id }: { id: string }): string => `q-${id}_`;

/** A question on a page, with its name in mistakes. */
export interface OnPage {
  name: string;
  question: Question | GroupQuestion;
}

/** Returns the mistakes of what is on a page. */
export function mistakesOn(page: FormPage, mistakes: readonly AnswerMistake[]): AnswerMistake[] {
  if (page.kind === 'declarations')
    return mistakes.filter(({ path }) => path[0] === 'declarations');
  if (page.kind === 'group')
    return mistakes.filter(({ name }) => page.questions.some((each) => isWithin(name, each)));
  return mistakes.filter(
    ({ name, path }) =>
      page.questions.includes(name) && (page.item === undefined || path[2] === page.item),
  );
}

/**
 * Returns the mistakes of a page that are told: all of what was asked, when somebody wanted to go on; those in what they have answered before,
 * when they open it.
 */
export function mistakesTold(
  { answers, checked, opened }: Pick<Filling, 'answers' | 'checked' | 'opened'>,
  page: FormPage,
  { hasMistakes, isOpened, appeared = [] }: Showing,
): AnswerMistake[] {
  const all = mistakesOn(page, checked.mistakes);
  if (hasMistakes) return all.filter(({ name }) => !appeared.includes(name));
  if (!isOpened) return [];
  if (!page.questions.some((name) => !isMissing(answerOn(answers, page, name)))) return [];
  // All of a thing of a group is kept together.
  return page.kind === 'item' ? all : all.filter(({ name }) => name in opened.draft.hands);
}

function answerOn(answers: Answers, page: FormPage, name: string): unknown {
  const [step = '', question = '', inner = ''] = name.split('.');
  if (page.item === undefined) return answerAt(groupOf(answerAt(answers, step)), question);
  return answerAt(itemsOf(answers, `${step}.${question}`)[page.item]?.item ?? {}, inner);
}

const isWithin = (name: string, group: string): boolean =>
  name === group || name.startsWith(`${group}.`);

/** Returns the part of an answer that a mistake is about, such as the postal code; undefined: all of it. */
export function partOf({ path }: AnswerMistake, page: Pick<FormPage, 'item'>): string | undefined {
  const part = path[page.item === undefined ? 2 : 4];
  return typeof part === 'string' ? part : undefined;
}

/** Returns the mistakes of a page for the top of it. Where several questions are on it, each is named. */
export function problemsOf(
  page: FormPage,
  questions: readonly OnPage[],
  mistakes: readonly AnswerMistake[],
  t: Translate,
): ProblemLink[] {
  return mistakes.map((mistake) => {
    const on = questions.find(({ name }) => name === mistake.name);
    const said = t(mistake.key, mistake.values);
    if (!on) return { href: '#main', text: said };
    const text = questions.length > 1 ? `${before(labelOf(on.question, t))}${said}` : said;
    return { href: `#${fieldAt(on.question, partOf(mistake, page))}`, text };
  });
}

/** Returns the id of the field that a mistake leads to. */
function fieldAt(question: Question, part: string | undefined): string {
  const name = fieldName(question);
  if (question.type !== 'address') return name;
  return `${name}-${part ?? requiredParts(question)[0]}`;
}
