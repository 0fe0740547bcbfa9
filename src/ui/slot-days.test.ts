import { expect, test } from 'vitest';
import { byHour, daysOf, instantOf, onlyIn, startsIn } from './slot-days.ts';

const zone = 'Europe/Madrid';
const at = (text: string) =>
  Temporal.ZonedDateTime.from(`${text}[${zone}]`).epochMilliseconds / 60_000;
const told = (starts: readonly number[]) =>
  starts
    .map((each) => instantOf(each).toZonedDateTimeISO(zone).toPlainTime().toString().slice(0, 5))
    .join(' ');

test('days are those of the zone, not of UTC', () => {
  const starts = [at('2026-12-09T23:45'), at('2026-12-10T00:15'), at('2026-12-10T09:00')];
  expect(daysOf(starts, zone).map((each) => [each.key, each.starts.length])).toEqual([
    ['2026-12-09', 1],
    ['2026-12-10', 2],
  ]);
});

test('the afternoon begins at two, local time', () => {
  // The clocks go back on 25 October and forward on 28 March: those days have 25 and 23 hours.
  for (const date of ['2026-12-09', '2026-10-25', '2027-03-28']) {
    const starts = [at(`${date}T13:59`), at(`${date}T14:00`), at(`${date}T18:00`)];
    const [day] = daysOf(starts, zone);
    expect(day && told(startsIn(day, 'morning')), date).toBe('13:59');
    expect(day && told(startsIn(day, 'afternoon')), date).toBe('14:00 18:00');
  }
});

test('a day without times in the wanted part is left out', () => {
  const days = daysOf(
    [at('2026-12-09T09:00'), at('2026-12-10T09:00'), at('2026-12-10T16:00')],
    zone,
  );
  expect(onlyIn(days, 'afternoon').map((each) => [each.key, told(each.starts)])).toEqual([
    ['2026-12-10', '16:00'],
  ]);
});

test('hours begin at minute zero, whichever minutes the times have', () => {
  const starts = ['08:55', '09:00', '09:45', '11:15', '11:59'].map((each) =>
    at(`2026-12-09T${each}`),
  );
  const [day] = daysOf(starts, zone);
  expect(day && byHour(day, starts).map(told)).toEqual(['08:55', '09:00 09:45', '11:15 11:59']);
});

test('minutes since midnight are local time, except on days when the clocks change', () => {
  const days = ['2026-12-09', '2026-10-25', '2027-03-28'].map(
    (date) => daysOf([at(`${date}T09:20`)], zone)[0],
  );
  expect(days.map((day) => day?.isEven)).toEqual([true, false, false]);
  expect(days.map((day) => (day?.starts[0] ?? 0) - (day?.midnight ?? 0))).toEqual([560, 620, 500]);
});
