import type pg from 'pg';
import { median, type Row } from '../lib/table.ts';
import { deeds, FEW, ROUNDS, type Run, timed } from './timed.ts';

const INSERTS = 2_000;
const COLUMNS = 'office_id, appointment_id, actor, action, at, data';

/** The audit trail: small, large, and large in partitions of a year. */
export async function trail({ client, print, size }: Run): Promise<Row[]> {
  const rows: Row[] = [];
  const few = await writing(client, 'audit');
  const read = await reading(client, 'audit');
  print(`${size} records of the audit trail`);
  const began = performance.now();
  await client.query(deeds('audit', FEW + 1, size, size));
  rows.push({
    measure: `Adding ${size - FEW} records in one statement`,
    value: `${((performance.now() - began) / 1000).toFixed(0)} s`,
  });
  print('the same in partitions of a year');
  await partitioned(client, size);
  const whole: number[] = [];
  const parts: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    whole.push(await writing(client, 'audit'));
    parts.push(await writing(client, 'trail'));
  }
  const byDay = await reading(client, 'audit');
  const byDayParts = await reading(client, 'trail');
  const byAppointment = await ofOne(client, 'audit');
  const byAppointmentParts = await ofOne(client, 'trail');
  await client.query('drop table trail');
  return [
    ...rows,
    rowOf(`A record added to a trail of ${size}`, median(whole), few, `to one of ${FEW}`),
    rowOf('… the same', median(whole), median(parts), 'in partitions'),
    rowOf(`The newest page of a day of ${size}`, byDay, read, `of ${FEW}`),
    rowOf('… the same', byDay, byDayParts, 'in partitions'),
    rowOf(
      'What was done about one appointment',
      byAppointment,
      byAppointmentParts,
      'in partitions',
    ),
    ...(await freezing(client)),
  ];
}

const rowOf = (measure: string, value: number, other: number, what: string): Row => ({
  measure,
  value: `${value.toFixed(3)} ms`,
  against: `${what}: ${other.toFixed(3)} ms`,
  ratio: (value / other).toFixed(2),
});

/** Makes the same trail in partitions of a year. */
async function partitioned(client: pg.Client, size: number): Promise<void> {
  await client.query(`
    create table trail (id bigint not null, office_id integer, appointment_id uuid, actor text, action text, at timestamptz not null, data jsonb,
      primary key (id, at)) partition by range (at);
    create sequence trail_id; alter table trail alter column id set default nextval('trail_id');
    create index on trail (appointment_id, id); create index on trail (office_id, id); create index on trail (office_id, at);
    create index on trail (office_id, id) where action in ('act_consented', 'act_destroyed')`);
  for (let year = 2021; year < 2027; year++)
    await client.query(
      `create table trail_${year} partition of trail for values from ('${year}-01-01') to ('${year + 1}-01-01')`,
    );
  await client.query(deeds('trail', 1, size, size));
  for (const statement of ['vacuum analyze audit', 'vacuum analyze trail', 'checkpoint'])
    await client.query(statement);
}

/** Returns ms of one record in a transaction of its own, without waiting for the disk. */
async function writing(client: pg.Client, table: string): Promise<number> {
  await client.query('set synchronous_commit = off');
  if (table === 'audit') {
    const { rows } = await client.query(
      'select count(*)::int as rows from (select from audit limit 1) x',
    );
    if (rows[0].rows === 0) await client.query(deeds('audit', 1, FEW));
  }
  const statement = {
    name: `add-${table}`,
    text: `insert into ${table} (${COLUMNS}) values (1, $1, 'staff:7', 'opened', now(), '{"desk": 7}')`,
  };
  const began = performance.now();
  for (let nth = 0; nth < INSERTS; nth++)
    await client.query({ ...statement, values: [crypto.randomUUID()] });
  return (performance.now() - began) / INSERTS;
}

const reading = (client: pg.Client, table: string) =>
  timed(client, (nth) => ({
    text: `select t.* from ${table} t where office_id = 1 and at >= $1::timestamptz and at < $1::timestamptz + interval '1 day' order by id desc limit 50`,
    values: [`2021-01-0${1 + (nth % 9)}`],
  }));

const ofOne = (client: pg.Client, table: string) =>
  timed(client, (nth) => ({
    text: `select t.* from ${table} t where appointment_id = md5('a' || $1::int)::uuid order by id desc limit 500`,
    values: [1 + nth * 997],
  }));

/** What cleaning up writes: once by default and again when transactions are old, or frozen at once. */
async function freezing(client: pg.Client): Promise<Row[]> {
  const some = `create table later as select * from audit limit 1000000; create index on later (appointment_id, id)`;
  const walOf = async (statement: string) => {
    await client.query('checkpoint');
    const from = (await client.query('select pg_current_wal_insert_lsn() as at')).rows[0].at;
    await client.query(statement);
    const { rows } = await client.query(
      'select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1)::float8 as bytes',
      [from],
    );
    return rows[0].bytes / 1e6;
  };
  await client.query(some);
  const first = await walOf('vacuum later');
  const again = await walOf('vacuum (freeze) later');
  await client.query(`drop table later; ${some}`);
  const frozen = await walOf('vacuum (freeze) later');
  const nothing = await walOf('vacuum (freeze) later');
  await client.query('drop table later');
  return [
    {
      measure: 'WAL of cleaning up a million records: at once, and when transactions are old',
      value: `frozen at once: ${frozen.toFixed(0)} + ${nothing.toFixed(0)} MB`,
      against: `by default: ${first.toFixed(0)} + ${again.toFixed(0)} MB`,
      ratio: ((frozen + nothing) / (first + again)).toFixed(2),
    },
  ];
}
