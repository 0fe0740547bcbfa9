import { expect, test } from 'vitest';
import { closeAll } from './close-all.ts';

test('each step is taken in its order, also after one that failed', async () => {
  const taken: string[] = [];
  const step = (name: string, error?: Error) => async () => {
    await null;
    taken.push(name);
    if (error) throw error;
  };
  const away = new Error('away');
  await expect(closeAll(step('worker', away), step('notifier'), step('pool'))).rejects.toBe(away);
  expect(taken).toEqual(['worker', 'notifier', 'pool']);
});

test('of several errors none is lost', async () => {
  const fails = (words: string) => () => Promise.reject(new Error(words));
  const error = await closeAll(fails('first'), fails('second')).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(SuppressedError);
  expect(error).toMatchObject({ error: { message: 'second' }, suppressed: { message: 'first' } });
});
