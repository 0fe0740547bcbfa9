import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { ClockJumped } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { testRetention } from '../../testing.ts';
import { ALL, testStatistics } from './testing.ts';

const { database, clock, offices, office, viewer, statistics, figures } =
  await testStatistics(3_000);
afterAll(() => database.close());

describe('what changes afterwards', () => {
  const one = (text: string) =>
    within(database.kysely, office.id, (tx) => sql.raw(text).execute(tx));
  const event = (id: string, kind: string, data = '{}') =>
    one(`insert into event (office_id, appointment_id, kind, at, actor, data)
      values (${office.id}, '${id}', '${kind}', '${clock.now()}', 'staff:1', '${data}')`);
  const anyOf = async (where: string): Promise<string> => {
    const { rows } = await one(`select id from appointment where ${where} order by id limit 1`);
    return (rows[0] as { id: string }).id;
  };

  test('of an old day, an encounter closed late or a survey, is counted by the next pass', async () => {
    const id = await anyOf("status = 'booked' and starts < '2025-01-01'");
    await one(`update appointment set status = 'fulfilled' where id = '${id}'`);
    await event(id, 'fulfilled');
    const before = (await figures()).total.fulfilled;
    await statistics.pass();
    expect((await figures()).total.fulfilled).toBe(before + 1);
  });

  test('leaves the day that an appointment is moved from', async () => {
    const id = await anyOf("status = 'booked' and starts between '2025-01-02' and '2025-02-01'");
    const { rows } = await one(`select starts from appointment where id = '${id}'`);
    const { starts } = rows[0] as { starts: Temporal.Instant };
    await one(
      `update appointment set starts = '2026-12-20T09:00Z', ends = '2026-12-20T09:15Z' where id = '${id}'`,
    );
    await event(id, 'moved', JSON.stringify({ from: { start: starts.toString() } }));
    const before = (await figures()).total.booked;
    await statistics.pass();
    expect((await figures()).total.booked).toBe(before - 1);
  });

  test('has a promise that was not kept on its own day, where its citizen has another one now', async () => {
    const id = await anyOf("status = 'booked' and starts between '2025-02-02' and '2025-03-01'");
    const { rows } = await one(`select starts from appointment where id = '${id}'`);
    const { starts: start } = rows[0] as { starts: Temporal.Instant };
    const data = JSON.stringify({ uncalled: true, start: start.toString() });
    await one(`insert into event (office_id, appointment_id, kind, at, actor, data)
      values (${office.id}, '${id}', 'displaced', '${start.add({ minutes: 30 })}', 'system', '${data}')`);
    await one(
      `update appointment set starts = '2026-12-20T09:00Z', ends = '2026-12-20T09:15Z' where id = '${id}'`,
    );
    await event(id, 'moved', JSON.stringify({ from: { start: start.toString() } }));
    const unkept = async () =>
      (await figures()).by.month.flatMap(({ key, counts }) => (counts.unkept > 0 ? [key] : []));
    expect(await unkept()).toEqual([]);
    await statistics.pass();
    expect(await unkept()).toEqual(['2025-02-01']);
    expect((await figures()).total.unkept).toBe(1);
  });

  test('when who they were for, and how their calls went, is destroyed: the figures stay', async () => {
    const before = await figures();
    const retention = testRetention({ db: database.kysely, offices, clock });
    while ((await retention.sweep()) > 0);
    const { rows } = await one('select count(*)::int as calls from call_quality');
    expect((rows[0] as { calls: number }).calls).toBeLessThan(before.calls?.calls ?? 0);
    // Makes every day anew (docs/operating.md).
    await one('update figure_mark set day = null');
    await statistics.pass();
    expect(await figures()).toEqual({ ...before, comments: (await figures()).comments });
  });

  /** So many open comments of each month, all of which may be shown but of the first month's. */
  const say = async (months: Record<string, number>) => {
    await one(`update survey_answer set comment = '', passed = null`);
    const [first] = Object.keys(months);
    for (const [month, comments] of Object.entries(months))
      await one(`update survey_answer set comment = 'Bé, ${month}', passed = nullif('${month}' <> '${first}', false)
        where appointment_id in (
          select appointment_id from survey_answer join appointment a on a.id = appointment_id
          where to_char(a.starts at time zone 'Europe/Madrid', 'YYYY-MM') = '${month}' order by 1 limit ${comments})`);
    clock.advance({ minutes: 1 });
  };
  const shown = async () => {
    const found = (await figures()).comments;
    expect(await statistics.openComments(office)).toEqual(found);
    return [...new Set(found)].sort();
  };

  test('comments show by whole months, once all of a month may be, and five of it and more are there', async () => {
    await say({ '2026-05': 4, '2026-06': 4, '2026-07': 4 });
    expect(await statistics.comments(viewer, office)).toEqual([]);
    // October is over, but its last surveys may still be answered.
    await say({ '2026-05': 5, '2026-06': 4, '2026-07': 5, '2026-09': 5, '2026-10': 6 });
    expect(await shown()).toEqual(['Bé, 2026-07', 'Bé, 2026-09']);
    expect(await statistics.comments(viewer, office)).toHaveLength(15);
    const now = clock.now();
    clock.set('2026-12-01T23:59:59+01:00');
    expect(await statistics.comments(viewer, office)).toHaveLength(15);
    clock.set('2026-12-02T00:00:00+01:00');
    expect(await statistics.comments(viewer, office)).toHaveLength(21);
    clock.set(now.toString());
  });

  test('comments for everybody are read once a minute, and again at once when one is judged', async () => {
    await say({ '2026-07': 5 });
    await one(`update survey_answer set comment = 'Bé', passed = appointment_id in
      (select appointment_id from survey_answer where comment <> '' order by 1 limit 2) where comment <> ''`);
    expect(await statistics.openComments(office)).toEqual(['Bé', 'Bé']);
    await one(`update survey_answer set comment = 'Molt bé' where comment <> '' and passed`);
    clock.advance({ seconds: 59 });
    expect(await statistics.openComments(office)).toEqual(['Bé', 'Bé']);
    clock.advance({ seconds: 1 });
    expect(await statistics.openComments(office)).toEqual(['Molt bé', 'Molt bé']);
    const [first] = (await statistics.comments(viewer, office))!.filter((each) => each.passed);
    await statistics.judge(viewer, office, { ...first!, passed: false });
    expect(await statistics.openComments(office)).toEqual(['Molt bé']);
    clock.advance({ seconds: -30 });
    await one(`update survey_answer set comment = 'Bé' where comment <> '' and passed`);
    expect(await statistics.openComments(office)).toEqual(['Bé']);
  });

  test('comments for everybody are read once for all who ask together', async () => {
    clock.advance({ minutes: 5 });
    const [one, other] = [statistics.openComments(office), statistics.openComments(office)];
    expect(await one).toBe(await other);
  });

  test('after the clock was ahead: what happens is counted again, and a jump makes nothing of itself', async () => {
    const markOf = async () => (await one('select day::text from figure_mark')).rows[0];
    const id = await anyOf("status = 'booked' and starts between '2025-03-01' and '2025-09-01'");
    clock.set('2027-06-01T12:00:00+02:00');
    await expect(statistics.pass()).rejects.toThrow(ClockJumped);
    expect(await markOf()).toEqual({ day: '2026-11-25' });
    const { rows } = await one(
      "select count(*)::int as months from open_month where month > '2026-09-01'",
    );
    expect(rows).toEqual([{ months: 0 }]);
    clock.set('2026-11-25T12:10:00+01:00');
    // As an earlier start with a clock that was ahead leaves it.
    await one("update figure_mark set day = '2027-06-01'");
    await one(`update appointment set status = 'fulfilled' where id = '${id}'`);
    await event(id, 'fulfilled');
    const before = (await figures()).total.fulfilled;
    await statistics.pass();
    expect((await figures()).total.fulfilled).toBe(before + 1);
    expect(await markOf()).toEqual({ day: '2026-11-25' });
  });

  test('are not an agent’s to see, nor those of another office', async () => {
    expect(await statistics.figures({ ...viewer, role: 'agent' }, office, ALL)).toBeNull();
    expect(await statistics.figures({ ...viewer, office: office.id + 1 }, office, ALL)).toBeNull();
  });
});

test('months are the sums of their days: all first Mondays to Sundays of a month, then all second ones', async () => {
  const sums = [
    ...['booked', 'fulfilled', 'noshow', 'cancelled', 'unkept', 'wait_days', 'contacted'],
    ...['punctual', 'late_seconds', 'called', 'attempts', 'closed', 'talked_seconds', 'procedures'],
    ...['queries', 'with_procedures', 'with_queries', 'unbooked', 'answered'],
  ].map((name) => `sum(${name}) as ${name}`);
  const lists = Object.entries({ solved: 3, scores: 11, by_hour: 24 }).map(([name, length]) => {
    const parts = Array.from({ length }, (_, index) => `sum(${name}[${index + 1}])::integer`);
    return `array[${parts.join(', ')}] as ${name}`;
  });
  const found = await within(database.kysely, office.id, async (tx) => {
    const rowsOf = async (text: string) => (await sql.raw(text).execute(tx)).rows;
    const order = 'order by day, channel, procedure_id, language';
    const itemOrder = 'order by day, channel, language, procedure_id, kind, query';
    return {
      months: await rowsOf(`select * from figure_month ${order}`),
      items: await rowsOf(`select * from figure_item_month ${itemOrder}`),
      sumsOfDays: await rowsOf(
        `select office_id, day - (extract(day from day)::integer - 1) / 7 * 7 as day, channel, procedure_id, language,
           ${[...sums, ...lists].join(', ')}
         from figure_day group by 1, 2, 3, 4, 5 ${order}`,
      ),
      sumsOfItems: await rowsOf(
        `select office_id, date_trunc('month', day::timestamp)::date as day, channel, language, kind, procedure_id, query,
           sum(items) as items
         from figure_item group by 1, 2, 3, 4, 5, 6, 7 ${itemOrder}`,
      ),
    };
  });
  expect(found.months.length).toBeGreaterThan(500);
  const asText = (rows: unknown[]) => rows.map((row) => textOf(row as object));
  expect(asText(found.months)).toEqual(asText(found.sumsOfDays));
  expect(asText(found.items)).toEqual(asText(found.sumsOfItems));
});

/** A row whose numbers are text: a sum has another type than the column that keeps it. */
const textOf = (row: object) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));
