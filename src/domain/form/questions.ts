import { z } from 'zod';
import { code, listOf, matching, secureUrl, texts, whole, yesNo } from '../office/fields.ts';
import { PREFILLS } from './prefills.ts';

/** A day, or one counted from the day on which the form is filled in: `today`, `today+10d`, `today-18y`. */
const LIMIT_OF_DAY = /^(?:\d{4}-\d{2}-\d{2}|today(?:[+-]\d{1,4}[dmy])?)$/;

/** The endings of files that a question may accept. They are those that the documents of an appointment have. */
export const FILE_KINDS = [
  'pdf',
  'jpg',
  'png',
  'heic',
  'webp',
  'docx',
  'xlsx',
  'pptx',
  'odt',
  'ods',
  'odp',
  'txt',
] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** The most digits after the point that a decimal number may have. */
export const MOST_DECIMALS = 6;
/** The largest number, in both directions, that is exact with six decimals in JSON. */
export const LARGEST = 1_000_000_000;

/** The schema of a rule in JsonLogic, which src/formats/form/analysis checks. Its form for editors is `#/definitions/rule`. */
export const rule = (description: string) =>
  z
    .unknown()
    .refine((each) => each !== undefined)
    .describe(description)
    .meta({ rule: true });

const number = (description: string) =>
  z
    .number({ error: 'must be a number' })
    .min(-LARGEST, { error: 'must not be below -1000000000' })
    .max(LARGEST, { error: 'must not be above 1000000000' })
    .refine((each) => Number(each.toFixed(MOST_DECIMALS)) === each, {
      error: `must have at most ${MOST_DECIMALS} decimals`,
    })
    .describe(description);

const euros = (description: string) =>
  number(description).refine((each) => Number(each.toFixed(2)) === each, {
    error: 'must have at most two decimals: euros and cents',
  });

const dayLimit = (description: string) =>
  matching(
    LIMIT_OF_DAY,
    'a day such as 2026-12-24, or one counted from today, such as today, today+10d, today-18y',
    description,
  );

/** What every question says of itself. */
const common = {
  id: code.describe('its name in rules and answers, after that of its step: local.rotul'),
  label: texts(200, 'the question').exactOptional(),
  help: texts(1000, 'what helps to answer it').exactOptional(),
  required: yesNo('whether the form is not complete without it').default(false),
  when: rule('asked only when this rule holds').exactOptional(),
  from: z
    .enum(PREFILLS, { error: `must be one of: ${PREFILLS.join(', ')}` })
    .describe('what fills it in, where it is known; the person can see it and change it')
    .exactOptional(),
};

const option = z.strictObject({
  id: code.describe('its name in rules and answers'),
  label: texts(200, 'the words of the option').exactOptional(),
  help: texts(300, 'what it means').exactOptional(),
});
const options = listOf(option, 'options', 2).max(300, {
  error: 'must list at most 300 options',
});

const text = z.strictObject({
  type: z.literal('text').describe('a text'),
  ...common,
  multiline: yesNo('whether it may have several lines').default(false),
  min: whole(1, 20_000, 'the fewest characters').exactOptional(),
  max: whole(
    1,
    20_000,
    'the most characters; by default 200, with several lines 4000',
  ).exactOptional(),
});

const integer = z.strictObject({
  type: z.literal('integer').describe('a whole number'),
  ...common,
  min: whole(-LARGEST, LARGEST, 'the least').exactOptional(),
  max: whole(-LARGEST, LARGEST, 'the most').exactOptional(),
  unit: texts(40, 'what is counted, after the number').exactOptional(),
});

const decimal = z.strictObject({
  type: z.literal('decimal').describe('a number with decimals'),
  ...common,
  min: number('the least').exactOptional(),
  max: number('the most').exactOptional(),
  decimals: whole(1, MOST_DECIMALS, 'the most digits after the point').default(2),
  unit: texts(40, 'what is measured, after the number').exactOptional(),
});

const money = z.strictObject({
  type: z.literal('money').describe('an amount in euros and cents'),
  ...common,
  min: euros('the least').exactOptional(),
  max: euros('the most').exactOptional(),
});

const date = z.strictObject({
  type: z.literal('date').describe('a day'),
  ...common,
  min: dayLimit('the first day that may be given').exactOptional(),
  max: dayLimit('the last day that may be given').exactOptional(),
});

const choice = z.strictObject({
  type: z.literal('choice').describe('one of some options'),
  ...common,
  options,
});

const choices = z.strictObject({
  type: z.literal('choices').describe('any of some options'),
  ...common,
  options,
  min: whole(1, 300, 'the fewest that are chosen, where any is').exactOptional(),
  most: whole(1, 300, 'the most that are chosen').exactOptional(),
});

const yesno = z.strictObject({ type: z.literal('yesno').describe('yes or no'), ...common });

const nif = z.strictObject({
  type: z.literal('nif').describe('a DNI, a NIE or the NIF of an organisation'),
  ...common,
  accept: listOf(z.enum(['dni', 'nie', 'company']), 'kinds', 1)
    .describe('which kinds: dni, nie, company')
    .default(['dni', 'nie']),
});

const iban = z.strictObject({
  type: z.literal('iban').describe('a bank account, ISO 13616'),
  ...common,
});

const address = z.strictObject({
  type: z.literal('address').describe('a postal address'),
  ...common,
  within: z
    .enum(['town', 'anywhere'])
    .describe('town: in a street of this town; anywhere: any address')
    .default('anywhere'),
});

const phone = z.strictObject({
  type: z.literal('phone').describe('a telephone number'),
  ...common,
});

const email = z.strictObject({ type: z.literal('email').describe('an e-mail address'), ...common });

const file = z.strictObject({
  type: z.literal('file').describe('files'),
  ...common,
  accept: listOf(z.enum(FILE_KINDS), 'kinds of files', 1)
    .describe('the kinds of files')
    .default(['pdf', 'jpg', 'png']),
  most: whole(1, 50, 'the most files').default(1),
  megabytes: whole(1, 200, 'the megabytes that each may have').default(10),
});

const picture = z.strictObject({
  url: secureUrl.describe('where the picture is'),
  width: whole(1, 100_000, 'its width, in the units of the answer, such as pixels or centimetres'),
  height: whole(1, 100_000, 'its height, in the same units'),
  alt: texts(300, 'what the picture shows, for those who cannot see it').exactOptional(),
});

const place = z.strictObject({
  type: z.literal('place').describe('a point, a line or an area on a map or a picture'),
  ...common,
  shape: z.enum(['point', 'line', 'area']).describe('what is drawn').default('point'),
  picture: picture
    .describe('a plain picture to draw on, counted from its top left; without it, the map')
    .exactOptional(),
});

const computed = z.strictObject({
  type: z.literal('computed').describe('a value that follows from answers; it is shown, not asked'),
  id: common.id,
  label: common.label,
  help: common.help,
  when: common.when,
  value: rule('the rule that gives the value'),
  gives: z
    .enum(['integer', 'decimal', 'money', 'text', 'date', 'yesno'])
    .describe('what it is; numbers are rounded to it'),
  decimals: whole(1, MOST_DECIMALS, 'the digits after the point of a decimal').default(2),
});

const simple = [
  text,
  integer,
  decimal,
  money,
  date,
  choice,
  choices,
  yesno,
  nif,
  iban,
  address,
  phone,
  email,
  file,
  place,
  computed,
] as const;

/** A question in a group: any but a group. */
const groupQuestion = z.discriminatedUnion('type', [...simple]);

const group = z.strictObject({
  type: z.literal('group').describe('questions that are answered once for each of several things'),
  ...common,
  item: texts(80, 'what one of them is called, such as person').exactOptional(),
  min: whole(0, 200, 'the fewest').default(0),
  most: whole(1, 200, 'the most').default(20),
  questions: listOf(groupQuestion, 'questions', 1).max(30, {
    error: 'must list at most 30 questions',
  }),
});

/** A question of a step. */
export const question = z.discriminatedUnion('type', [...simple, group]);

export type Question = z.output<typeof question>;
export type QuestionType = Question['type'];
export type QuestionOf<T extends QuestionType> = Extract<Question, { type: T }>;
export type GroupQuestion = z.output<typeof groupQuestion>;
/** A question that somebody answers. */
export type Asked = Exclude<Question, { type: 'computed' }>;

/** The types of questions, in the order of the documentation. */
export const QUESTION_TYPES: readonly QuestionType[] = [
  ...simple.map((each) => each.shape.type.value),
  'group',
];
