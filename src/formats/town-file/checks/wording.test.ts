import { describe, expect, test } from 'vitest';
import { type WORDED_KINDS, wording } from '../../../domain/office/wording.ts';
import { sizeOf } from '../../../lib/gsm.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { LANGUAGES, type Language } from '../../../lib/i18n/languages.ts';
import { longestSms, mistakesInWords } from './wording.ts';

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
    ['survey', { sms: { phone: { ca: 'a'.repeat(352) } } }, ['sms.phone.ca', 'sms_long']],
    ['survey', { sms: { phone: { ca: 'í'.repeat(94) } } }, ['sms.phone.ca', 'sms_long']],
    ['survey', { sms: { phone: {} } }, ['sms.phone', 'no_text']],
  ] as const)('of %s: %j is refused', (kind, words, wrong) => {
    expect(slips(kind, words)).toEqual([wrong]);
  });

  test.each([
    ['a'.repeat(351)],
    ['í'.repeat(93)],
    ['Bé? 😀'],
    ['Ens sap greu, l’oficina està tancada per obres. Anul·lada.'],
  ])('of an SMS may have every letter, and take three SMS with sender and link: %s', (ca) => {
    expect(slips('survey', { sms: { phone: { ca } } })).toEqual([]);
  });

  test('of an SMS are reported with how many SMS they take, and with the letters that cost more', () => {
    const mistakes = (ca: string) => mistakesInWords('survey', { sms: { phone: { ca } } });
    const [long] = mistakes('í'.repeat(94));
    expect(long?.slip).toEqual({ kind: 'sms_long', values: { segments: 4, max: 3 } });
    expect(long?.message).toContain('Less fits because of: í');
    expect(mistakes('a'.repeat(352))[0]?.message).not.toContain('Less fits');
  });

  test.each(LANGUAGES)('of an SMS in %s are never longer than computed', (language: Language) => {
    const dates = datesIn(language, 'Europe/Madrid');
    const first = Temporal.Instant.from('2026-01-01T12:00:00Z');
    const rest = 'w'.repeat(300);
    const most = sizeOf(longestSms(`{day} ${rest}`, language));
    for (let n = 0; n < 3000; n++) {
      const day = dates.briefDay(first.add({ hours: 24 * n }));
      const { segments } = sizeOf(longestSms(`${day} ${rest}`, language));
      expect([day, segments <= most.segments]).toEqual([day, true]);
    }
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
