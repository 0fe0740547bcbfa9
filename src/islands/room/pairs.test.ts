import { expect, test, vi } from 'vitest';
import type { Person } from '../../features/service/room/types.ts';
import { Pairs } from './pairs.ts';

const person = (seat: string): Person => ({
  ...{ seat, side: 'agent', name: 'Taula 1' },
  ...{ isIn: true, companion: null, offers: false },
});

test('a person who reloads the page leaves, and comes back with another seat', () => {
  const told: string[] = [];
  const deps = {
    ...{ side: 'citizen' as const, ways: () => ({}), track: () => null, media: vi.fn() },
    ...{ send: vi.fn(), isOnline: () => true, current: () => '', connected: vi.fn() },
    ...{ report: vi.fn(), wrote: vi.fn(), changed: vi.fn() },
    gone: ({ person }: { person: Person }) => told.push(person.seat),
  };
  const pairs = new Pairs(deps);
  pairs.meet([person('before')]);
  pairs.meet([person('before')]);
  expect(told).toEqual([]);
  pairs.meet([person('after')]);
  expect(told).toEqual(['before']);
  expect(pairs.all().map((each) => each.person.seat)).toEqual(['after']);
  pairs.close();
  expect(told).toEqual(['before', 'after']);
});
