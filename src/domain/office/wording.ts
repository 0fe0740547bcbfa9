import { z } from 'zod';
import { byChannel, CHANNELS, type Channel, isAtSite, isCalled, TRAITS } from '../channel.ts';
import { texts } from './fields.ts';

/** The most SMS that one notice may be charged as: 459 characters, or 201 with a letter that the cheaper alphabet lacks. */
export const MOST_SEGMENTS = 3;

/** The notices that an office may word itself. */
export const WORDED_KINDS = [
  'confirmation',
  'reminder',
  'soon',
  'late',
  'change',
  'cancellation',
  'displaced',
  'uncalled',
  'noshow',
  'number',
  'link',
  'waiting',
  'offer',
  'survey',
  'again',
  'refused',
  'result',
] as const;
export type WordedKind = (typeof WORDED_KINDS)[number];

/**
 * The notices with fixed words: a one-time code, so that no mistake and no other link stands beside it; what warns somebody of others who act
 * for them; and what happened to a case or a request.
 */
export const KEPT_KINDS = [
  'code',
  'contact',
  'authorisation',
  'case',
  'unfinished',
  'request',
  'chat',
] as const;

/**
 * The variant of a notice: by channel; for a cancellation, by the canceller; for an appointment that no desk can serve or that nobody called, whether another
 * time is kept for the citizen or the citizen chooses freely.
 */
export type Case = Channel | 'byCitizen' | 'byOffice' | 'kept' | 'free';

const CASES: Partial<Record<WordedKind, readonly Case[]>> = {
  cancellation: ['byCitizen', 'byOffice'],
  displaced: ['kept', 'free'],
  uncalled: ['kept', 'free'],
  number: CHANNELS.filter(isCalled),
};

/** Returns the variants of a kind of notice. */
export const casesOf = (kind: WordedKind): readonly Case[] => CASES[kind] ?? CHANNELS;

/** The path of a part of a notice's words: `subject`, `note`, a variant of a mail, or one of an SMS. */
export type Part = readonly ['subject' | 'note' | Case] | readonly ['sms', Case];

export type Blank = 'day' | 'time' | 'reference' | 'minutes' | 'untilday' | 'until' | 'site';

/** Returns the blanks that a part of a notice's words may have, filled in when it is sent. */
export function blanksOf(kind: WordedKind, part: Part): readonly Blank[] {
  const where = part.at(-1);
  if (kind === 'waiting') return [];
  if (kind === 'offer') return ['day', 'time', 'untilday', 'until'];
  if (kind === 'late') return ['day', 'time', 'reference', 'minutes'];
  const isKept = where === 'kept';
  const isVisit = CHANNELS.some((each) => each === where && isAtSite(each));
  return [
    ...(['day', 'time', 'reference'] as const),
    ...(isKept ? (['untilday', 'until'] as const) : []),
    ...(isVisit ? (['site'] as const) : []),
  ];
}

/** The blanks that the text of these SMS must contain, since an SMS shows the time nowhere else. */
const TOLD_BY_SMS: Partial<Record<WordedKind, readonly Blank[]>> = {
  confirmation: ['day', 'time'],
  reminder: ['day', 'time'],
  soon: ['time'],
  late: ['time'],
  change: ['day', 'time'],
  cancellation: ['day', 'time'],
  displaced: ['day', 'time'],
  uncalled: ['day', 'time'],
  offer: ['day', 'time', 'untilday', 'until'],
};

/** Returns the blanks that a part must contain, since no other part of the notice shows them. */
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
    byCitizen: one('byCitizen'),
    byOffice: one('byOffice'),
    kept: one('kept'),
    free: one('free'),
  };
};

const words = z.strictObject({
  subject: texts(120, "the mail's subject").exactOptional(),
  ...said('mail'),
  note: texts(600, 'what the mail says besides').exactOptional(),
  sms: z
    .strictObject(said('SMS'))
    .describe(`what an SMS says before its link; at most ${MOST_SEGMENTS} SMS with sender and link`)
    .exactOptional(),
});

/**
 * The office's own words by kind of notice. A part that is missing, or missing in the reader's language, uses Finestreta's standard words.
 */
export const wording = z
  .partialRecord(z.enum(WORDED_KINDS), words)
  .describe(
    "the office's own words in its notices to citizens; {day}, {time} and others are filled in",
  );

export type Wording = z.output<typeof wording>;
export type Words = z.output<typeof words>;

/** Returns the parts of a kind of notice. */
export const partsOf = (kind: WordedKind): readonly Part[] => [
  ['subject'],
  ...casesOf(kind).map((each): Part => [each]),
  ['note'],
  ...casesOf(kind).map((each): Part => ['sms', each]),
];
