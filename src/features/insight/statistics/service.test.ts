import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { within } from '../../../lib/db/database.ts';
import { testDatabase } from '../../../lib/db/testing.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createStatistics } from './service.ts';
import { testStatistics } from './testing.ts';
import type { Counts, Figures, Span } from './types.ts';

const { database, clock, offices, office, viewer, statistics, figures } =
  await testStatistics(50_000);
afterAll(() => database.close());

/** The same figures, counted one appointment after the other in plain SQL. */
async function plainly(side: string, also = 'true'): Promise<Map<string, Counts>> {
  const { rows } = await within(database.kysely, office.id, (tx) =>
    sql<Counts & { key: string }>`
      with tries as (
        select appointment_id, count(*) as tries, min(case when is_before_move then null else at end) as first_try
        from (
          select *, exists (select from event e where e.appointment_id = t.appointment_id and e.kind = 'moved' and e.at >= t.at) as is_before_move
          from attempt t
        ) t group by 1
      ),
      items as (
        select appointment_id, sum((kind = 'procedure')::int) as procedures, sum((kind = 'query')::int) as queries
        from encounter_item i join encounter e on e.id = i.encounter_id group by 1
      ), a as (
        select *, (starts at time zone 'Europe/Madrid')::date as local_day,
          extract(hour from starts at time zone 'Europe/Madrid')::int as local_hour,
          coalesce(case when started_at < first_try then started_at else first_try end, started_at) as first
        from appointment
          left join tries on tries.appointment_id = id
          left join items on items.appointment_id = id
          left join (select appointment_id, started_at, nullif(least(extract(epoch from ended_at - started_at)::int, 14400), 14400) as long from encounter) t on t.appointment_id = id
        where starts < timestamptz '2026-11-26T00:00:00+01:00' and starts >= timestamptz '2024-01-01T00:00:00+01:00'
      )
      select ${sql.raw(side)}::text as key, count(*)::int as booked,
        sum((status = 'fulfilled')::int)::int as fulfilled, sum((status = 'noshow')::int)::int as noshow,
        sum((status = 'cancelled')::int)::int as cancelled,
        sum(case when status = 'cancelled' then 0 else local_day - (created_at at time zone 'Europe/Madrid')::date end)::int as "waitDays",
        sum((first is not null)::int)::int as contacted, coalesce(sum((first <= starts + interval '5 minutes')::int), 0)::int as punctual,
        sum(case when first > starts then extract(epoch from first - starts)::int else 0 end)::int as "lateSeconds",
        coalesce(sum((tries > 0)::int), 0)::int as called, coalesce(sum(tries), 0)::int as attempts,
        sum((long is not null)::int)::int as closed, sum(coalesce(long, 0))::int as "talkedSeconds",
        coalesce(sum(procedures), 0)::int as procedures, coalesce(sum(queries), 0)::int as queries,
        0 as unbooked, 0 as unkept
      from a where ${sql.raw(also)} group by 1`.execute(tx),
  );
  return new Map(rows.map(({ key, ...counts }) => [key, counts]));
}

const grouped = (groups: Figures['by']['day']) =>
  new Map(groups.map(({ key, counts }) => [key, counts]));

describe('figures of 50,000 appointments', () => {
  test('are those that plain SQL counts, to the last unit, by every side', async () => {
    const { total, by } = await figures();
    expect(total.booked).toBeGreaterThan(49_000);
    expect(total).toEqual((await plainly("'all'")).get('all'));
    expect(grouped(by.channel)).toEqual(await plainly('channel'));
    expect(grouped(by.procedure)).toEqual(await plainly('procedure_id'));
    expect(grouped(by.language)).toEqual(await plainly('language'));
    expect(grouped(by.day)).toEqual(await plainly('extract(isodow from local_day)'));
    expect(grouped(by.month)).toEqual(await plainly("to_char(local_day, 'YYYY-MM-01')"));
  });

  test('are filtered by all of it at once', async () => {
    const span: Partial<Span> = {
      from: Temporal.PlainDate.from('2025-10-26'),
      to: Temporal.PlainDate.from('2026-03-29'),
      ...{ channel: 'video', language: 'es', procedure: office.procedures[1]!.id },
    };
    const { total } = await figures(span);
    const also = `channel = 'video' and language = 'es' and procedure_id = ${span.procedure} and local_day between '2025-10-26' and '2026-03-29'`;
    expect(total).toEqual((await plainly("'all'", also)).get('all'));
    expect(total.booked).toBeGreaterThan(20);
  });

  test.each([
    ['2025-02-01', '2025-02-28', 'one whole month'],
    ['2025-02-02', '2025-02-28', 'a month but its first day'],
    ['2025-02-01', '2025-02-27', 'a month but its last day'],
    ['2024-02-29', '2024-02-29', 'a day'],
    ['2025-03-20', '2025-04-10', 'the end of a month and the beginning of the next'],
    ['2024-12-31', '2026-01-01', 'a year, and a day before and after it'],
    ['2024-05-17', '2026-11-25', 'from the middle of a month until today'],
  ])('from %s to %s: %s', async (from, to) => {
    const span = { from: Temporal.PlainDate.from(from), to: Temporal.PlainDate.from(to) };
    const { total, by, hours, items } = await figures(span);
    const also = `local_day between '${from}' and '${to}'`;
    expect(total).toEqual((await plainly("'all'", also)).get('all'));
    expect(grouped(by.month)).toEqual(await plainly("to_char(local_day, 'YYYY-MM-01')", also));
    const booked = [...hours.values()].flat().reduce((sum, each) => sum + each, 0);
    expect(booked).toBe(total.booked);
    const done = items.reduce((sum, each) => sum + each.items, 0);
    expect(done).toBe(total.procedures + total.queries);
  });

  test('of a year by channel, beside the year before', async () => {
    const months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const of = async (year: number) => {
      const also = `to_char(local_day, 'YYYY') = '${year}' and extract(month from local_day) <= 10`;
      return [...(await plainly('channel', also))].map(([channel, { fulfilled }]) => ({
        ...{ channel, encounters: fulfilled, months },
      }));
    };
    const found = await statistics.yearOnYear(viewer, office, 2026);
    const byName = (all: { channel: string }[]) =>
      all.sort((a, b) => (a.channel < b.channel ? -1 : 1));
    expect(found).toEqual({
      ...{ year: 2026, months: 10, now: byName(await of(2026)), before: byName(await of(2025)) },
      handedIn: { now: [], before: [] },
    });
    expect((await statistics.yearOnYear(viewer, office, 2024))?.before).toEqual([]);
  });

  test('by hour of the week', async () => {
    const { hours } = await figures();
    const key = "extract(isodow from local_day) || ' ' || local_hour";
    const expected = new Map([...(await plainly(key))].map(([at, { booked }]) => [at, booked]));
    const found = [...hours].flatMap(([day, counts]) =>
      counts.flatMap((count, hour) => (count > 0 ? [[`${day} ${hour}`, count] as const] : [])),
    );
    expect(new Map(found)).toEqual(expected);
  });

  test('of what was carried out and answered, by what it was; of calls, and of surveys', async () => {
    const { items, calls, opinion } = await figures();
    const { rows } = await within(database.kysely, office.id, (tx) =>
      sql`select kind, i.procedure_id as procedure, query, count(*)::int as items
        from encounter_item i join encounter e on e.id = i.encounter_id join appointment a on a.id = e.appointment_id
        where a.starts < timestamptz '2026-11-26T00:00:00+01:00' group by 1, 2, 3 order by items desc`.execute(
        tx,
      ),
    );
    expect(items).toEqual(rows);
    const seen = await within(database.kysely, office.id, (tx) =>
      sql`select count(*)::int as calls, sum((path > 0)::int)::int as connected, sum((worst = 0)::int)::int as good,
          sum((worst = 1)::int)::int as fair, sum((worst = 2)::int)::int as poor
        from (select call_id, count(path) as path, max((word = 'fair')::int + 2 * (word = 'poor')::int) as worst
          from call_quality where ended_at < timestamptz '2026-11-26T00:00:00+01:00' group by 1) c`.execute(
        tx,
      ),
    );
    expect(calls).toEqual(seen.rows[0]);
    const said = await within(database.kysely, office.id, (tx) =>
      sql<{ score: number; count: number }>`select score, count(*)::int as count
        from survey_answer s join appointment a on a.id = s.appointment_id
        where a.starts < timestamptz '2026-10-01T00:00:00+02:00' and score is not null group by 1 order by 1`.execute(
        tx,
      ),
    );
    // October is over, and whoever was attended in its last days may still answer.
    expect(opinion.months.at(-1)).toBe('2026-09-01');
    expect(opinion.scores).toEqual(said.rows.map((row) => row.count));
  });
});

test('whoever imports figures of other channels sees them at once, although a standby doesn’t have them yet', async () => {
  const standby = await testDatabase();
  const behind = createStatistics({
    ...{ db: database.kysely, reading: standby.kysely, clock, offices },
    ...{ unit: testUnit(database.kysely, clock), key: installationKey(Buffer.alloc(32, 7)) },
  });
  const internet = async () =>
    (await behind.yearOnYear(viewer, office, 2026))?.now.find(
      (each) => each.channel === 'internet',
    );
  expect(await internet()).toBeUndefined();
  await behind.importOther(viewer, office, '2026-09,internet,1520', true);
  expect(await internet()).toEqual({ channel: 'internet', encounters: 1520, months: [9] });
  await standby.close();
});
