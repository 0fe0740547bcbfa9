import { describe, expect, test } from 'vitest';
import { attendantOf, namedAt } from './rules.ts';
import type { Candidates } from './types.ts';

const NOW = Temporal.Instant.from('2026-11-30T09:00:00Z');
const nobody: Candidates = {
  appointment: 'a',
  start: NOW.add({ minutes: 20 }),
  language: 'ca',
  actor: null,
  present: null,
  owners: [],
};
const of = (over: Partial<Candidates>) => attendantOf({ ...nobody, ...over }, NOW);
const seen = (hours: number) => ({ staff: 5, seenAt: NOW.subtract({ hours }) });

describe('who attends', () => {
  test('is whoever has the encounter, whosever the desk is', () => {
    expect(of({ actor: 'staff:7', present: seen(0), owners: [3] })).toBe(7);
    expect(of({ actor: 'system', present: seen(0), owners: [3] })).toBeNull();
  });

  test('is whoever is at the desk on that day, for an appointment of that day', () => {
    expect(of({ present: seen(1), owners: [3] })).toBe(5);
    expect(of({ present: seen(13), owners: [3] })).toBe(3);
    expect(of({ present: seen(1), owners: [3], start: NOW.add({ hours: 30 }) })).toBe(3);
  });

  test('is the one person whose desk it is, else nobody knows', () => {
    expect(of({ owners: [3] })).toBe(3);
    expect(of({ owners: [3, 4] })).toBeNull();
    expect(of({})).toBeNull();
  });
});

describe('who is named under a desk', () => {
  test('is whoever has been there today', () => {
    expect(namedAt({ present: { staff: 5, seenAt: NOW }, owners: [3, 5] }, NOW)).toEqual([5]);
  });

  test('is everybody whose desk it is, where nobody has been there today', () => {
    const yesterday = { staff: 5, seenAt: NOW.subtract({ hours: 20 }) };
    expect(namedAt({ present: yesterday, owners: [3, 5] }, NOW)).toEqual([3, 5]);
    expect(namedAt({ present: null, owners: [] }, NOW)).toEqual([]);
  });
});
