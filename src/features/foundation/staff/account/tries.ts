import type pg from 'pg';
import { type Counter, verdictOn } from '../lockout.ts';
import { countTry } from './store.ts';

/** `isLast`: a failure uses up the counter and must be reported. */
export type Taken = { ok: true; isLast: boolean } | { ok: false; retryAfter: number };

/**
 * Counts a try in each counter in turn before its result is known, so parallel tries get no more than sequential ones.
 * After a success, the tries are deleted.
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
