import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { type Context, openContext } from '../../src/context.ts';
import type { TownFile } from '../../src/domain/office/schema.ts';
import { applyTown } from '../../src/features/booking/administration/service.ts';
import { temporaryFolder } from './database.ts';
import { fineCpuOf, ownCpu, tree } from './processes.ts';
import { median, p95 } from './table.ts';
import { NOW } from './town.ts';

/** Runs `work` on the services of a process of their own database, which holds the town. */
export async function withServices<T>(
  town: TownFile,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const folder = temporaryFolder();
  const context = await openContext(
    readConfig({
      DATA_DIR: join(folder.path, 'data'),
      DEMO: '1',
      LOG_LEVEL: 'silent',
      CLOCK: NOW.toString(),
    }),
  );
  try {
    await applyTown(context.database.kysely, town, NOW);
    return await work(context);
  } finally {
    await context.close();
    folder.remove();
  }
}

/** The cost of one action, in ms, each time. */
export interface Cost {
  wall: number[];
  own: number[];
  database: number[];
}

export const noCost = (): Cost => ({ wall: [], own: [], database: [] });

/** Does it and notes its cost for this process, the database and the caller. */
export async function cost<T>(into: Cost, work: () => Promise<T>): Promise<T> {
  const others = tree(process.pid).slice(1);
  const before = [performance.now(), ownCpu(), fineCpuOf(others)] as const;
  const result = await work();
  into.wall.push(performance.now() - before[0]);
  into.own.push(ownCpu() - before[1]);
  into.database.push(fineCpuOf(others) - before[2]);
  return result;
}

/** "12.3 ms CPU: 4.5 ours, 7.8 database; p95 20 ms" */
export function formatCost({ wall, own, database }: Cost): string {
  const ours = median(own);
  const theirs = median(database);
  return `${(ours + theirs).toFixed(1)} ms CPU: ${ours.toFixed(1)} ours, ${theirs.toFixed(1)} database; p95 ${p95(wall).toFixed(0)} ms`;
}

/** How much of our and the database's CPU one takes beside another. */
export const ratio = (one: Cost, other: Cost): string =>
  ((median(one.own) + median(one.database)) / (median(other.own) + median(other.database))).toFixed(
    1,
  );
