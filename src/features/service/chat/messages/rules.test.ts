import { expect, test } from 'vitest';
import { isOfficeDue, isPersonDue, messageEnd, warningHours } from './rules.ts';

const place = Temporal.Instant.from('2026-11-30T09:00:00Z');
const after = (hours: number) => place.add({ hours });
const message = { place, officeToldAt: null, personToldAt: null };

test.each([
  [30, 72],
  [12, 72],
  [4, 24],
  [1, 6],
])(
  'of a message kept for %i days it is told after, and before its end, by %i hours',
  (days, hours) => {
    expect(warningHours(days)).toBe(hours);
    expect(isOfficeDue(message, days, after(hours - 1))).toBe(false);
    expect(isOfficeDue(message, days, after(hours))).toBe(true);
    expect(isPersonDue(message, days, after(24 * days - hours - 1))).toBe(false);
    expect(isPersonDue(message, days, after(24 * days - hours))).toBe(true);
  },
);

test('those who coordinate are told once when it is late, and once when its end is near', () => {
  const told = { ...message, officeToldAt: after(72) };
  expect(isOfficeDue(told, 30, after(26 * 24))).toBe(false);
  expect(isOfficeDue(told, 30, after(27 * 24))).toBe(true);
  expect(isOfficeDue({ ...told, officeToldAt: after(27 * 24) }, 30, after(28 * 24))).toBe(false);
});

test('it never ends before its person has known of it for as long', () => {
  expect(messageEnd(message, 30)).toEqual(after(30 * 24));
  expect(messageEnd({ ...message, personToldAt: after(27 * 24) }, 30)).toEqual(after(30 * 24));
  expect(messageEnd({ ...message, personToldAt: after(40 * 24) }, 30)).toEqual(after(43 * 24));
  expect(isPersonDue({ ...message, personToldAt: after(1) }, 30, after(900))).toBe(false);
});
