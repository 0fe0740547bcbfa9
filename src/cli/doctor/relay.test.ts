import { expect, test } from 'vitest';
import type { TownState } from '../../domain/office/state.ts';
import { aboutRelayedOffices } from './relay.ts';

const town = (relay: 'needed' | 'always') =>
  ({ offices: new Map([['oac', { settings: { video: { relay } } }]]) }) as unknown as TownState;

test('an office whose calls need a relay is reported when there is none', () => {
  const stun = { urls: ['stun:a'], secret: null };
  const turn = { urls: ['turn:a'], secret: 'x' };
  for (const none of [null, stun])
    expect(aboutRelayedOffices(town('always'), none)).toMatchObject([
      { words: expect.stringContaining('oac') },
    ]);
  expect(aboutRelayedOffices(town('always'), turn)).toEqual([]);
  expect(aboutRelayedOffices(town('needed'), null)).toEqual([]);
});
