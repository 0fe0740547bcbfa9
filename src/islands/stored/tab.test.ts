import { afterEach, expect, test, vi } from 'vitest';
import { keepInTab, recallInTab } from './tab.ts';

afterEach(() => vi.unstubAllGlobals());

test('a text is kept, recalled and removed', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => kept.set(name, text),
    removeItem: (name: string) => kept.delete(name),
  });
  expect(recallInTab('room')).toBeNull();
  keepInTab('room', '/a');
  expect(recallInTab('room')).toBe('/a');
  keepInTab('room', null);
  expect(recallInTab('room')).toBeNull();
});

test('where the browser blocks storage, nothing is kept and nothing fails', () => {
  vi.stubGlobal(
    'sessionStorage',
    new Proxy(
      {},
      {
        get: () => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        },
      },
    ),
  );
  keepInTab('room', '/a');
  keepInTab('room', null);
  expect(recallInTab('room')).toBeNull();
});
