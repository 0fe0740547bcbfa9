import type pg from 'pg';
import { type Counter, verdictOn } from '../lockout.ts';
import { countTry } from './store.ts';

/** `isLast`: should it fail, its count is used up, which is to be told. */
export type Taken = { ok: true; isLast: boolean } | { ok: false; retryAfter: number };

/**
 * Takes a try from each counter in turn, before it is known how it ends: many at once get no more than one after another.
 * Who gets it right has them forgotten.
 */
export async function takeTry(pool: pg.Pool, counters: readonly Counter[]): Promise<Taken> {
  let isLast = false;
  for (const counter of counters) {
    const { number, secondsLeft } = await countTry(pool, counter);
    const verdict = verdictOn(number, counter.most);
    if (verdict === 'locked') return { ok: false, retryAfter: secondsLeft };
    isLast ||= verdict === 'last';
  }
  return { ok: true, isLast };
}
