import type pg from 'pg';
import { expect, test, vi } from 'vitest';
import { isUnavailable } from '../database.ts';
import { atMost, inOneTurn } from './few.ts';

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

test('a request has one turn for all that it reads, until it is answered', async () => {
  const connect = atMost(1, async () => client());
  const read = async (order: string[], word: string) => {
    (await connect()).release();
    order.push(word);
  };
  const order: string[] = [];
  const ask = (name: string) =>
    inOneTurn(async () => {
      for (const n of [1, 2, 3]) await read(order, `${name}${n}`);
    });
  await Promise.all([ask('a'), ask('b'), read(order, 'alone')]);
  expect(order).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'alone']);
});

test('what goes on after the answer has turns of its own', async () => {
  const connect = atMost(1, async () => client());
  let goOn = () => {};
  const answered = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const afterwards = await inOneTurn(async () => {
    (await connect()).release();
    return [1, 2].map(() => answered.then(connect).then((each) => each.release()));
  });
  const held = await connect();
  goOn();
  held.release();
  await Promise.all(afterwards);
  (await connect()).release();
});

test('a request waits for all its connections no longer than for one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    let open = 0;
    /** A pool that is so full that it takes two seconds. */
    const full = () =>
      new Promise<pg.PoolClient>((resolve) => {
        const given = { release: () => open-- } as unknown as pg.PoolClient;
        setTimeout(() => resolve(given), 2_000);
        open++;
      });
    const connect = atMost(1, full, 5_000);
    let read = 0;
    const asked = inOneTurn(async () => {
      for (; read < 4; read++) (await connect()).release();
    }).catch((error) => error);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(read).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(isUnavailable(await asked)).toBe(true);
    // What comes too late goes back, and the turn went on.
    const next = connect();
    await vi.advanceTimersByTimeAsync(2_000);
    (await next).release();
    expect(open).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
