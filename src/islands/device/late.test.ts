import { expect, test, vi } from 'vitest';
import { ifWanted } from './late.ts';

test('a stream that is no longer wanted is stopped', () => {
  const stop = vi.fn();
  const stream = { getTracks: () => [{ stop }, { stop }] } as unknown as MediaStream;
  expect(ifWanted(stream, true)).toBe(stream);
  expect(stop).not.toHaveBeenCalled();
  expect(ifWanted(stream, false)).toBeNull();
  expect(stop).toHaveBeenCalledTimes(2);
  expect(ifWanted(null, false)).toBeNull();
});
