import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import { createOperating, type OperatingDeps } from './service.ts';

/** Returns the service on a database of a test, of a process with nothing else. */
export const testOperating = (
  { db, clock }: { db: Db; clock: Clock },
  more: Partial<OperatingDeps> = {},
) =>
  createOperating({
    db,
    clock,
    version: '0.1.0',
    dataDir: '/',
    isBackupScheduled: true,
    pool: () => ({ total: 3, idle: 1, waiting: 0, most: 16 }),
    standby: async () => ({ asOf: clock.now(), behindSeconds: 0, isUsed: true, trouble: null }),
    streams: () => 2,
    certificates: async (now) => [
      { of: 'address', until: now.add({ hours: 24 * 80 }) },
      { of: 'seal', until: now.add({ hours: 24 * 10 }) },
    ],
    ...more,
  });
