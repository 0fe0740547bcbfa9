import { describe, expect, it } from 'vitest';
import { datesIn, inBasque } from './dates.ts';
import { LANGUAGES } from './languages.ts';

const at = Temporal.Instant.from('2026-12-09T08:20:00Z');

describe('dates in words', () => {
  it.each([
    [
      'ca',
      'dimecres, 9 de desembre del 2026',
      'dimecres, 9 de desembre',
      'dc. 9/12',
      'desembre del 2026',
    ],
    [
      'es',
      'miércoles, 9 de diciembre de 2026',
      'miércoles, 9 de diciembre',
      'mié 9/12',
      'diciembre de 2026',
    ],
    ['en', 'Wednesday, 9 December 2026', 'Wednesday 9 December', 'Wed 9 Dec', 'December 2026'],
    [
      'eu',
      '2026ko abenduaren 9a, asteazkena',
      'abenduaren 9a, asteazkena',
      'abe. 9a az.',
      '2026ko abendua',
    ],
  ] as const)('in %s', (language, long, short, brief, month) => {
    const dates = datesIn(language, 'Europe/Madrid');
    expect(dates.longDay(at)).toBe(long);
    expect(dates.day(at)).toBe(short);
    expect(dates.briefDay(at)).toBe(brief);
    expect(dates.month(at)).toBe(month);
    expect(dates.time(at)).toBe('9:20');
  });

  it('declines every date in Basque', () => {
    const dates = datesIn('eu', 'UTC');
    for (let day = 0; day < 366; day++) {
      const when = at.add({ hours: 24 * day });
      expect(`${dates.day(when)} ${dates.longDay(when)} ${dates.briefDay(when)}`).not.toMatch(
        /[()]/,
      );
    }
  });

  it.each([
    ['2021(e)ko', '2021eko'], // hogeita bat
    ['2025(e)ko', '2025eko'], // hogeita bost
    ['2026(e)ko', '2026ko'], // hogeita sei
    ['2030(e)ko', '2030eko'], // hogeita hamar
    ['2031(e)ko', '2031ko'], // hogeita hamaika
    ['2040(e)ko', '2040ko'], // berrogei
    ['2000(e)ko', '2000ko'], // bi mila
    ['2100(e)ko', '2100eko'], // bi mila eta ehun
    ['abendua 11(a)', 'abenduaren 11'],
    ['abendua 31(a)', 'abenduaren 31'],
    ['abendua 1(a)', 'abenduaren 1a'],
  ])('reads %s as %s', (bare, declined) => {
    expect(inBasque(bare)).toBe(declined);
  });
});

it('a minute of the day is formatted as a time is', () => {
  for (const language of LANGUAGES) {
    const dates = datesIn(language, 'Europe/Madrid');
    for (const time of ['00:00', '00:05', '09:20', '13:59', '23:59']) {
      const [hour = 0, minute = 0] = time.split(':').map(Number);
      const at = Temporal.Instant.from(`2026-12-09T${time}+01:00`);
      expect(dates.clock(60 * hour + minute), `${language} ${time}`).toBe(dates.time(at));
    }
  }
});
