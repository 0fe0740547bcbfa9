import { z } from 'zod';
import type { GivenLevel } from '../identity.ts';
import { code, day, email, line, listOf, texts, yesNo } from './fields.ts';

/** The blanks in the text of an act; each is filled in when the act is prepared. */
export const BLANKS = ['citizen', 'procedure', 'date', 'official', 'details'] as const;

/** The levels of an identity that may consent to an act: a low one never does. */
export const ACT_LEVELS = ['substantial', 'high'] as const satisfies readonly GivenLevel[];

/** An act that an official may carry out for a citizen without electronic means, in the words that the citizen consents to. */
export const act = z.strictObject({
  name: texts(120, 'what the act is called'),
  text: texts(
    4000,
    'what the citizen consents to, as they read it; blank lines part paragraphs; {citizen}, {procedure}, {date}, {official} and {details} are filled in',
  ),
  procedures: listOf(code, 'codes of procedures', 1)
    .describe('the procedures that it is for; by default all of them')
    .exactOptional(),
  level: z
    .enum(ACT_LEVELS, {
      error: 'must be substantial or high: at a low level somebody may pass for the citizen',
    })
    .describe(
      'the assurance level of an identity by which a citizen may consent instead of by a code',
    )
    .default('substantial'),
  handsIn: yesNo(
    'whether it hands in a form that an official has filled in for the citizen; {details} is then what is handed in',
  ).default(false),
});

/** One entry of the register of habilitated officials (Ley 39/2015, art. 12.3). */
export const habilitation = z.strictObject({
  email: email.describe("the address of the official's account"),
  name: line(120, 'the name of the official, as in the decision'),
  post: line(120, 'the post that the official holds'),
  order: line(200, 'the decision by which they were habilitated'),
  since: day.describe('the first day'),
  until: day.describe('the last day; left out: until further notice').exactOptional(),
});
