import pg from 'pg';
import { findEmbedded } from '../../src/lib/db/embedded.ts';

/** The state of the database, read around the service. */
export interface Truth {
  /** Appointments that have not been cancelled, each with how many confirmations it was owed. */
  appointments: { id: string; externalId: string | null; start: string; notices: number }[];
  /** Pairs of appointments of one desk that overlap, each with the buffer after it; `withoutTime` counts those that hold no time. */
  overlaps: number;
  /** Appointments that hold no time of their desk, or another one than they say. */
  withoutTime: number;
  /** Stretches of time that are neither a hold nor an appointment's. */
  strayTimes: number;
  /** Rows of desk_day that differ from what desk_time says, in either direction. */
  wrongDays: number;
  /** externalIds that more than one appointment has. */
  repeated: number;
  /** Appointments whose events don't begin with exactly one "booked". */
  withoutEvent: number;
}

/** How to reach the database of a server as its owner: DATABASE_URL, or the embedded one by its socket. */
export function connectionOf(server: { dataDir: string }, url?: string): pg.ConnectionConfig {
  if (url) return { connectionString: url };
  const running = findEmbedded(server.dataDir);
  if (!running) throw new Error(`Nobody serves ${server.dataDir}`);
  return running.logins.owner;
}

/** Runs one statement that sees every office. */
export async function query<R extends pg.QueryResultRow>(
  connection: pg.ConnectionConfig,
  statement: string,
): Promise<R[]> {
  const client = new pg.Client(connection);
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query("select set_config('app.office', '*', false)");
    return (await client.query<R>(statement)).rows;
  } finally {
    await client.end();
  }
}

// Minutes that are taken, one row each, counted from the stretches themselves: a second way to what the trigger keeps.
const MINUTES_OF_TIME = `
  select desk_id, floor(extract(epoch from minute) / 86400)::int as day, floor(extract(epoch from minute) / 60)::int as minute
  from desk_time, generate_series(lower(during), upper(during) - interval '1 minute', interval '1 minute') as minute`;
const MINUTES_OF_DAY = `
  select desk_id, day, minute from desk_day, unnest(coalesce(spans::int4multirange, busy)) as part,
    generate_series(lower(part), upper(part) - 1) as minute`;

export async function readTruth(connection: pg.ConnectionConfig): Promise<Truth> {
  const count = async (statement: string) =>
    Number(
      (await query<{ n: string }>(connection, `select count(*) as n from (${statement}) x`))[0]?.n,
    );
  const appointments = await query<{
    id: string;
    externalId: string | null;
    start: Date;
    notices: string;
  }>(
    connection,
    `select id, external_id as "externalId", starts as start,
       (select count(*) from notice n where n.appointment_id = a.id and n.kind = 'confirmation') as notices
     from appointment a where status <> 'cancelled' order by starts, id`,
  );
  return {
    appointments: appointments.map((each) => ({
      ...each,
      start: each.start.toISOString(),
      notices: Number(each.notices),
    })),
    overlaps: await count(
      `select from appointment a join appointment b on a.desk_id = b.desk_id and a.id < b.id
       where a.status <> 'cancelled' and b.status <> 'cancelled' and a.time_id is not null and b.time_id is not null
         and a.starts < b.ends + interval '5 minutes' and b.starts < a.ends + interval '5 minutes'`,
    ),
    withoutTime: await count(
      `select from appointment a left join desk_time t on t.id = a.time_id
       where a.status <> 'cancelled'
         and (t.id is null or t.desk_id <> a.desk_id or t.starts <> a.starts or t.ends <> a.ends)`,
    ),
    strayTimes: await count(
      `select from desk_time t where hold_until is null
         and not exists (select from appointment a where a.time_id = t.id)`,
    ),
    wrongDays: await count(
      `(${MINUTES_OF_TIME} except ${MINUTES_OF_DAY}) union all (${MINUTES_OF_DAY} except ${MINUTES_OF_TIME})`,
    ),
    repeated: await count(
      `select external_id from appointment where external_id is not null group by office_id, external_id having count(*) > 1`,
    ),
    withoutEvent: await count(
      `select from appointment a
       where 1 <> (select count(*) from event e where e.appointment_id = a.id and e.kind = 'booked')`,
    ),
  };
}

/** The invariants. */
export const SOUND = {
  overlaps: 0,
  withoutTime: 0,
  strayTimes: 0,
  wrongDays: 0,
  repeated: 0,
  withoutEvent: 0,
} as const;
