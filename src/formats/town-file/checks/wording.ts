import {
  type Blank,
  blanksOf,
  type Case,
  casesOf,
  MOST_SEGMENTS,
  neededIn,
  type Part,
  partsOf,
  WHEN,
  WORDED_KINDS,
  type WordedKind,
} from '../../../domain/office/wording.ts';
import { fill } from '../../../lib/fill.ts';
import { costlyIn, sizeOf } from '../../../lib/gsm.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { LANGUAGES, type Language } from '../../../lib/i18n/languages.ts';
import type { Finding } from '../reading/check.ts';
import type { Tell, Tellers } from '../reading/references.ts';
import { Spot } from '../reading/spot.ts';

/** Checks that every blank can be filled in, that required blanks are present, and that a notice takes few SMS. */
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

/** Reports words for variants that a kind of notice doesn't have. */
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

/** Returns the mistakes in the words of one notice, with paths that begin in the office. */
export function mistakesInWords(kind: WordedKind, words: unknown): Finding[] {
  const found: Finding[] = [];
  const mistake: Tell = (path, message, part = 'value', slip) =>
    void found.push({ grade: 'mistake', path, field: path, part, message, slip });
  checkWording(new Spot({ wording: { [kind]: words } }, []), { mistake, warning: () => {} });
  return found;
}

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

/** A blank, or a single brace. */
const BRACES = /\{[^{}]*\}?|\}/g;

const isLanguage = (text: string): text is Language =>
  (LANGUAGES as readonly string[]).includes(text);

function checkSms(spot: Spot, text: string, language: Language, mistake: Tell): void {
  const { segments, alphabet } = sizeOf(longestSms(text, language));
  if (segments <= MOST_SEGMENTS) return;
  const values = { segments, max: MOST_SEGMENTS };
  const dear = costlyIn(text);
  const why =
    alphabet === 'ucs-2' && dear.length > 0 ? ` Less fits because of: ${dear.join(' ')}` : '';
  const message = `With its blanks filled in it takes ${segments} SMS; a notice takes ${MOST_SEGMENTS} at most.${why}`;
  mistake(spot.path, message, 'value', { kind: 'sms_long', values });
}

/** Characters for the longest sender (`smsFrom`) with its colon, and for a link of a long address of the town. */
const SENDER_ROOM = 32;
const LINK_ROOM = 76;

/** Returns an SMS of these words with the longest possible values in its blanks. */
export const longestSms = (template: string, language: Language): string => {
  const words = fill(template.replaceAll(/\s+/g, ' ').trim(), longest(language), (value) => value);
  return `${'w'.repeat(SENDER_ROOM)}${words}${'w'.repeat(LINK_ROOM)}`;
};

const kept = new Map<Language, Record<Blank, string>>();

function longest(language: Language): Record<Blank, string> {
  const found = kept.get(language);
  if (found) return found;
  const dates = datesIn(language, 'UTC');
  const first = Temporal.Instant.from('2026-01-01T12:00:00Z');
  // Within seven years, each day of the year falls on nearly every weekday.
  const days = Array.from({ length: 7 * 365 }, (_, n) =>
    dates.briefDay(first.add({ hours: 24 * n })),
  );
  const day = days.reduce((one, other) => (weightOf(other) > weightOf(one) ? other : one));
  const time = dates.clock(23 * 60 + 59);
  // A site with a longer name makes the SMS longer than computed.
  const site = 'W'.repeat(24);
  const made = {
    day,
    time,
    untilday: day,
    until: time,
    reference: 'WWW-WWW',
    minutes: '999',
    site,
  };
  kept.set(language, made);
  return made;
}

/** A day with a letter that makes the SMS dearer, such as "sáb", outweighs a longer one. */
const weightOf = (day: string): number => day.length + (costlyIn(day).length > 0 ? 100 : 0);
