import { describe, expect, test } from 'vitest';
import { dueAlerts, ownArrival, titleOf } from './rules.ts';
import type { AlertEntry } from './types.ts';

/** Milliseconds of a time of one day. */
const at = (time: string) => Date.parse(`2026-11-30T${time}Z`);

const entry = (id: string, due: string, more: Partial<AlertEntry> = {}): AlertEntry => ({
  id,
  href: `/console/oac/appointment/${id}`,
  dueAt: at(due),
  arrivedAt: null,
  comes: false,
  tab: { waiting: `${id} is waiting`, due: `${id} is due` },
  words: { arrived: '', soon: '', due: '' },
  detail: '',
  ...more,
});

/** Returns what each of these times alerts, when the page looks at all of them one after the other. */
function through(times: readonly string[], entries: readonly AlertEntry[], inView = '') {
  const known = new Set<string>();
  return times.map((time) => {
    const { alerts, keys } = dueAlerts(entries, at(time), { known, inView: inView || null });
    for (const key of keys) known.add(key);
    return alerts.map(({ entry: { id }, moment }) => `${id} ${moment}`).join(', ');
  });
}

describe('what is alerted', () => {
  test('five minutes before, and when it is time, once each', () => {
    const times = ['08:54:59', '08:55:00', '08:55:10', '08:59:59', '09:00:00', '09:00:10'];
    expect(through(times, [entry('a', '09:00')])).toEqual(['', 'a soon', '', '', 'a due', '']);
  });

  test('an hour that passed before the page was opened is no news', () => {
    expect(through(['09:02:59'], [entry('a', '09:00')])).toEqual(['a due']);
    expect(through(['09:03:00'], [entry('a', '09:00')])).toEqual(['']);
    expect(through(['09:03:00'], [entry('a', '10:00', { arrivedAt: at('09:00') })])).toEqual(['']);
  });

  test('an arrival, and another one after they left', () => {
    const known = new Set<string>();
    const arrives = (time: string) => {
      const one = entry('a', '10:00', { arrivedAt: at(time) });
      const { alerts, keys } = dueAlerts([one], at(time), { known, inView: null });
      for (const key of keys) known.add(key);
      return alerts.length;
    };
    expect([arrives('09:00'), arrives('09:00'), arrives('09:10')]).toEqual([1, 0, 1]);
  });

  test('of an appointment only the most urgent, and never the others afterwards', () => {
    const both = [entry('a', '09:00', { arrivedAt: at('08:59') })];
    expect(through(['08:59:00', '08:59:30', '09:00:30'], both)).toEqual(['a arrived', '', 'a due']);
    expect(through(['09:00:30', '09:00:40'], both)).toEqual(['a due', '']);
  });

  test('the next attempt has a time of its own', () => {
    expect(through(['09:00:00'], [entry('a', '09:00')])).toEqual(['a due']);
    const known = new Set(dueAlerts([entry('a', '09:00')], at('09:00'), none).keys);
    const again = dueAlerts([entry('a', '09:10')], at('09:10'), { known, inView: null });
    expect(again.alerts).toHaveLength(1);
  });

  test('what is in view is not alerted, also not later', () => {
    const known = new Set<string>();
    const seen = dueAlerts([entry('a', '09:00')], at('09:00'), { known, inView: 'a' });
    expect(seen.alerts).toEqual([]);
    const later = { known: new Set(seen.keys), inView: null };
    expect(dueAlerts([entry('a', '09:00')], at('09:00:20'), later).alerts).toEqual([]);
    expect(through(['09:00:00'], [entry('a', '09:00')], 'b')).toEqual(['a due']);
  });

  test('an arrival that the viewer marked is not alerted; its hour is', () => {
    const marked = [entry('a', '09:04', { arrivedAt: at('09:00') })];
    const past = { known: new Set([ownArrival('a')]), inView: null };
    // Within the five minutes, so that it is the hour that comes.
    expect(dueAlerts(marked, at('09:00'), past).alerts.map(({ moment }) => moment)).toEqual([
      'soon',
    ]);
    expect(dueAlerts(marked, at('09:04'), past).alerts.map(({ moment }) => moment)).toEqual([
      'due',
    ]);
  });
});

const none = { known: new Set<string>(), inView: null };

describe('the title of a tab', () => {
  test('is the page’s own while nobody waits', () => {
    expect(titleOf([], at('09:00'))).toBe('');
    expect(titleOf([entry('a', '09:00')], at('08:59:59'))).toBe('');
  });

  test('has who waits, before the hour too, and who is to be called', () => {
    const waits = entry('b', '09:30', { arrivedAt: at('09:00') });
    expect(titleOf([waits], at('09:00'))).toBe('(1) b is waiting – ');
    expect(titleOf([entry('a', '09:00'), waits], at('09:00'))).toBe('(2) a is due – ');
  });

  test('leaves out who has not come to the site yet', () => {
    expect(titleOf([entry('a', '09:00', { comes: true })], at('09:10'))).toBe('');
    const there = entry('a', '09:00', { comes: true, arrivedAt: at('09:01') });
    expect(titleOf([there], at('09:10'))).toBe('(1) a is waiting – ');
  });

  test('stays as it is without words: the person did not choose it', () => {
    const silent = entry('a', '09:00', { tab: { waiting: '', due: '' } });
    expect(titleOf([silent], at('09:10'))).toBe('');
  });
});
