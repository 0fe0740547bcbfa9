import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  forgottenBefore,
  givesWay,
  isFresh,
  kindOf,
  mayDo,
  PAGE,
  pageAt,
  standingFor,
} from './rules.ts';
import type { Owner } from './types.ts';

const NOW = Temporal.Instant.from('2026-12-01T09:00:00Z');

test('a page is one that exists, whatever was asked for', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.oneof(fc.integer(), fc.double()), (total, asked) => {
      const { page, pages } = pageAt(total, asked);
      expect(page).toBeGreaterThanOrEqual(1);
      expect(page).toBeLessThanOrEqual(pages);
      expect((pages - 1) * PAGE).toBeLessThanOrEqual(total);
      expect(pages * PAGE).toBeGreaterThanOrEqual(total);
    }),
  );
  expect(pageAt(200, 3)).toEqual({ page: 3, pages: 10 });
  expect(pageAt(0, 1)).toEqual({ page: 1, pages: 1 });
});

test.each(['export', 'erasure'] as const)(
  '%s of a folder needs that the provider was made to ask again for it',
  (what) => {
    const at = NOW.subtract({ minutes: 9 });
    expect(mayDo(what, { purpose: what, at }, NOW)).toBe(true);
    const others = [
      'session',
      'appointment',
      'act',
      what === 'export' ? 'erasure' : 'export',
    ] as const;
    for (const purpose of others) expect(mayDo(what, { purpose, at }, NOW)).toBe(false);
    expect(mayDo(what, { purpose: what, at: NOW.subtract({ minutes: 11 }) }, NOW)).toBe(false);
  },
);

test('a kind is one of the list', () => {
  expect(kindOf('documents', 'sent')).toBe('sent');
  expect(kindOf('notices', 'sent')).toBeNull();
  expect(kindOf('identifications', undefined)).toBeNull();
});

test('an identification is fresh for ten minutes', () => {
  expect(isFresh(NOW.subtract({ minutes: 10 }), NOW)).toBe(true);
  expect(isFresh(NOW.subtract({ minutes: 10, seconds: 1 }), NOW)).toBe(false);
});

test('a person of whom nothing is left is forgotten after 400 days', () => {
  expect(forgottenBefore(NOW).toString()).toBe('2025-10-27T09:00:00Z');
});

test('a code takes an appointment from who has it by its link, and from nobody else', () => {
  const by = (how: Owner['how']): Owner => ({ person: 'b', how });
  expect(givesWay([by('link')], true)).toBe(true);
  expect(givesWay([by('link')], false)).toBe(false);
  expect(givesWay([by('link'), by('call')], true)).toBe(false);
  expect(givesWay([by('booked')], true)).toBe(false);
});

test('an appointment is one’s own, somebody else’s or nobody’s', () => {
  expect(standingFor('a', [{ person: 'b' }, { person: 'a' }])).toBe('mine');
  expect(standingFor('a', [{ person: 'b' }])).toBe('others');
  expect(standingFor('a', [])).toBe('nobodys');
});
