import { describe, expect, test } from 'vitest';
import { type WORDED_KINDS, wording } from '../../../domain/office/wording.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { LANGUAGES, type Language } from '../../../lib/i18n/languages.ts';
import { mistakesInWords, smsLength } from './wording.ts';

const slips = (kind: (typeof WORDED_KINDS)[number], words: object) =>
  mistakesInWords(kind, words).map(({ field, slip }) => [field.slice(2).join('.'), slip?.kind]);

describe('the words of a notice', () => {
  test.each([
    ['cancellation', { byOffice: { ca: 'Hola {nom}' } }, ['byOffice.ca', 'unknown_blank']],
    ['cancellation', { byOffice: { eu: 'Hola { day }' } }, ['byOffice.eu', 'unknown_blank']],
    ['cancellation', { subject: { en: 'Hola {Día}' } }, ['subject.en', 'unknown_blank']],
    ['cancellation', { note: { es: 'Hola {day' } }, ['note.es', 'unknown_blank']],
    ['cancellation', { note: { ca: 'Hola day}' } }, ['note.ca', 'unknown_blank']],
    ['cancellation', { byOffice: { ca: 'Fins {until}' } }, ['byOffice.ca', 'unknown_blank']],
    ['displaced', { free: { ca: 'Fins {until}' } }, ['free.ca', 'unknown_blank']],
    ['waiting', { phone: { ca: 'El {day}' } }, ['phone.ca', 'no_blank']],
    ['late', { video: { ca: 'Trucarem tard' } }, ['video.ca', 'needed_blank']],
    ['offer', { phone: { ca: 'És teva' } }, ['phone.ca', 'needed_blank']],
    ['offer', { video: { ca: 'Fins a les {until}' } }, ['video.ca', 'needed_blank']],
    ['displaced', { kept: { ca: 'És teva' } }, ['kept.ca', 'needed_blank']],
    ['displaced', { kept: { ca: 'Fins a les {until}' } }, ['kept.ca', 'needed_blank']],
    [
      'offer',
      { sms: { phone: { ca: '{day} {time}, fins a les {until}' } } },
      ['sms.phone.ca', 'needed_blank'],
    ],
    [
      'cancellation',
      { sms: { byOffice: { ca: 'Anul·lada: {day}' } } },
      ['sms.byOffice.ca', 'needed_blank'],
    ],
    ['survey', { sms: { phone: { ca: 'Bé? 😀' } } }, ['sms.phone.ca', 'sms_sign']],
    ['survey', { sms: { phone: { ca: 'a'.repeat(161) } } }, ['sms.phone.ca', 'sms_long']],
    ['survey', { sms: { phone: {} } }, ['sms.phone', 'no_text']],
  ] as const)('of %s: %j is refused', (kind, words, wrong) => {
    expect(slips(kind, words)).toEqual([wrong]);
  });

  test('of an SMS have at most 160 characters with the longest day and hour, and the length is reported', () => {
    const about = (room: number) => ({
      sms: { phone: { ca: `{day} {time} ${'a'.repeat(room)}` } },
    });
    const longest = smsLength('{day} {time} ', 'ca') + 1;
    expect(slips('confirmation', about(160 - longest))).toEqual([]);
    const [mistake] = mistakesInWords('confirmation', about(161 - longest));
    expect(mistake?.slip).toEqual({ kind: 'sms_long', values: { length: 161, max: 160 } });
    expect(mistake?.message).toContain('161');
  });

  test.each(LANGUAGES)('of an SMS in %s are never longer than computed', (language: Language) => {
    const dates = datesIn(language, 'Europe/Madrid');
    const first = Temporal.Instant.from('2026-01-01T12:00:00Z');
    const lengths = Array.from({ length: 3000 }, (_, n) => {
      const briefDay = dates.briefDay(first.add({ hours: 24 * n }));
      return [...briefDay.normalize('NFC')].length;
    });
    expect(smsLength('{day}', language)).toBeGreaterThanOrEqual(Math.max(...lengths));
  });

  test('of a kind have only the variants of that kind', () => {
    const text = { ca: 'x' };
    const refused = (kind: (typeof WORDED_KINDS)[number], words: object) =>
      mistakesInWords(kind, words).map(({ field, part }) => [field.slice(2).join('.'), part]);
    expect(refused('cancellation', { phone: text })).toEqual([['phone', 'key']]);
    expect(refused('survey', { sms: { free: text } })).toEqual([['sms.free', 'key']]);
    expect(refused('survey', { sms: { video: text }, video: text })).toEqual([]);
    expect(wording.safeParse({ code: { note: text } }).success).toBe(false);
    expect(wording.safeParse({ survey: { sms: { title: text } } }).success).toBe(false);
  });
});
