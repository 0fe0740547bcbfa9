import { dayOfLimit } from '../answers/days.ts';
import { boundsOf } from '../answers/things.ts';
import { type Answers, applyForm, type FormContext, groupOf } from '../applied.ts';
import { nextPage, pagesOf, resumePage } from '../pages.ts';
import type { Question, QuestionOf } from '../questions.ts';
import type { Form } from '../schema.ts';
import { validate } from '../validate.ts';
import type { Chance } from './random-form.ts';

/** More presses of "continue" than any form here needs; whoever needs more goes round in a circle. */
const MOST_PAGES = 400;

/**
 * Returns the answers of a random citizen who goes from page to page, answers what is on it, sometimes goes to another page, and ends at the
 * check, where nothing may be wrong. @throws Error when they do not get there
 */
export function fillIn(form: Form, context: FormContext, chance: Chance): Record<string, unknown> {
  const answers: Record<string, unknown> = {};
  let page = 'start';
  let changes = 3;
  for (let pressed = 0; pressed < MOST_PAGES; pressed++) {
    if (page === 'check') {
      const result = validate(form, answers, context);
      page = resumePage(form, answers, context, result).id;
      if (page === 'check') return answers;
    }
    answerPage(form, answers, context, chance, page);
    if (changes > 0 && chance.often(10)) {
      changes -= 1;
      // Anywhere: back to change an answer, or forward by an address that was kept.
      page = chance.one(pagesOf(form, answers, context)).id;
      if (['check', 'sign', 'pay'].includes(page)) page = 'start';
      continue;
    }
    const next = nextPage(form, answers, context, page);
    if (!next) throw new Error(`After ${page} there is nothing`);
    page = next.id;
  }
  throw new Error('The citizen never gets to the check');
}

function answerPage(
  form: Form,
  answers: Record<string, unknown>,
  context: FormContext,
  chance: Chance,
  id: string,
): void {
  const page = pagesOf(form, answers, context).find((each) => each.id === id);
  if (!page) return;
  if (page.kind === 'declarations') {
    const { declarations } = applyForm(form, answers, context);
    answers['declarations'] = Object.fromEntries(
      declarations.map(({ declaration }) => [declaration.id, true]),
    );
  }
  for (const name of page.questions) {
    const [stepId = '', questionId = '', inner] = name.split('.');
    const step = form.steps.find((each) => each.id === stepId);
    const question = step?.questions.find((each) => each.id === questionId);
    if (!question || question.type === 'computed') continue;
    const given = { ...groupOf(answers[stepId]) };
    if (inner !== undefined && question.type === 'group') {
      const items = [...(given[questionId] as Record<string, unknown>[])];
      const asked = question.questions.find((each) => each.id === inner);
      const item = page.item ?? 0;
      if (asked) items[item] = { ...items[item], [inner]: randomAnswer(asked, context, chance) };
      given[questionId] = items;
    } else given[questionId] = randomAnswer(question, context, chance);
    answers[stepId] = given;
  }
  fillItems(form, answers, context, chance, page.questions);
}

/** Answers what is asked in each item that was added to a group. */
function fillItems(
  form: Form,
  answers: Record<string, unknown>,
  context: FormContext,
  chance: Chance,
  names: readonly string[],
): void {
  for (const name of names) {
    const [stepId = '', questionId = ''] = name.split('.');
    const question = form.steps
      .find((each) => each.id === stepId)
      ?.questions.find((each) => each.id === questionId);
    if (question?.type !== 'group') continue;
    // What one answers may show another question, so it is done once for each question.
    for (const _ of question.questions)
      for (const each of pagesOf(form, answers, context))
        if (each.kind === 'item' && each.id.startsWith(`${stepId}/${questionId}/`))
          answerOpen(form, answers, context, chance, each.questions, each.item ?? 0);
  }
}

function answerOpen(
  form: Form,
  answers: Record<string, unknown>,
  context: FormContext,
  chance: Chance,
  names: readonly string[],
  item: number,
): void {
  for (const name of names) {
    const [stepId = '', questionId = '', inner = ''] = name.split('.');
    const given = { ...groupOf(answers[stepId]) };
    const items = [...((given[questionId] ?? []) as Record<string, unknown>[])];
    if (items[item]?.[inner] !== undefined) continue;
    const group = form.steps
      .find((each) => each.id === stepId)
      ?.questions.find((each) => each.id === questionId);
    const asked = group?.type === 'group' && group.questions.find((each) => each.id === inner);
    if (!asked || asked.type === 'computed') continue;
    items[item] = { ...items[item], [inner]: randomAnswer(asked, context, chance) };
    answers[stepId] = { ...given, [questionId]: items };
  }
}

/** Returns an answer that is right; undefined sometimes, where it need not be given. */
export function randomAnswer(question: Question, context: FormContext, chance: Chance): unknown {
  if (question.type === 'computed') return undefined;
  const isNeeded = question.required || (question.type === 'group' && question.min > 0);
  if (!isNeeded && chance.often(40)) return undefined;
  return MAKERS[question.type](question as never, chance, context);
}

type Makers = {
  [T in Exclude<Question['type'], 'computed'>]: (
    question: QuestionOf<T>,
    chance: Chance,
    context: FormContext,
  ) => unknown;
};

const digits = ({ below }: Chance, count: number): string =>
  Array.from({ length: count }, () => below(10)).join('');

const numberBetween = (chance: Chance, min: number, max: number, decimals: number): number => {
  const scale = 10 ** decimals;
  const whole = Math.round(min * scale) + chance.below(Math.min(1e6, (max - min) * scale + 1));
  return Number((whole / scale).toFixed(decimals));
};

/** The control digit of a Spanish account: the weights are the powers of two modulo 11. */
function controlOf(ten: string): number {
  const sum = [...ten].reduce((total, digit, at) => total + Number(digit) * (2 ** at % 11), 0);
  const rest = 11 - (sum % 11);
  return rest === 10 ? 1 : rest % 11;
}

const MAKERS: Makers = {
  text: ({ min = 1, max = 20, multiline }, { below, one }) => {
    const letters = Array.from({ length: min + below(max - min + 1) }, () =>
      one([...'aàçñ·’eiotk']),
    ).join('');
    return multiline && letters.length > 3 ? `${letters.slice(0, -2)}\n${letters.at(-1)}` : letters;
  },
  integer: ({ min = 0, max = min + 1000 }, chance) => numberBetween(chance, min, max, 0),
  decimal: ({ min = 0, max = min + 900, decimals }, chance) =>
    numberBetween(chance, min, max, decimals),
  money: ({ min = 0, max = min + 900 }, chance) => numberBetween(chance, min, max, 2).toFixed(2),
  date: ({ min, max }, { below }, { today }) => {
    const first = (min && dayOfLimit(min, today)) || today.subtract({ years: 40 });
    const last = (max && dayOfLimit(max, today)) || today.add({ years: 2 });
    return first.add({ days: below(first.until(last).days + 1) }).toString();
  },
  choice: ({ options }, { one }) => one(options).id,
  choices: ({ options }, { often, one }) => {
    const some = options.filter(() => often(50)).map(({ id }) => id);
    return some.length > 0 ? some : [one(options).id];
  },
  yesno: (_, { often }) => often(50),
  nif: (_, chance) => {
    const number = digits(chance, 8);
    return `${number}${'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number) % 23]}`;
  },
  iban: (_, chance) => {
    const [bank, number] = [digits(chance, 8), digits(chance, 10)];
    const account = `${bank}${controlOf(`00${bank}`)}${controlOf(number)}${number}`;
    // E is 14 and S is 28, with two zeros for the check digits: ISO 7064, MOD 97-10.
    const check = 98n - (BigInt(`${account}142800`) % 97n);
    return `ES${String(check).padStart(2, '0')} ${account}`;
  },
  address: ({ within }, { often }) => ({
    street: 'Carrer Major',
    number: '3 bis',
    ...(often(50) && { floor: '2', door: '1a' }),
    postalCode: '08191',
    ...(within === 'anywhere' && { town: 'Rubí' }),
  }),
  phone: (_, chance) => `6${digits(chance, 8)}`,
  email: (_, chance) => `Nom${digits(chance, 3)}@Exemple.cat`,
  file: ({ most, accept }, { below, one }) =>
    Array.from({ length: 1 + below(most) }, (_, index) => {
      const kind = one(accept);
      return {
        document: `d${index}`,
        name: `paper ${index}.${kind}`,
        kind,
        bytes: 1 + below(1_000_000),
        sha256: String(index).padStart(64, '0'),
      };
    }),
  place: (question, { below }) => {
    const [left, top, right, bottom] = boundsOf(question);
    const at = (x: number, y: number) => [
      left + ((right - left) * x) / 100,
      top + ((bottom - top) * y) / 100,
    ];
    const [x, y] = [below(90), below(90)];
    if (question.shape === 'point') return { type: 'Point', coordinates: at(x, y) };
    if (question.shape === 'line')
      return { type: 'LineString', coordinates: [at(x, y), at(x + 5, y + 1)] };
    const ring = [at(x, y), at(x + 9, y), at(x + 9, y + 9), at(x, y)];
    return { type: 'Polygon', coordinates: [ring] };
  },
  group: ({ min, most, required }, { below }) => {
    const fewest = Math.max(min, required ? 1 : 0);
    return Array.from({ length: fewest + below(most - fewest + 1) }, () => ({}));
  },
};

const JUNK: readonly unknown[] = [
  null,
  '',
  '   ',
  -1,
  1e300,
  0.1 + 0.2,
  Number.NaN,
  'x'.repeat(9000),
  '\u0000',
  [],
  [[[]]],
  {},
  { type: 'Point', coordinates: ['x'] },
  [{ document: 1 }],
  true,
  '2026-02-30',
  ['a', 'a', 'z'],
  { street: 3 },
  Array.from({ length: 500 }, () => ({})),
];

/** Returns answers of any kind, as a broken program or somebody with bad intentions sends them. */
export function junkAnswers(form: Form, context: FormContext, chance: Chance): Answers {
  const steps = form.steps.map((step) => {
    if (chance.often(10)) return [step.id, chance.one(JUNK)];
    const given = step.questions.map((each) => [
      each.id,
      chance.often(50) ? chance.one(JUNK) : randomAnswer(each, context, chance),
    ]);
    return [step.id, Object.fromEntries([...given, ['unknown', 1]])];
  });
  return Object.fromEntries([...steps, ['declarations', chance.one(JUNK)], ['other', {}]]);
}
