import type pg from 'pg';
import { expect, test } from 'vitest';
import { isUnavailable } from '../database.ts';
import { atMost } from './few.ts';

const client = () => ({ release: () => {} }) as unknown as pg.PoolClient;

test('so many at once, and the others in their order', async () => {
  let open = 0;
  const connect = atMost(2, async () => {
    open++;
    return { release: () => open-- } as unknown as pg.PoolClient;
  });
  const order: number[] = [];
  const [one, two] = await Promise.all([connect(), connect()]);
  const later = [3, 4].map(async (n) => {
    const got = await connect();
    order.push(n);
    return got;
  });
  expect(open).toBe(2);
  one?.release();
  await later[0];
  expect([open, ...order]).toEqual([2, 3]);
  two?.release();
  const [third, fourth] = await Promise.all(later);
  third?.release();
  fourth?.release();
  expect([open, ...order]).toEqual([0, 3, 4]);
});

test('who waits for too long is told that no connection was free, and takes nobody’s turn', async () => {
  const connect = atMost(1, async () => client(), 1);
  const first = await connect();
  const error = await connect().catch((each) => each);
  expect(isUnavailable(error)).toBe(true);
  first.release();
  (await connect()).release();
});

test('a connection that fails leaves its turn', async () => {
  let isAway = true;
  const connect = atMost(1, async () => {
    if (isAway) throw new Error('Connection terminated');
    return client();
  });
  await expect(connect()).rejects.toThrow('terminated');
  isAway = false;
  (await connect()).release();
});
