import type pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { testLogins } from '../testing.ts';
import { type Budget, createBudget, isOwedTo, nextOf } from './budget.ts';

const pools: pg.Pool[] = [];
afterEach(async () => {
  for (const each of pools.splice(0)) await each.end();
});

const poolOf = (budget: Budget, max = 10, options: pg.PoolConfig = {}): pg.Pool => {
  const pool = budget.pool({
    ...testLogins().owner,
    max,
    connectionTimeoutMillis: 20_000,
    ...options,
  });
  pools.push(pool);
  return pool;
};

const countOf = (totalCount: number, waitingCount = 0, most = 10) => ({
  ...{ totalCount, waitingCount, most },
  idleCount: 0,
});

test('who has fewest is next, unless its own limit is reached or nobody waits there', () => {
  const [rich, poor] = [countOf(8, 3), countOf(1, 1)];
  expect(nextOf([rich, poor, countOf(0)])).toBe(poor);
  expect(nextOf([rich, countOf(2, 5, 2)])).toBe(rich);
  expect(nextOf([countOf(3)])).toBe(null);
});

test('a connection goes to whoever has none, and is not exchanged for ever between two who have some', () => {
  expect(isOwedTo(countOf(0, 1), countOf(1))).toBe(true);
  expect(isOwedTo(countOf(0, 1), countOf(0))).toBe(false);
  expect(isOwedTo(countOf(3, 1), countOf(5))).toBe(true);
  expect(isOwedTo(countOf(3, 1), countOf(4))).toBe(false);
  expect(isOwedTo(countOf(4, 1), countOf(3))).toBe(false);
  expect(isOwedTo(null, countOf(3))).toBe(false);
});

test('all pools together keep to the limit, and everybody is served', async () => {
  const budget = createBudget(4);
  const towns = Array.from({ length: 12 }, () => poolOf(budget));
  let most = 0;
  const asked = towns.flatMap((town) =>
    Array.from({ length: 10 }, async () => {
      const { rows } = await town.query('select 1 as one');
      most = Math.max(most, budget.used());
      return rows[0]?.one as number;
    }),
  );
  expect((await Promise.all(asked)).reduce((sum, one) => sum + one, 0)).toBe(120);
  expect(most).toBe(4);
});

test('an idle connection of one town is closed for another', async () => {
  const budget = createBudget(1);
  const [one, other] = [poolOf(budget), poolOf(budget)];
  for (const each of [one, other, one]) {
    await each.query('select 1');
    expect([one.totalCount, other.totalCount]).toEqual(each === one ? [1, 0] : [0, 1]);
  }
});

test('a busy town that has all connections gives one to whoever comes', async () => {
  const budget = createBudget(2);
  const [busy, quiet] = [poolOf(budget), poolOf(budget)];
  let isEnough = false;
  const always = async () => {
    while (!isEnough) await busy.query('select 1');
  };
  const work = Promise.all(Array.from({ length: 8 }, always));
  for (let times = 0; times < 5; times++) await quiet.query('select 1');
  isEnough = true;
  await work;
  expect(budget.used()).toBeLessThanOrEqual(2);
});

test('what is held outside of pools counts, and room that it leaves is taken at once', async () => {
  const budget = createBudget(1);
  const release = budget.hold();
  const pool = poolOf(budget);
  const asked = pool.query('select 1 as one');
  await new Promise(setImmediate);
  expect(pool.waitingCount).toBe(1);
  release();
  release();
  expect((await asked).rowCount).toBe(1);
  expect(budget.used()).toBe(1);
});

test('a town whose database refuses takes no room from the others, and one that is closed gives its own back', async () => {
  const budget = createBudget(1);
  const wrong = poolOf(budget, 10, { database: 'none_of_this_name' });
  const good = poolOf(budget);
  const all = await Promise.allSettled([
    wrong.query('select 1'),
    good.query('select 1'),
    wrong.query('select 1'),
    good.query('select 1'),
  ]);
  expect(all.map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  await good.end();
  pools.splice(pools.indexOf(good), 1);
  expect(budget.used()).toBe(0);
});
