import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forgetKept, type Kept, keep, readKept } from './memory.ts';

const ROSA: Kept = {
  ...{ id: '1', direction: 'out', who: 'Rosa', appointment: null, attempt: null },
  ...{ state: 'over', isAnswered: false, proposal: 'busy', status: 486 },
};
let kept: Map<string, string>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => kept.set(name, text),
    removeItem: (name: string) => kept.delete(name),
  });
});
afterEach(() => vi.unstubAllGlobals());

test('a call outlives its page for the agent who made it', () => {
  keep('oac 1', ROSA);
  expect(readKept('oac 1')).toEqual(ROSA);
  keep('oac 1', null);
  expect(readKept('oac 1')).toBeNull();
});

test('the next agent at the same tab sees no earlier call', () => {
  keep('oac 1', ROSA);
  expect(readKept('oac 2')).toBeNull();
  expect([...kept.values()].join()).not.toContain('Rosa');
});

test('it is removed at sign-out', () => {
  keep('oac 1', ROSA);
  forgetKept();
  expect(kept.size).toBe(0);
});
