import type { Clock } from '../../../lib/clock.ts';
import type { WorkerLog } from './types.ts';

/** What a worker knows of the servers to which it hands messages, in this process. */
export interface ServerWatch {
  /** A server did not answer. `server`: its name in words, such as `The mail server`. */
  isAway(server: string, code: string): void;
  /** A server answered, whatever it said. */
  answered(server: string): void;
}

/** The least time between two lines about a server that stays away. */
const LINE_MINUTES = 10;

interface Away {
  since: Temporal.Instant;
  told: Temporal.Instant;
  tries: number;
}

/**
 * Writes one line to the log when a server stops answering, one every ten minutes while it stays away, and one when it is back, rather than a
 * line for each message and try.
 */
export function watchServers({ clock, log }: { clock: Clock; log: WorkerLog }): ServerWatch {
  const away = new Map<string, Away>();
  const minutes = (from: Temporal.Instant) => Math.floor(clock.now().since(from).total('minutes'));
  return {
    isAway(server, code) {
      const now = clock.now();
      const known = away.get(server);
      if (!known) {
        away.set(server, { since: now, told: now, tries: 1 });
        return log.warn({ code }, `${server} does not answer; messages wait and are tried again`);
      }
      known.tries++;
      if (minutes(known.told) < LINE_MINUTES) return;
      known.told = now;
      const about = { code, minutes: minutes(known.since), tries: known.tries };
      log.warn(about, `${server} still does not answer`);
    },
    answered(server) {
      const known = away.get(server);
      if (!known) return;
      away.delete(server);
      log.info({ minutes: minutes(known.since), tries: known.tries }, `${server} answers again`);
    },
  };
}
