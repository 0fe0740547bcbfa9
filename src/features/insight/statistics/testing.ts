import { Kysely, PostgresDialect, type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import { testDatabase } from '../../../lib/db/testing.ts';
import { installationKey } from '../../../lib/secrets.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createStatistics } from './service.ts';
import type { Figures, Span } from './types.ts';

/** The properties of a made-up history. */
export interface MadeHistory {
  office: number;
  count: number;
  /** First local day, and over how many days it goes. */
  from: string;
  days: number;
}

/**
 * Fills an office with a made history in a few statements: appointments of all channels, procedures and languages that end in every way, with
 * times that were moved, calls, encounters, items and surveys. The same numbers make the same history: each choice is taken from a digest of the row's number.
 */
export async function makeHistory(
  owner: pg.ConnectionConfig,
  { office, count, from, days }: MadeHistory,
): Promise<void> {
  const pool = new pg.Pool({ ...owner, max: 1 });
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  // Read once by a statement, and not once for each row.
  const ids = sql`array(select id from procedure where office_id = ${office} order by id)`;
  const procedure = (byte: RawBuilder<unknown>) => sql`(${ids})[1 + ${byte} % cardinality(${ids})]`;
  await within(kysely, office, async (tx) => {
    await sql`
      create temporary table made on commit drop as
      select n, md5(n::text || 'history')::uuid as id, b as byte,
        (${from}::date + (n::bigint * ${days} / (${count} + 1))::int + time '08:00' + make_interval(mins => 15 * (get_byte(b, 0) % 40)))
          at time zone 'Europe/Madrid' as starts,
        case when get_byte(b, 1) < 60 then 'video' else 'phone' end as channel,
        (array['ca', 'ca', 'ca', 'es', 'es', 'en', 'eu'])[1 + get_byte(b, 2) % 7] as language,
        case when get_byte(b, 3) < 190 then 'fulfilled' when get_byte(b, 3) < 215 then 'noshow'
          when get_byte(b, 3) < 250 then 'cancelled' else 'booked' end as status,
        get_byte(b, 4) % 20 as wait, get_byte(b, 28) < 10 as is_moved
      from generate_series(1, ${count}::int) n cross join lateral (select sha256(n::text::bytea)) d (b)`.execute(
      tx,
    );
    await sql`
      insert into appointment (id, office_id, reference, procedure_id, channel, language, notice_language, desk_id, starts, ends,
        status, name, created_at, updated_at, forgotten_at)
      select id, ${office}, ${`H${office}-`} || n,
        ${procedure(sql`get_byte(byte, 5)`)},
        channel, language, 'ca', (select min(id) from desk where office_id = ${office}), starts, starts + interval '15 minutes',
        status, 'Una persona', starts - make_interval(days => wait, mins => 61), starts, null
      from made`.execute(tx);
    await sql`
      insert into attempt (office_id, appointment_id, number, outcome, at, actor)
      select ${office}, id, nth, case when status = 'fulfilled' and nth = 1 + get_byte(byte, 6) % 3 then 'answered' else 'no_answer' end,
        case when nth = 1 and is_moved then starts - interval '2 days' else starts + make_interval(secs => (nth - 1) * 600 + get_byte(byte, 7) * 2) end,
        'staff:1'
      from made cross join generate_series(1, 3) nth
      where channel = 'phone' and (status = 'noshow' or status = 'fulfilled' and nth <= 1 + get_byte(byte, 6) % 3)`.execute(
      tx,
    );
    await sql`
      insert into event (office_id, appointment_id, kind, at, actor, data)
      select ${office}, id, 'moved', starts - interval '1 day', 'staff:1',
        jsonb_build_object('from', jsonb_build_object('start', starts - interval '3 days', 'channel', channel))
      from made where is_moved`.execute(tx);
    await sql`
      insert into encounter (id, appointment_id, office_id, channel, language, started_at, ended_at, actor)
      select md5(n::text || 'encounter')::uuid, id, ${office}, channel, language, started, started + case when get_byte(byte, 29) < 3 then interval '15 hours' else make_interval(secs => 60 + get_byte(byte, 8) * 5) end, 'staff:1'
      from made cross join lateral (
        select starts + make_interval(secs => case when channel = 'phone' then get_byte(byte, 6) % 3 * 600 else -30 end + get_byte(byte, 7) * 2)
      ) s (started) where status = 'fulfilled'`.execute(tx);
    await sql`
      insert into encounter_item (office_id, encounter_id, position, kind, procedure_id, query, outcome)
      select ${office}, md5(n::text || 'encounter')::uuid, nth, kind, case when kind = 'procedure' then
          ${procedure(sql`get_byte(byte, 10 + nth)`)} end,
        case when kind = 'query' and get_byte(byte, 14) < 100 then 'horaris' end, 'done'
      from made cross join generate_series(0, 3) nth
        cross join lateral (select case when get_byte(byte, 15 + nth) < 140 then 'procedure' else 'query' end) k (kind)
      where status = 'fulfilled' and nth < get_byte(byte, 9) % 5`.execute(tx);
    await sql`
      insert into survey_answer (appointment_id, office_id, score, solved, comment, at)
      select id, ${office}, case when get_byte(byte, 20) < 230 then least(10, get_byte(byte, 21) % 14) end,
        (array['yes', 'yes', 'yes', 'partly', 'no', null])[1 + get_byte(byte, 22) % 6],
        case when get_byte(byte, 23) < 3 then 'Molt bé ' || n else '' end, starts + interval '1 day'
      from made where status <> 'booked' and get_byte(byte, 24) < 50`.execute(tx);
    await sql`
      insert into call_quality (office_id, id, encounter_id, call_id, side, whom, ended_at, seconds, path, reconnections,
        audio_only_seconds, word)
      select ${office}, md5(n::text || side)::uuid, md5(n::text || 'encounter')::uuid, md5(n::text || 'call')::uuid, side, case side when 'agent' then 'citizen' else 'agent' end,
        starts + interval '10 minutes', 600, case when get_byte(byte, 25) < 250 then 'host' end, 0, 0,
        (array['good', 'good', 'good', 'fair', 'poor'])[1 + get_byte(byte, case side when 'agent' then 26 else 27 end) % 5]
      from made cross join unnest(array['agent', 'citizen']) side where status = 'fulfilled' and channel = 'video'`.execute(
      tx,
    );
  });
  // As the database does by itself in time.
  await pool.query('analyze');
  await kysely.destroy();
}

/** The whole history that `testStatistics` makes: nearly three years, both changes of the clock in each; the last days are still to come. */
export const ALL: Span = {
  from: Temporal.PlainDate.from('2024-01-01'),
  to: Temporal.PlainDate.from('2026-11-25'),
  ...{ channel: null, procedure: null, language: null },
};

/** An office with a history of so many appointments, whose figures are made. */
export async function testStatistics(count: number) {
  const database = await testDatabase();
  const clock = handClock('2026-11-25T12:00:00+01:00');
  const id = await testOffice(database.kysely, {
    procedures: { 'volant-padro': {}, 'alta-padro': {}, 'animal-companyia': {} },
  });
  const offices = createOffices(database.kysely);
  const office = await offices.byId(id);
  const viewer: StaffViewer = {
    ...{ kind: 'staff', staff: 1, name: 'Núria', office: id, role: 'coordinator', desk: null },
  };
  await makeHistory(database.owner, { office: id, count, from: '2024-01-01', days: 1070 });
  const statistics = createStatistics({
    db: database.kysely,
    clock,
    unit: testUnit(database.kysely, clock),
    offices,
    key: installationKey(Buffer.alloc(32, 7)),
  });
  await statistics.pass();
  const figures = async (span: Partial<Span> = {}): Promise<Figures> => {
    const found = await statistics.figures(viewer, office, { ...ALL, ...span });
    if (!found) throw new Error('not theirs');
    return found;
  };
  return { database, clock, offices, office, viewer, statistics, figures };
}
