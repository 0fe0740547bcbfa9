import type pg from 'pg';
import type { Host } from './address.ts';
import { DbClient, severalOf } from './client.ts';
import { type Looked, look } from './cluster.ts';

/** What the primary says of the servers that follow it. */
export interface Replication {
  /** The names of those that confirm each commit; empty: none has to. */
  synchronous: string;
  /** Whether commits of this login wait for them (`synchronous_commit`). */
  isWaited: boolean;
  /** How many follow it now. */
  following: number;
  /** How many of them are synchronous at this moment; null: the login may not see it. */
  confirming: number | null;
  /** How far they are behind, of the furthest; null: the login may not see it, or none follows. */
  behindSeconds: number | null;
}

/** One server of an address, and how it stands. */
export interface Standing extends Looked {
  /** What a standby has still to replay, in bytes of the primary's log; null: no standby, or not known. */
  behindBytes: number | null;
}

const REPLICATION = `
  select current_setting('synchronous_standby_names') as synchronous,
    current_setting('synchronous_commit') not in ('off', 'local') as "isWaited",
    count(*)::int as following,
    case when bool_and(state is not null) then (count(*) filter (where sync_state in ('sync', 'quorum')))::int end as confirming,
    extract(epoch from max(replay_lag))::float as "behindSeconds"
  from pg_stat_replication`;

/** Asks the server of a connection which others follow it. */
export async function readReplication(client: Pick<pg.ClientBase, 'query'>): Promise<Replication> {
  const { rows } = await client.query<Replication>(REPLICATION);
  const read = rows[0]!;
  return read.following === 0 ? { ...read, confirming: 0 } : read;
}

/** Looks at each server of an address, in its order; null: the address has one. */
export async function readStandings(
  connection: pg.ConnectionConfig,
  primary: Pick<pg.ClientBase, 'query'>,
): Promise<Standing[] | null> {
  const hosts = severalOf(connection);
  if (!hosts || hosts.length < 2) return null;
  return Promise.all(hosts.map((place) => standingOf(place, connection, primary)));
}

async function standingOf(
  place: Host,
  connection: pg.ConnectionConfig,
  primary: Pick<pg.ClientBase, 'query'>,
): Promise<Standing> {
  const looked = await look(place, connection);
  if (!looked.facts?.isStandby) return { ...looked, behindBytes: null };
  const hosts = { hosts: [place], sessions: 'any' as const };
  const client = new DbClient({ ...connection, ...hosts, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ lsn: string | null }>(
      'select pg_last_wal_replay_lsn()::text as lsn',
    );
    const behind = await primary.query<{ bytes: number }>(
      'select greatest(pg_current_wal_lsn() - $1::pg_lsn, 0)::float as bytes',
      [rows[0]?.lsn ?? null],
    );
    return { ...looked, behindBytes: behind.rows[0]?.bytes ?? null };
  } catch (error) {
    return { place, facts: null, error: error as Error, behindBytes: null };
  } finally {
    await client.end().catch(() => {});
  }
}
