import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followSteadily } from './steady.ts';

/** A stream of a browser that the test refuses or breaks. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 1;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    FakeSource.made.push(this);
  }
  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
  fail(isRefused: boolean): void {
    this.readyState = isRefused ? FakeSource.CLOSED : 0;
    this.dispatchEvent(new Event('error'));
  }
}

beforeEach(() => {
  FakeSource.made = [];
  vi.stubGlobal('EventSource', FakeSource);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a refused stream is followed anew, with the same listeners; a broken one is the browser’s', () => {
  const heard = vi.fn();
  const stop = followSteadily('/stream', (source) => source.addEventListener('changed', heard));
  FakeSource.made[0]?.fail(false);
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.made).toHaveLength(1);
  FakeSource.made[0]?.fail(true);
  vi.advanceTimersByTime(7_000);
  expect(FakeSource.made.map(({ url }) => url)).toEqual(['/stream', '/stream']);
  FakeSource.made[1]?.dispatchEvent(new Event('changed'));
  expect(heard).toHaveBeenCalledOnce();

  FakeSource.made[1]?.fail(true);
  stop();
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.made).toHaveLength(2);
});

test('an ended one makes no other', () => {
  const stop = followSteadily('/stream', () => {});
  stop();
  FakeSource.made[0]?.fail(true);
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.made).toHaveLength(1);
});
