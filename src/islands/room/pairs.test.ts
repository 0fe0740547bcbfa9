import { expect, test, vi } from 'vitest';
import type { Person } from '../../features/service/room/types.ts';
import { createPairs } from './pairs.ts';

const person = (seat: string): Person => ({
  ...{ seat, side: 'agent', name: 'Taula 1' },
  ...{ isIn: true, companion: null, offers: false },
});

test('who loads their page again has gone, and is there with another seat', () => {
  const told: string[] = [];
  const deps = {
    ...{ side: 'citizen' as const, ways: () => ({}), track: () => null, media: vi.fn() },
    ...{ send: vi.fn(), isOnline: () => true, typed: () => '', connected: vi.fn() },
    ...{ report: vi.fn(), wrote: vi.fn(), changed: vi.fn() },
    gone: ({ person }: { person: Person }) => told.push(person.seat),
  };
  const { meet, all, close } = createPairs(deps);
  meet([person('before')]);
  meet([person('before')]);
  expect(told).toEqual([]);
  meet([person('after')]);
  expect(told).toEqual(['before']);
  expect(all().map((each) => each.person.seat)).toEqual(['after']);
  close();
  expect(told).toEqual(['before', 'after']);
});
