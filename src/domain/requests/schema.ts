import { z } from 'zod';
import { code, language, line, listOf, texts, whole, yesNo } from '../office/fields.ts';
import { REQUEST_KINDS } from './kinds.ts';

/** The most types of request that an office may declare. */
export const MOST_REQUEST_TYPES = 500;

/** How a question of a type is answered. */
export const QUESTION_TYPES = ['text', 'choice', 'choices', 'number', 'date'] as const;

const option = z.strictObject({
  id: code.describe('its name in answers'),
  label: texts(200, 'the words of the option'),
});

/** A question that a type asks besides what happened and where (Open311: an attribute). */
const question = z.strictObject({
  id: code.describe('its name in answers'),
  type: z.enum(QUESTION_TYPES).describe('how it is answered'),
  label: texts(200, 'the question'),
  help: texts(500, 'what helps to answer it').exactOptional(),
  required: yesNo('whether the request is not complete without it').default(false),
  options: listOf(option, 'options')
    .describe('what can be chosen, where type is choice or choices')
    .exactOptional(),
});

const requestType = z.strictObject({
  kind: z.enum(REQUEST_KINDS).describe('what it is: a complaint, a suggestion and so on'),
  name: texts(120, 'the name that people choose it by'),
  group: texts(80, 'the heading under which it is listed').exactOptional(),
  help: texts(500, 'one or two sentences on what it is for').exactOptional(),
  keywords: z
    .partialRecord(language, listOf(line(60, 'a word people search for'), 'words'))
    .describe('words that people search for, per language')
    .default({}),
  place: z
    .enum(['required', 'optional', 'none'])
    .describe('whether it is asked where it is')
    .default('optional'),
  photos: whole(0, 10, 'the most photos; 0: none').default(3),
  anonymous: yesNo('whether it can be sent without saying how to answer').default(false),
  public: yesNo(
    'whether its type, place, state and days may be on the public map and list; words and photos only when an official passes them',
  ).default(false),
  days: whole(1, 365, 'working days to answer; left out: no term').exactOptional(),
  team: code
    .describe('the team that it comes to; left out: whoever coordinates gives it to one')
    .exactOptional(),
  byArea: z
    .record(code, code, { error: 'must say the team of each area, such as centre: brigada' })
    .describe('the team by the area in which it is; in no area of these: team')
    .default({}),
  questions: listOf(question, 'questions')
    .max(20, { error: 'must list at most 20 questions' })
    .default([]),
});

/** Words with a code, such as a reason. */
const reason = z.strictObject({ name: texts(200, 'the reason, as the person reads it') });

const template = z.strictObject({
  name: texts(120, 'what staff call it'),
  text: texts(
    2000,
    'the answer; {reference}, {name} and {type} are filled in, blank lines part paragraphs',
  ),
});

/** The blanks that the text of an answer may have. */
export const ANSWER_BLANKS = ['reference', 'name', 'type'] as const;

/** What an office says of the complaints, suggestions, incidents, questions and thanks that it receives. */
export const requests = z
  .strictObject({
    reopenDays: whole(0, 365, 'days after it was closed in which the person may reopen it').default(
      30,
    ),
    keepDays: whole(
      1,
      3650,
      'days after the last close; then nothing is kept that says who wrote, or what',
    ).default(90),
    similar: z
      .strictObject({
        metres: whole(5, 2000, 'how near another one of the type is similar').default(60),
        days: whole(1, 365, 'how many days back').default(60),
      })
      .describe('which open requests are shown before a new one is made')
      .prefault({}),
    reasons: z
      .record(code, reason, { error: 'must be a list of reasons, each under its code' })
      .describe('why a request is refused or sent back')
      .default({}),
    templates: z
      .record(code, template, { error: 'must be a list of templates, each under its code' })
      .describe('answers that staff begin with')
      .default({}),
    types: z.record(code, requestType, {
      error: 'must be a list of types of request, each under its code',
    }),
  })
  .describe('complaints, suggestions, incidents, questions and thanks');

export type WrittenRequests = z.output<typeof requests>;
type Coded<T> = T & { code: string };

/** A type of request with its code. */
export type RequestType = Coded<z.output<typeof requestType>>;
export type RequestQuestion = z.output<typeof question>;
/** Why a request is refused, or sent back to whoever coordinates. */
export type RequestReason = Coded<z.output<typeof reason>>;
/** An answer that staff begin with. */
export type RequestTemplate = Coded<z.output<typeof template>>;

/** The same with lists in the file's order (a map kept as jsonb would lose it). */
export interface RequestSettings extends Omit<WrittenRequests, 'reasons' | 'templates' | 'types'> {
  reasons: RequestReason[];
  templates: RequestTemplate[];
  types: RequestType[];
}
