import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from './api.ts';
import { until } from './processes.ts';

/** The answer to a client's request. */
export interface Told {
  externalId: string;
  start: string;
  /** The id of the appointment; null: refused, the time is taken. */
  id: string | null;
}

/**
 * Town halls' systems that book without a pause, each one request after the other, and ask again with the same
 * externalId until they have an answer: no answer at all and 503 mean that nobody knows.
 */
export interface Bookers {
  /** Every request that was answered 201, 200 or 409 so far. */
  told: Told[];
  /** Those that were left without an answer at least once, with the first status: 503, or 0 where none came. */
  unanswered: string[];
  /** Answers that must not be: anything other than 201, 200, 409, 503 or none. */
  wrong: string[];
  /** Waits until so many more have been booked. */
  booked(more: number): Promise<void>;
  /** Lets everybody finish the request that they are at. */
  stop(): Promise<void>;
}

/** What is killed comes back in its time, on a slow machine in minutes. */
const patiently: typeof until = (what, ask) => until(what, ask, 240);

let series = 0;

/** `pauseMs`: after each answer. */
export function startBookers(
  client: ApiClient,
  starts: string[],
  many: number,
  pauseMs = 0,
): Bookers {
  const told: Told[] = [];
  const wrong: string[] = [];
  const unanswered: string[] = [];
  const name = `serie-${++series}`;
  let next = 0;
  let bookedSoFar = 0;
  let isStopping = false;

  const one = async (externalId: string, start: string): Promise<void> => {
    let tries = 0;
    await patiently(`an answer about ${externalId}`, async () => {
      const { status, body } = await client.book(start, { externalId });
      if (status === 0 || status === 503) {
        if (tries++ === 0) unanswered.push(`${externalId}: ${status}`);
        return false;
      }
      if (status === 201 || status === 200) {
        // 200 to the first try would be another person's appointment.
        if (status === 200 && tries === 0) wrong.push(`200 at once: ${externalId}`);
        bookedSoFar++;
        told.push({ externalId, start, id: String(body.id) });
      } else if (status === 409 && body.type === '/problems/slot-taken') {
        told.push({ externalId, start, id: null });
      } else {
        wrong.push(`${status} ${JSON.stringify(body)}`);
      }
      return true;
    });
  };
  const work = async (): Promise<void> => {
    while (!isStopping) {
      // Neighbours want the same times, so that some are refused.
      const mine = next++;
      await one(`${name}-${mine}`, starts[Math.floor(mine / 4) % starts.length] ?? '');
      if (pauseMs > 0) await pause(pauseMs);
    }
  };
  const working = Array.from({ length: many }, work);
  const all = Promise.all(working);
  all.catch(() => {});
  return {
    told,
    wrong,
    unanswered,
    booked: async (more) => {
      const goal = bookedSoFar + more;
      await patiently(`${more} more bookings`, () => bookedSoFar >= goal || wrong.length > 0);
    },
    stop: async () => {
      isStopping = true;
      await all;
    },
  };
}
