import { z } from 'zod';
import { SEGMENT } from '../../lib/gsm.ts';
import { byChannel, CHANNELS, type Channel, isCalled, TRAITS } from '../channel.ts';
import { texts } from './fields.ts';

/** The notices that an office may put in words of its own. */
export const WORDED_KINDS = [
  'confirmation',
  'reminder',
  'soon',
  'late',
  'change',
  'cancellation',
  'displaced',
  'noshow',
  'number',
  'link',
  'waiting',
  'offer',
  'survey',
  'again',
  'result',
] as const;
export type WordedKind = (typeof WORDED_KINDS)[number];

/** Those that stay in ours: what goes with a one-time code is not to be got wrong, and nothing may bring a link beside it. */
export const KEPT_KINDS = ['code', 'contact'] as const;

/**
 * In which case a notice says what: by channel; a cancellation by who cancelled; to who can't be attended, whether another time is kept
 * for them or they are free to choose.
 */
export type Case = Channel | 'byCitizen' | 'byOffice' | 'kept' | 'free';

const CASES: Partial<Record<WordedKind, readonly Case[]>> = {
  cancellation: ['byCitizen', 'byOffice'],
  displaced: ['kept', 'free'],
  number: CHANNELS.filter(isCalled),
};

/** The cases that a kind of notice tells apart. */
export const casesOf = (kind: WordedKind): readonly Case[] => CASES[kind] ?? CHANNELS;

/** A part of a notice's words: `subject`, `note`, a case of a mail, or one of an SMS. */
export type Part = readonly ['subject' | 'note' | Case] | readonly ['sms', Case];

export type Blank = 'day' | 'time' | 'reference' | 'minutes' | 'untilday' | 'until';

/** What may stand between braces in a part of a notice's words, filled in when it is sent. */
export function blanksOf(kind: WordedKind, part: Part): readonly Blank[] {
  const where = part.at(-1);
  if (kind === 'waiting') return [];
  if (kind === 'offer') return ['day', 'time', 'untilday', 'until'];
  if (kind === 'late') return ['day', 'time', 'reference', 'minutes'];
  const isKept = where === 'kept';
  return ['day', 'time', 'reference', ...(isKept ? (['untilday', 'until'] as const) : [])];
}

/** When it is that an SMS of these must say, which has no room to show it besides. */
const TOLD_BY_SMS: Partial<Record<WordedKind, readonly Blank[]>> = {
  confirmation: ['day', 'time'],
  reminder: ['day', 'time'],
  soon: ['time'],
  late: ['time'],
  change: ['day', 'time'],
  cancellation: ['day', 'time'],
  displaced: ['day', 'time'],
  offer: ['day', 'time', 'untilday', 'until'],
};

/** What must stand in a part, since nothing else of the notice tells it. */
export function neededIn(kind: WordedKind, part: Part): readonly Blank[] {
  const [first] = part;
  if (first === 'sms') return TOLD_BY_SMS[kind] ?? [];
  if (first === 'subject' || first === 'note') return [];
  if (kind === 'late') return ['time'];
  return kind === 'offer' || first === 'kept' ? ['untilday', 'until'] : [];
}

export const WHEN: Record<Case, string> = {
  ...byChannel((channel) => `where the appointment is ${TRAITS[channel].described}`),
  byCitizen: 'where they have cancelled themselves',
  byOffice: 'where the office has cancelled',
  kept: 'where another time is kept for them',
  free: 'where no other time is kept for them',
};

const said = (medium: string) => {
  const one = (where: Case) =>
    texts(600, `what the ${medium} says first, ${WHEN[where]}`).exactOptional();
  return {
    ...byChannel(one),
    ...{ byCitizen: one('byCitizen'), byOffice: one('byOffice') },
    ...{ kept: one('kept'), free: one('free') },
  };
};

const words = z.strictObject({
  subject: texts(120, "the mail's subject").exactOptional(),
  ...said('mail'),
  note: texts(600, 'what the mail says besides').exactOptional(),
  sms: z
    .strictObject(said('SMS'))
    .describe(`what an SMS says before its link, in ${SEGMENT} signs`)
    .exactOptional(),
});

/** By kind of notice; what isn't there, or not in the reader's language, is said in Finestreta's own words. */
export const wording = z
  .partialRecord(z.enum(WORDED_KINDS), words)
  .describe(
    "the office's own words in its notices to citizens; {day}, {time} and others are filled in",
  );

export type Wording = z.output<typeof wording>;
export type Words = z.output<typeof words>;

/** The parts that a kind of notice has. */
export const partsOf = (kind: WordedKind): readonly Part[] => [
  ['subject'],
  ...casesOf(kind).map((each): Part => [each]),
  ['note'],
  ...casesOf(kind).map((each): Part => ['sms', each]),
];
