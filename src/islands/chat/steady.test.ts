import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followSteadily, followWhileShown } from './steady.ts';

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

test('a page that is left hears nothing, and goes on when the browser shows it again', () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  followWhileShown('/stream', () => {});
  page.dispatchEvent(new Event('pagehide'));
  expect(FakeSource.made[0]?.readyState).toBe(FakeSource.CLOSED);
  page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
  expect(FakeSource.made).toHaveLength(1);
  page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  expect(FakeSource.made.map(({ readyState }) => readyState)).toEqual([2, 1]);
  page.dispatchEvent(new Event('pagehide'));
  expect(FakeSource.made[1]?.readyState).toBe(FakeSource.CLOSED);
});
