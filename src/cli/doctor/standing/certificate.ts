import type pg from 'pg';
import { withClient } from '../../../lib/db/logins.ts';
import { type Finding, warning, wrong } from '../report.ts';

/** Whoever makes certificates for several machines plans it some weeks before. */
const WARNED_DAYS = 30;

/** Reads until when the database server's certificate is valid; null: the connection has no TLS. */
export const readCertificateEnd = (
  connection: pg.ConnectionConfig,
): Promise<Temporal.Instant | null> =>
  withClient(connection, async (client) => client.certificateEnd());

/** Warns of the database server's certificate when it ends soon. Pure. */
export function aboutDatabaseCertificate(
  end: Temporal.Instant | null,
  now: Temporal.Instant,
): Finding[] {
  if (!end) return [];
  const days = Math.floor(now.until(end).total('hours') / 24);
  if (days >= WARNED_DAYS) return [];
  const todo = 'Make new ones for all of its machines, with the same authority: docs/database.md.';
  return [
    days < 0
      ? wrong('The certificate of the database server has ended.', todo)
      : warning(`The certificate of the database server ends in ${days} days.`, todo),
  ];
}
