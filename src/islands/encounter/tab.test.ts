import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clearKept, keep, LEAVES_MS, readKept } from './tab.ts';

const NAME = 'finestreta encounter a1 7';
const ENTRIES: [string, string][] = [['notes', 'Viu sola']];

beforeEach(() => {
  vi.useFakeTimers();
  const kept = new Map<string, string>();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => kept.set(name, text),
    removeItem: (name: string) => kept.delete(name),
  };
  // The stored items are own properties; the methods are not.
  vi.stubGlobal(
    'sessionStorage',
    new Proxy(storage, {
      ownKeys: () => [...kept.keys()],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    }),
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a save that fails during sign-out restores nothing; a page that stays keeps saving', () => {
  keep(NAME, ENTRIES);
  expect(readKept(NAME)?.entries).toEqual(ENTRIES);
  clearKept();
  keep(NAME, ENTRIES);
  expect(readKept(NAME)).toBeNull();
  vi.advanceTimersByTime(LEAVES_MS);
  keep(NAME, ENTRIES);
  expect(readKept(NAME)?.entries).toEqual(ENTRIES);
});
