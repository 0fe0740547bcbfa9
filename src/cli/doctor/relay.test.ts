import { expect, test } from 'vitest';
import type { TownState } from '../../features/town-file/types.ts';
import { aboutRelayedBodies } from './relay.ts';

const town = (relay: 'needed' | 'always') =>
  ({ bodies: new Map([['oac', { settings: { video: { relay } } }]]) }) as unknown as TownState;

test('a body whose calls go through a relay alone is told where there is none', () => {
  const stun = { urls: ['stun:a'], secret: null };
  const turn = { urls: ['turn:a'], secret: 'x' };
  for (const none of [null, stun])
    expect(aboutRelayedBodies(town('always'), none)).toMatchObject([
      { words: expect.stringContaining('oac') },
    ]);
  expect(aboutRelayedBodies(town('always'), turn)).toEqual([]);
  expect(aboutRelayedBodies(town('needed'), null)).toEqual([]);
});
