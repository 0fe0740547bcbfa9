import { z } from 'zod';
import { fill } from '../../../lib/fill.ts';
import { notInGsm, SEGMENT, toGsm } from '../../../lib/gsm.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { LANGUAGES, type Language } from '../../../lib/i18n/languages.ts';
import type { Finding } from './check.ts';
import { texts } from './fields.ts';
import type { Tell, Tellers } from './references.ts';
import { Spot } from './spot.ts';

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
export type Case = 'phone' | 'video' | 'byCitizen' | 'byOffice' | 'kept' | 'free';

const BY_CHANNEL = ['phone', 'video'] as const;
const CASES: Partial<Record<WordedKind, readonly Case[]>> = {
  cancellation: ['byCitizen', 'byOffice'],
  displaced: ['kept', 'free'],
  number: ['phone'],
};

/** The cases that a kind of notice tells apart. */
export const casesOf = (kind: WordedKind): readonly Case[] => CASES[kind] ?? BY_CHANNEL;

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
function neededIn(kind: WordedKind, part: Part): readonly Blank[] {
  const [first] = part;
  if (first === 'sms') return TOLD_BY_SMS[kind] ?? [];
  if (first === 'subject' || first === 'note') return [];
  if (kind === 'late') return ['time'];
  return kind === 'offer' || first === 'kept' ? ['untilday', 'until'] : [];
}

const WHEN: Record<Case, string> = {
  phone: 'where the appointment is by telephone',
  video: 'where the appointment is by video',
  byCitizen: 'where they have cancelled themselves',
  byOffice: 'where the office has cancelled',
  kept: 'where another time is kept for them',
  free: 'where no other time is kept for them',
};

const said = (medium: string) => {
  const one = (where: Case) =>
    texts(600, `what the ${medium} says first, ${WHEN[where]}`).exactOptional();
  return {
    ...{ phone: one('phone'), video: one('video') },
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

/** Every blank is one that is filled in, what must be told is, and an SMS is one that can be sent. */
export function checkWording(office: Spot, { mistake }: Tellers): void {
  for (const kind of WORDED_KINDS) {
    const own = office.get('wording').get(kind);
    for (const spot of [own, own.get('sms')]) checkCases(spot, kind, mistake);
    for (const part of partsOf(kind)) {
      const byLanguage = part.reduce<Spot>((at, step) => at.get(step), own);
      if (byLanguage.isGroup() && byLanguage.entries().length === 0)
        mistake(byLanguage.path, `"${part.at(-1)}" has no text in any language.`, 'key', {
          kind: 'no_text',
        });
      for (const [language, text] of byLanguage.entries())
        checkText(text, { kind, part, language }, mistake);
    }
  }
}

/** What a kind doesn't tell apart can't have words. */
function checkCases(spot: Spot, kind: WordedKind, mistake: Tell): void {
  const known = casesOf(kind);
  const foreign = Object.keys(WHEN).filter((each) => !known.includes(each as Case));
  for (const each of foreign.filter((each) => spot.has(each)))
    mistake(
      spot.get(each).path,
      `A notice of this kind (${kind}) is never said for "${each}", but for: ${known.join(', ')}.`,
      'key',
    );
}

/** What is wrong with the words of one notice, with paths that begin in the office. */
export function mistakesInWords(kind: WordedKind, words: unknown): Finding[] {
  const found: Finding[] = [];
  const mistake: Tell = (path, message, part = 'value', slip) =>
    void found.push({ grade: 'mistake', path, field: path, part, message, slip });
  checkWording(new Spot({ wording: { [kind]: words } }, []), { mistake, warning: () => {} });
  return found;
}

/** The parts that a kind of notice has. */
export const partsOf = (kind: WordedKind): readonly Part[] => [
  ['subject'],
  ...casesOf(kind).map((each): Part => [each]),
  ['note'],
  ...casesOf(kind).map((each): Part => ['sms', each]),
];

function checkText(
  spot: Spot,
  { kind, part, language }: { kind: WordedKind; part: Part; language: string },
  mistake: Tell,
): void {
  const text = spot.text();
  if (text === undefined) return;
  const known = blanksOf(kind, part).map(braced);
  const found: string[] = text.match(BRACES) ?? [];
  const unknown = found.find((each) => !known.includes(each));
  const missing = neededIn(kind, part)
    .map(braced)
    .find((each) => !found.includes(each));
  if (unknown !== undefined) tellUnknown(spot, unknown, known, mistake);
  else if (missing !== undefined)
    mistake(spot.path, `They must be told when: ${missing} is missing.`, 'value', {
      kind: 'needed_blank',
      values: { blank: missing },
    });
  else if (part[0] === 'sms' && isLanguage(language)) checkSms(spot, text, language, mistake);
}

const braced = (blank: Blank): string => `{${blank}}`;

function tellUnknown(spot: Spot, blank: string, known: readonly string[], mistake: Tell): void {
  const all = known.join(', ');
  if (known.length === 0)
    mistake(spot.path, `Nothing is filled in here, not even ${blank}.`, 'value', {
      kind: 'no_blank',
      values: { blank },
    });
  else
    mistake(spot.path, `Nothing is filled in for ${blank} here; there are: ${all}.`, 'value', {
      kind: 'unknown_blank',
      values: { blank, known: all },
    });
}

/** A blank, or a brace that is alone. */
const BRACES = /\{[^{}]*\}?|\}/g;

const isLanguage = (text: string): text is Language =>
  (LANGUAGES as readonly string[]).includes(text);

function checkSms(spot: Spot, text: string, language: Language, mistake: Tell): void {
  const signs = notInGsm(fill(text, longest(language), (value) => value));
  const length = smsLength(text, language);
  if (signs.length > 0) {
    const values = { signs: signs.join(' ') };
    mistake(spot.path, `An SMS can't say: ${values.signs}`, 'value', { kind: 'sms_sign', values });
  } else if (length > SEGMENT) {
    const values = { length, max: SEGMENT };
    const message = `With its blanks filled in it has up to ${length} signs; an SMS says ${SEGMENT} before its link at most.`;
    mistake(spot.path, message, 'value', { kind: 'sms_long', values });
  }
}

/** How many signs the words of an SMS have with the longest that may be filled in. */
export const smsLength = (template: string, language: Language): number =>
  toGsm(fill(template.replaceAll(/\s+/g, ' ').trim(), longest(language), (value) => value)).length;

const kept = new Map<Language, Record<Blank, string>>();

function longest(language: Language): Record<Blank, string> {
  const found = kept.get(language);
  if (found) return found;
  const dates = datesIn(language, 'UTC');
  const first = Temporal.Instant.from('2026-01-01T12:00:00Z');
  // In seven years every day of the year has been nearly every day of the week.
  const days = Array.from({ length: 7 * 365 }, (_, n) =>
    dates.briefDay(first.add({ hours: 24 * n })),
  );
  const day = days.reduce((one, other) => (toGsm(other).length > toGsm(one).length ? other : one));
  const time = '23:59';
  const made = { day, time, untilday: day, until: time, reference: 'WWW-WWW', minutes: '999' };
  kept.set(language, made);
  return made;
}
