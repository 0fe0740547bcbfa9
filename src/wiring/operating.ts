import { createOperating } from '../features/insight/operating/service.ts';
import type { Certificate } from '../features/insight/operating/types.ts';
import { certificateUntil } from '../lib/http/certificate.ts';
import { validUntil } from '../lib/seal/certificate.ts';
import { VERSION } from '../paths.ts';
import type { Base } from './base.ts';

/** Wires what is known of how the installation runs. */
export function wireOperating(base: Base) {
  const { config, clock, database, streams } = base;
  const { pool } = database;
  return createOperating({
    db: database.kysely,
    clock,
    version: VERSION,
    dataDir: config.dataDir,
    isBackupScheduled: config.backups !== null,
    pool: () => ({
      total: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      most: config.databasePool,
    }),
    standby: () => base.reading.standby(),
    streams: () => streams.count(),
    certificates: certificatesOf(base),
  });
}

/** A certificate changes rarely, and asking for it is a connection. */
const KEPT_MINUTES = 10;

function certificatesOf({ config }: Base) {
  const [seal] = config.seal?.certificates ?? [];
  const ofSeal: Certificate[] = seal ? [{ of: 'seal', until: validUntil(seal) }] : [];
  const isPublic = new URL(config.baseUrl).protocol === 'https:';
  let asked: { at: Temporal.Instant; until: Promise<Temporal.Instant | null> } | null = null;
  return async (now: Temporal.Instant): Promise<readonly Certificate[]> => {
    if (!isPublic) return ofSeal;
    if (!asked || now.since(asked.at).total('minutes') >= KEPT_MINUTES)
      asked = { at: now, until: certificateUntil(config.baseUrl) };
    return [{ of: 'address', until: await asked.until }, ...ofSeal];
  };
}
