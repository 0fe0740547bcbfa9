import { z } from 'zod';
import { LEVELS } from '../identity.ts';
import { code, language, line, listOf, matching, texts, whole, yesNo } from '../office/fields.ts';
import { question, rule } from './questions.ts';
import { states } from './states.ts';

const step = z.strictObject({
  id: code.describe('its name in rules and answers'),
  title: texts(120, 'the title of the step').exactOptional(),
  text: texts(2000, 'what to know before its questions').exactOptional(),
  when: rule('the step applies only when this rule holds').exactOptional(),
  together: yesNo('whether its questions are on one page; otherwise each has its own').default(
    false,
  ),
  questions: listOf(question, 'questions', 1).max(100, {
    error: 'must list at most 100 questions',
  }),
});

const need = z.strictObject({
  name: texts(200, 'what to have at hand'),
  note: texts(500, 'what to look out for').exactOptional(),
});

const declaration = z.strictObject({
  id: code.describe('its name in the answers: declarations.veritat'),
  text: texts(2000, 'what is declared, in the first person').exactOptional(),
  required: yesNo('whether the form is not complete without it').default(true),
  when: rule('asked for only when this rule holds').exactOptional(),
});

const retention = z
  .strictObject({
    draftDays: whole(1, 365, 'days that a form which was begun is kept').default(30),
    closedYears: whole(1, 100, 'years that a closed case is kept').default(5),
    permanent: yesNo('whether a closed case is kept for good, instead').exactOptional(),
    schedule: line(120, 'the table of the archive that says so').exactOptional(),
  })
  .describe('how long it is kept');

const cosigners = z
  .strictObject({
    of: matching(
      /^[^.\s]+\.[^.\s]+$/,
      'a step and a group in it, such as socis.qui',
      'the group whose items are the people who must sign, too',
    ),
    name: code.describe('its question for their name'),
    nif: code.describe('its question for their DNI or NIE'),
    email: code
      .describe('its question for the e-mail address to which their link is sent')
      .exactOptional(),
    state: code.describe('the state of the case until everybody has signed'),
  })
  .describe('who else must sign what is handed in');

const decision = z
  .strictObject({
    workingDays: whole(1, 400, 'working days within which it is decided').exactOptional(),
    months: whole(1, 24, 'months within which it is decided').exactOptional(),
    silence: z
      .enum(['granted', 'refused'])
      .describe('what silence means: granted or refused (Ley 39/2015, art. 24)'),
    templates: z
      .strictObject({
        granted: texts(10_000, 'the text of a decision that grants it').exactOptional(),
        refused: texts(10_000, 'the text of a decision that refuses it').exactOptional(),
      })
      .describe('the texts with which the office begins to write a decision, with {blanks}')
      .exactOptional(),
    appeal: texts(
      4000,
      'which appeal there is, before whom, within which time (Ley 39/2015, art. 88.3)',
    ).exactOptional(),
  })
  .refine(({ workingDays, months }) => (workingDays === undefined) !== (months === undefined), {
    error: 'must have one of workingDays and months',
  })
  .describe('when it is decided, and what it means that nobody did');

const atOnce = z
  .strictObject({
    issues: z
      .enum(['residence'])
      .describe('what is issued: a residence certificate, from the list of residents'),
    when: rule('issued only when this rule holds; otherwise an official decides').exactOptional(),
    household: rule('when this rule holds, it has everybody in the dwelling').exactOptional(),
    language: rule('its language, as a choice of language codes').exactOptional(),
  })
  .describe('what is issued as soon as it is handed in, without an official');

/**
 * The file of a form: the only source of its parsing, its types and its JSON Schema. Rules that involve more than one field (names in
 * conditions, types, cycles, missing texts) are in src/formats/form/analysis.
 */
export const formSchema = z
  .strictObject({
    procedure: code.describe('the code of the procedure, which is also the name of the file'),
    title: texts(120, 'the name of the form').exactOptional(),
    summary: texts(500, 'one or two sentences on what it is for').exactOptional(),
    languages: listOf(language, 'languages', 1)
      .describe('the languages that its texts must have; by default those of the town')
      .exactOptional(),
    identity: z
      .enum(LEVELS)
      .describe('the assurance level that it needs (Regulation (EU) 910/2014, art. 8)')
      .default('none'),
    onBehalf: yesNo('whether a representative may apply').default(false),
    minutes: whole(1, 240, 'the minutes that it takes').exactOptional(),
    needs: listOf(need, 'things').describe('what to have at hand').default([]),
    steps: listOf(step, 'steps', 1).max(60, { error: 'must list at most 60 steps' }),
    declarations: listOf(declaration, 'declarations').default([]),
    fee: rule('the fee in euros; without it, none').exactOptional(),
    sign: z
      .enum(['none', 'session', 'valid', 'autofirma'])
      .describe('how it is signed: not, by the identified session, by VÀLid, by AutoFirma')
      .default('none'),
    cosigners: cosigners.exactOptional(),
    registry: yesNo('whether it gets an entry in the registry').default(true),
    states,
    atOnce: atOnce.exactOptional(),
    decision: decision.exactOptional(),
    retention: retention.prefault({}),
  })
  .describe(
    'A form of Finestreta: what a procedure asks, in which order, and what follows from it',
  );

/** A form with its defaults filled in. */
export type Form = z.output<typeof formSchema>;
export type Step = Form['steps'][number];
export type FormDeclaration = Form['declarations'][number];

/** Names that no step may have: rules and answers use them, and pages have their address. */
export const RESERVED_STEPS = [
  'item',
  'applicant',
  'declarations',
  'start',
  'decision',
  'check',
  'sign',
  'stream',
  'signature',
  'pay',
  'done',
  'reply',
  'delete',
  'receipt',
  'download',
  'show',
  'withdraw',
  'messages',
] as const;
