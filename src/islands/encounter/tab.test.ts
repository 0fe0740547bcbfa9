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
  // Names of what is kept are its own; the methods aren't.
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

test('a save that fails while somebody signs out brings nothing back; who stays goes on', () => {
  keep(NAME, ENTRIES);
  expect(readKept(NAME)?.entries).toEqual(ENTRIES);
  clearKept();
  keep(NAME, ENTRIES);
  expect(readKept(NAME)).toBeNull();
  vi.advanceTimersByTime(LEAVES_MS);
  keep(NAME, ENTRIES);
  expect(readKept(NAME)?.entries).toEqual(ENTRIES);
});
