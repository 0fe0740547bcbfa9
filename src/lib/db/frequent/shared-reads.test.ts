import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sharedReads } from './shared-reads.ts';
import { testReads } from './testing.ts';

/** Lets what waits for an ended read go on. */
const settle = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('whoever asks during a read shares the next one, and sees what was changed before', async () => {
  const { begun, state, read } = testReads();
  const ask = sharedReads<string>();
  const first = ask('town', read);
  state.value = 'changed';
  const others = [ask('town', read), ask('town', read), ask('town', read)];
  expect(begun).toHaveLength(1);
  begun[0]?.end();
  expect(await first).toBe('first');
  await settle();
  expect(begun).toHaveLength(2);
  begun[1]?.end();
  expect(await Promise.all(others)).toEqual(['changed', 'changed', 'changed']);
});

test('who asks during the next one shares the one after it', async () => {
  const { begun, state, read } = testReads();
  const ask = sharedReads<string>();
  ask('town', read);
  const second = ask('town', read);
  begun[0]?.end();
  await settle();
  state.value = 'changed';
  const third = ask('town', read);
  begun[1]?.end();
  await settle();
  begun[2]?.end();
  expect(await Promise.all([second, third])).toEqual(['first', 'changed']);
});

test('nothing is shared between different things', async () => {
  const { begun, read } = testReads();
  const ask = sharedReads<string>();
  const both = [ask('one', read), ask('other', read)];
  expect(begun).toHaveLength(2);
  for (const each of begun) each.end();
  await Promise.all(both);
});

test('a read that fails fails only for those who share it', async () => {
  const { begun, read } = testReads();
  const ask = sharedReads<string>();
  const first = ask('town', read);
  const second = ask('town', read);
  begun[0]?.fail();
  await expect(first).rejects.toThrow('away');
  await settle();
  begun[1]?.end();
  expect(await second).toBe('first');
  const third = ask('town', read);
  expect(begun).toHaveLength(3);
  begun[2]?.end();
  await third;
});

test('nobody waits for a read that hangs', async () => {
  const { begun, read } = testReads();
  const ask = sharedReads<string>();
  ask('town', read);
  const waiting = ask('town', read);
  await vi.advanceTimersByTimeAsync(1_001);
  expect(begun).toHaveLength(2);
  begun[1]?.end();
  expect(await waiting).toBe('first');
  const later = ask('town', read);
  expect(begun).toHaveLength(3);
  begun[2]?.end();
  await later;
});
