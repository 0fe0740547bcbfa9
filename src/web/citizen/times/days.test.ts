import { expect, test } from 'vitest';
import { readDay, today } from './days.ts';

test.each([
  [['', '', ''], null],
  [['9', '12', '2026'], '2026-12-09'],
  [['9', '12', '26'], '2026-12-09'],
  [['9', 'desembre', '2026'], '2026-12-09'],
  [['9', 'DIC.', '26'], '2026-12-09'],
  [['29', '2', '2027'], 'bad'],
  [['9', '', '2026'], 'bad'],
  [['nou', '12', '2026'], 'bad'],
])('a day typed as %j is %s', (parts, expected) => {
  const [day = '', month = '', year = ''] = parts;
  expect(readDay({ day, month, year })?.toString() ?? null).toBe(expected);
});

test('today is that of the calendar at each hour, also around a day that begins at 1:00', () => {
  for (const timeZone of ['Atlantic/Azores', 'Europe/Madrid', 'America/Santiago'])
    for (const start of ['2026-03-28T12:00Z', '2026-09-05T12:00Z', '2026-10-24T12:00Z'])
      for (let hour = 0; hour < 48; hour++) {
        const at = Temporal.Instant.from(start).add({ hours: hour });
        const expected = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(
          at.epochMilliseconds,
        );
        expect(today({ timeZone }, at).toString(), `${timeZone} ${at}`).toBe(expected);
      }
});
