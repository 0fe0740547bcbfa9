import { cpuOf, fineCpuOf, tree } from './processes.ts';
import type { Server } from './server.ts';

/** Works take turns this many at a time, so that other work on the machine hits them alike. */
const AT_ONCE = 10;

/** The costs of a work, of one time each, in ms: of the clock, and of the server's and the database's processors. */
export interface Cost {
  wall: number[];
  server: number[];
  database: number[];
}

/** Adds what the turns of a round cost on average. */
export function keep(into: Cost, turns: Cost): void {
  for (const what of ['wall', 'server', 'database'] as const)
    into[what].push(turns[what].reduce((sum, each) => sum + each, 0) / turns[what].length);
}

export const cost = (): Cost => ({ wall: [], server: [], database: [] });

/** Does it many times, one after the other, and notes what one cost. */
export async function time(
  server: Server,
  work: () => Promise<unknown>,
  into: Cost,
): Promise<void> {
  const backends = tree(server.pid).filter((pid) => pid !== server.pid);
  const before = [performance.now(), cpuOf(server.pid), fineCpuOf(backends)] as const;
  for (let n = 0; n < AT_ONCE; n++) await work();
  into.wall.push((performance.now() - before[0]) / AT_ONCE);
  into.server.push((cpuOf(server.pid) - before[1]) / AT_ONCE);
  into.database.push((fineCpuOf(backends) - before[2]) / AT_ONCE);
}
