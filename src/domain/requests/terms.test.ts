import { describe, expect, it } from 'vitest';
import {
  type AskedFor,
  dueSoonUntil,
  dueStanding,
  reopenableUntil,
  requestDue,
  requestKeptUntil,
} from './terms.ts';

/** Catalonia: 6 and 8 December are public holidays; in 2026 they are a Sunday and a Tuesday. */
const calendar = {
  timeZone: 'Europe/Madrid',
  holidays: { holidays: 'ES-CT', feastDays: [], openDays: [] },
};
const at = (text: string) => Temporal.Instant.from(text);
const day = (text: string) => Temporal.PlainDate.from(text);
const due = (since: string, days: number | undefined, asked: AskedFor[] = []) =>
  requestDue({ since: at(since), days, asked }, calendar)?.toString() ?? null;

describe('the term of a request', () => {
  it('counts working days: no Saturday, no Sunday, no public holiday', () => {
    // Monday 30 November: five days later is Monday 7 December, six is Wednesday 9, since Tuesday 8 is a holiday.
    expect(due('2026-11-30T10:00:00+01:00', 5)).toBe('2026-12-07');
    expect(due('2026-11-30T10:00:00+01:00', 6)).toBe('2026-12-09');
  });

  it('begins on the next working day for what comes on a Sunday', () => {
    expect(due('2026-11-29T10:00:00+01:00', 1)).toBe('2026-12-01');
    expect(due('2026-11-30T10:00:00+01:00', 1)).toBe('2026-12-01');
  });

  it('is of the office’s day, not of the server’s', () => {
    // 23:30 UTC on Monday is Tuesday in Vilaclara.
    expect(due('2026-11-30T23:30:00Z', 1)).toBe('2026-12-02');
  });

  it('is none where the type has none', () => {
    expect(due('2026-11-30T10:00:00+01:00', undefined)).toBeNull();
  });

  it('stands still while the person is asked', () => {
    const from = at('2026-12-01T09:00:00+01:00');
    expect(due('2026-11-30T10:00:00+01:00', 5, [{ from, until: null }])).toBeNull();
    // From Tuesday to Thursday: Tuesday and Wednesday don't count, Thursday is day one.
    const until = at('2026-12-03T18:00:00+01:00');
    expect(due('2026-11-30T10:00:00+01:00', 5, [{ from, until }])).toBe('2026-12-10');
    // Asked and answered on one day: nothing is lost.
    const soon = at('2026-12-01T12:00:00+01:00');
    expect(due('2026-11-30T10:00:00+01:00', 5, [{ from, until: soon }])).toBe('2026-12-07');
  });

  it('is soon two working days before, and over on the day after', () => {
    const stands = (last: string | null, today: string) =>
      dueStanding(last === null ? null : day(last), day(today), calendar);
    expect(stands(null, '2026-12-01')).toBe('none');
    expect(stands('2026-12-09', '2026-12-03')).toBe('later');
    // Friday 4: Monday 7 and Wednesday 9 are the two working days after it.
    expect(stands('2026-12-09', '2026-12-04')).toBe('soon');
    expect(stands('2026-12-09', '2026-12-09')).toBe('soon');
    expect(stands('2026-12-09', '2026-12-10')).toBe('overdue');
    expect(dueSoonUntil(day('2026-12-04'), calendar).toString()).toBe('2026-12-09');
  });
});

describe('what may be done after the close', () => {
  it('may be reopened until the end of the last day', () => {
    const closed = at('2026-11-30T10:00:00+01:00');
    expect(reopenableUntil(closed, { reopenDays: 30 }, 'Europe/Madrid').toString()).toBe(
      '2026-12-30T23:00:00Z',
    );
    expect(reopenableUntil(closed, { reopenDays: 0 }, 'Europe/Madrid').toString()).toBe(
      '2026-11-30T23:00:00Z',
    );
  });

  it('is kept over a change of the hour to the end of the day', () => {
    const closed = at('2026-02-20T10:00:00+01:00');
    expect(requestKeptUntil(closed, { keepDays: 40 }, 'Europe/Madrid').toString()).toBe(
      '2026-04-01T22:00:00Z',
    );
  });
});
