import pg from 'pg';
import { median, type Row } from '../lib/table.ts';
import { type Run, timed } from './timed.ts';

const DAYS = 4;

/** The queue of notices among years of sent ones, after days in which each new one changed twice, and after it was cleaned up. */
export async function queue({ client, print, size }: Run): Promise<Row[]> {
  const notices = size / 2;
  const aDay = notices / 40;
  print(`${notices} notices`);
  const add = (from: number, to: number, sent: string) => `
    insert into notice (id, office_id, appointment_id, kind, channel, recipient, language, facts, created_at, not_before, admitted_at, next_try_at, sent_at)
    select md5('n' || n)::uuid, 1, md5('a' || n / 3)::uuid, 'confirmation', 'email', 'maria.' || n || '@example.org', 'ca',
      '{"start": "2026-01-05T09:00:00Z", "channel": "phone"}', now(), now(), now(), now(), ${sent} from generate_series(${from}, ${to}) n`;
  await client.query(add(1, notices, 'now()'));
  await client.query('vacuum analyze notice');
  const due = () =>
    timed(client, () => ({
      name: 'due',
      text: 'select min(next_try_at) from notice where sent_at is null and dropped_at is null and failed_at is null',
    }));
  const lease = async () => {
    const { rows } = await client.query(
      `explain (analyze, buffers, format json) select id from notice where sent_at is null and dropped_at is null and failed_at is null and next_try_at <= now()
       order by next_try_at limit 10`,
    );
    const plan = rows[0]['QUERY PLAN'][0];
    return {
      ms: plan['Execution Time'] as number,
      pages: (plan.Plan['Shared Hit Blocks'] + plan.Plan['Shared Read Blocks']) as number,
    };
  };
  const clean = await due();
  // A reader of long ago keeps what is dead from being passed over: a report, or a backup that runs.
  const old = new pg.Client({ ...connectionOf(client) });
  await old.connect();
  await old.query('begin isolation level repeatable read; select 1');
  await liveDays(client, { first: notices + 1, aDay, add });
  const held = await lease();
  await old.query('commit');
  await old.end();
  const dirty = await due();
  const before = await lease();
  const began = performance.now();
  await client.query('vacuum notice');
  const took = performance.now() - began;
  const after = await due();
  const cleaned = await lease();
  const { rows } = await client.query(
    `select pg_relation_size('notice_due')::float8 / 1e6 as size`,
  );
  const dead = DAYS * aDay * 2;
  return [
    {
      measure: `Looking for what is due among ${notices} notices, with ${dead} dead rows (the default cleans up at ${(notices + DAYS * aDay) / 5})`,
      value: `${dirty.toFixed(3)} ms; first look ${before.ms.toFixed(2)} ms, ${before.pages} pages; beside an old reader ${held.ms.toFixed(2)} ms, ${held.pages} pages`,
      against: `cleaned up: ${after.toFixed(3)} ms; ${cleaned.ms.toFixed(2)} ms, ${cleaned.pages} pages; before: ${clean.toFixed(3)} ms`,
      ratio: (before.ms / cleaned.ms).toFixed(1),
    },
    {
      measure: '… cleaning up',
      value: `${took.toFixed(0)} ms; the index of the queue has ${rows[0].size.toFixed(1)} MB`,
    },
  ];
}

/** Adds the notices of some days, each of which changes twice. */
async function liveDays(
  client: pg.Client,
  {
    first,
    aDay,
    add,
  }: { first: number; aDay: number; add(from: number, to: number, sent: string): string },
): Promise<void> {
  for (let day = 0; day < DAYS; day++) {
    const from = first + day * aDay;
    const to = from + aDay - 1;
    await client.query(add(from, to, 'null'));
    const these = `id in (select md5('n' || n)::uuid from generate_series(${from}, ${to}) n)`;
    await client.query(
      `update notice set next_try_at = now() + interval '2 minutes', attempts = 1 where ${these}`,
    );
    await client.query(`update notice set sent_at = now() where ${these}`);
  }
}

/** Claiming a time where others were held and given back, before and after that was cleaned up. */
export async function holds({ client, print }: Run): Promise<Row[]> {
  print('times of desks');
  const { rows: desks } = await client.query<{ ids: number[] }>(
    'select array_agg(id) as ids from desk',
  );
  const starts = (day: string, days: number) => `
    select d as desk, day + time '09:00' + n * interval '20 minutes' as at
    from unnest($1::int[]) d, generate_series(${day}, ${day} + ${days - 1} * interval '1 day', interval '1 day') day, generate_series(0, 14) n`;
  const add = (held: string) =>
    `insert into desk_time (office_id, desk_id, starts, ends, during, hold_until)
     select 1, desk, at, at + interval '15 minutes', tstzrange(at, at + interval '20 minutes'), ${held} from`;
  const ids = [desks[0]?.ids];
  await client.query(`${add('null')} (${starts("timestamptz '2025-06-01'", 60)}) x`, ids);
  await client.query('vacuum analyze desk_time');
  const claim = async () => {
    const taken: number[] = [];
    for (let nth = 0; nth < 250; nth++) {
      const began = performance.now();
      await client.query({
        name: 'claim',
        text: `select time_id from claim_time(1, $1, $2::timestamptz, $2::timestamptz + interval '15 minutes', $2::timestamptz + interval '20 minutes',
          tstzrange($2::timestamptz - interval '10 hours', $2::timestamptz + interval '14 hours'), '2026-01-01', null, null)`,
        values: [desks[0]?.ids, `2026-01-0${5 + (nth % 5)} ${10 + (nth % 4)}:00`],
      });
      if (nth >= 50) taken.push(performance.now() - began);
    }
    await client.query(`delete from desk_time where starts > '2026-01-01' and hold_until is null`);
    return median(taken);
  };
  const clean = await claim();
  await client.query('vacuum desk_time');
  for (let time = 0; time < 2; time++) {
    await client.query(`${add("'2026-01-02'")} (${starts("timestamptz '2026-01-05'", 5)}) x`, ids);
    await client.query('delete from desk_time where hold_until is not null');
  }
  const dirty = await claim();
  await client.query('vacuum desk_time');
  const after = await claim();
  return [
    {
      measure:
        'Claiming one of 200 desks, where each time was held and given back twice (30,000 dead rows; the default cleans up at 36,000)',
      value: `${dirty.toFixed(2)} ms`,
      against: `cleaned up: ${after.toFixed(2)} ms; before: ${clean.toFixed(2)} ms`,
      ratio: (dirty / after).toFixed(2),
    },
  ];
}

const connectionOf = ({ host, port, user, password, database }: pg.Client) => ({
  host,
  port,
  ...(user !== undefined && { user }),
  ...(typeof password === 'string' && { password }),
  ...(database !== undefined && { database }),
});
