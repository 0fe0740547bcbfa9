import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { recentReads } from './recent-reads.ts';
import { testReads } from './testing.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('whoever asks alone reads anew', async () => {
  const { begun, state, read } = testReads();
  const { get } = recentReads<string>();
  const first = get('town', read);
  begun[0]?.end();
  expect(await first).toBe('first');
  state.value = 'changed';
  const second = get('town', read);
  begun[1]?.end();
  expect(await second).toBe('changed');
});

test('whoever asks while a read runs gets its answer', async () => {
  const { begun, read } = testReads();
  const { get } = recentReads<string>();
  const all = [get('town', read), get('town', read), get('town', read)];
  expect(begun).toHaveLength(1);
  begun[0]?.end();
  expect(await Promise.all(all)).toEqual(['first', 'first', 'first']);
});

test('an answer that several shared is used for its time, counted from the beginning of the read', async () => {
  const { begun, read } = testReads();
  const { get } = recentReads<string>();
  const both = [get('town', read), get('town', read)];
  await vi.advanceTimersByTimeAsync(10);
  begun[0]?.end();
  await Promise.all(both);
  await vi.advanceTimersByTimeAsync(14);
  expect(await get('town', read)).toBe('first');
  await vi.advanceTimersByTimeAsync(1);
  get('town', read);
  expect(begun).toHaveLength(2);
});

test('whoever asks after a change that was told reads anew, also while an older read runs', async () => {
  const { begun, state, read } = testReads();
  const { get, forget } = recentReads<string>();
  const before = [get('town', read), get('town', read)];
  state.value = 'changed';
  forget();
  const after = get('town', read);
  for (const each of begun) each.end();
  expect(await Promise.all(before)).toEqual(['first', 'first']);
  expect(await after).toBe('changed');
});

test('nothing is shared between different things', () => {
  const { begun, read } = testReads();
  const { get } = recentReads<string>();
  get('one', read);
  get('other', read);
  expect(begun).toHaveLength(2);
});

test('a read that fails fails for those who share it, and is not kept', async () => {
  const { begun, read } = testReads();
  const { get } = recentReads<string>();
  const both = [get('town', read), get('town', read)];
  begun[0]?.fail();
  for (const each of both) await expect(each).rejects.toThrow('away');
  const third = get('town', read);
  begun[1]?.end();
  expect(await third).toBe('first');
});

test('a read that takes long is joined only while its answer will be recent', async () => {
  const { begun, read } = testReads();
  const { get } = recentReads<string>();
  get('town', read);
  await vi.advanceTimersByTimeAsync(24);
  get('town', read);
  expect(begun).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  const later = get('town', read);
  expect(begun).toHaveLength(2);
  begun[1]?.end();
  expect(await later).toBe('first');
});

describe('while many ask', () => {
  /** Several share an answer that has come, and somebody asks when it is nearly too old. */
  async function nearlyOld() {
    const { begun, state, read } = testReads();
    const { get, forget } = recentReads<string>();
    const both = [get('town', read), get('town', read)];
    begun[0]?.end();
    await Promise.all(both);
    state.value = 'changed';
    await vi.advanceTimersByTimeAsync(20);
    expect(await get('town', read)).toBe('first');
    expect(begun).toHaveLength(2);
    return { begun, forget, ask: () => get('town', read) };
  }

  test('an answer is read again before it is too old, and nobody waits for that', async () => {
    const { begun, ask } = await nearlyOld();
    begun[1]?.end();
    await vi.advanceTimersByTimeAsync(10);
    expect(await ask()).toBe('changed');
    expect(begun).toHaveLength(2);
  });

  test('whoever asks after its end waits for the read that has begun', async () => {
    const { begun, ask } = await nearlyOld();
    await vi.advanceTimersByTimeAsync(5);
    const late = ask();
    expect(begun).toHaveLength(2);
    begun[1]?.end();
    expect(await late).toBe('changed');
  });

  test('that read is used by nobody after a change that was told, and fails for nobody', async () => {
    const told = await nearlyOld();
    told.forget();
    told.begun[1]?.end();
    const after = told.ask();
    expect(told.begun).toHaveLength(3);
    told.begun[2]?.end();
    await after;

    const failing = await nearlyOld();
    failing.begun[1]?.fail();
    await vi.advanceTimersByTimeAsync(5);
    const later = failing.ask();
    failing.begun[2]?.end();
    expect(await later).toBe('changed');
  });
});
