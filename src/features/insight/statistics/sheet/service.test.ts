import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { within } from '../../../../lib/db/database.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { testStatistics } from '../testing.ts';
import { daysOfMonth, yearBefore } from './rules.ts';
import type { SheetCounts } from './types.ts';

const { database, office, viewer, statistics } = await testStatistics(20_000);
afterAll(() => database.close());

const TODAY = Temporal.PlainDate.from('2026-11-25');
const mayor: StaffViewer = { ...viewer, role: 'councillor' };

/** The counts of some days, from the appointments themselves. */
async function plainly(from: Temporal.PlainDate, to: Temporal.PlainDate): Promise<SheetCounts> {
  const { rows } = await within(database.kysely, office.id, (tx) =>
    sql<SheetCounts>`
      with tries as (
        select appointment_id, min(at) as first_try from attempt t
        where not exists (select from event e where e.appointment_id = t.appointment_id and e.kind = 'moved' and e.at >= t.at)
        group by 1
      ), a as (
        select a.*, least(t.started_at, tries.first_try) as first, (a.starts at time zone 'Europe/Madrid')::date as local_day
        from appointment a left join encounter t on t.appointment_id = a.id left join tries on tries.appointment_id = a.id
      )
      select count(*)::int as booked, count(*) filter (where status = 'cancelled')::int as cancelled,
        count(*) filter (where status = 'noshow')::int as noshow, 0 as unkept,
        coalesce(sum(local_day - (created_at at time zone 'Europe/Madrid')::date) filter (where status <> 'cancelled'), 0)::int as "waitDays",
        count(first)::int as contacted, count(*) filter (where first <= starts + interval '5 minutes')::int as punctual, 0 as unbooked,
        count(*) filter (where status = 'fulfilled')::int as served,
        count(*) filter (where status = 'fulfilled' and channel in ('phone', 'video'))::int as remote
      from a where local_day between ${from.toString()} and ${to.toString()}`.execute(tx),
  );
  return rows[0]!;
}

test.each(['2024-02', '2025-02', '2026-10', '2026-11'])(
  'a month is what plain SQL counts, and so is the year before: %s',
  async (month) => {
    const days = daysOfMonth(Temporal.PlainDate.from(`${month}-01`), TODAY)!;
    const sheet = await statistics.sheet(mayor, office, days);
    expect(sheet?.now).toEqual(await plainly(days.from, days.to));
    expect(sheet?.now.served).toBeGreaterThan(100);
    const before = yearBefore(days);
    expect(sheet?.before).toEqual(await plainly(before.from, before.to));
    expect(sheet?.since).toBe('2024-01-01');
  },
);

test('its opinions are those of a month about which nobody can answer any more', async () => {
  const days = daysOfMonth(Temporal.PlainDate.from('2026-10-01'), TODAY)!;
  const { opinion } = (await statistics.sheet(mayor, office, days))!;
  const { rows } = await within(database.kysely, office.id, (tx) =>
    sql<{ answered: number; score: number; scored: number; solved: number }>`
      select count(*)::int as answered, sum(score)::int as score, count(score)::int as scored, count(*) filter (where solved = 'yes')::int as solved
      from survey_answer s join appointment a on a.id = s.appointment_id
      where a.starts >= timestamptz '2026-09-01T00:00:00+02:00' and a.starts < timestamptz '2026-10-01T00:00:00+02:00'`.execute(
      tx,
    ),
  );
  const plain = rows[0]!;
  const scores = opinion?.scores ?? [];
  expect(opinion).toMatchObject({ month: '2026-09-01', answered: plain.answered });
  expect(scores.reduce((sum, count) => sum + count, 0)).toBe(plain.scored);
  expect(scores.reduce((sum, count, score) => sum + count * score, 0)).toBe(plain.score);
  expect(opinion?.solved?.[0]).toBe(plain.solved);
});

test('nobody sees the month of another office, and a councillor sees no other figure', async () => {
  const days = daysOfMonth(Temporal.PlainDate.from('2026-10-01'), TODAY)!;
  const other = { ...mayor, office: office.id + 1 };
  expect(await statistics.sheet(other, office, days)).toBeNull();
  expect(await statistics.sheet({ ...viewer, role: 'agent' }, office, days)).toBeNull();
  const span = { ...days, channel: null, procedure: null, language: null };
  expect(await statistics.figures(mayor, office, span)).toBeNull();
  expect(await statistics.chats(mayor, office, span)).toBeNull();
  expect(await statistics.requests(mayor, office, days)).toBeNull();
  expect(await statistics.yearOnYear(mayor, office, 2026)).toBeNull();
  expect(await statistics.comments(mayor, office)).toBeNull();
});
