import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkTownWithAreas } from '../../area-files.ts';
import type { Office } from '../../domain/office/types.ts';
import { applyTown } from '../../features/booking/administration/service.ts';
import { testAppointments } from '../../features/booking/appointments/testing.ts';
import { testUnit } from '../../features/foundation/audit/testing.ts';
import { boundsOf } from '../../features/foundation/retention/rules.ts';
import { countForgettable } from '../../features/foundation/retention/views.ts';
import { createStatistics } from '../../features/insight/statistics/service.ts';
import { handClock } from '../../lib/clock.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../lib/db/testing.ts';
import { installationKey } from '../../lib/secrets.ts';
import type { StaffViewer } from '../../lib/viewer.ts';
import { DEMO_HISTORY, DEMO_TOWN } from '../../paths.ts';
import { createHistory } from './history.ts';
import { columnsOf, run } from './statements.ts';
import { type Secrets, writeDay } from './writing.ts';

const NOW = '2026-12-02T10:05:00+01:00';
const clock = handClock(NOW);
const key = installationKey(Buffer.alloc(32, 7));
let database: TestDatabase;
let office: Office;
let statistics: ReturnType<typeof createStatistics>;
let write: () => Promise<void>;
let secrets: Secrets;

async function rows<T>(text: string): Promise<T[]> {
  const { rows: found } = await within(database.kysely, INSTALLATION, (tx) =>
    sql<T>`${sql.raw(text)}`.execute(tx),
  );
  return found;
}
const count = async (text: string): Promise<number> =>
  (await rows<{ n: number }>(`select count(*)::int as n from ${text}`))[0]?.n ?? -1;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const { checked, areas } = await checkTownWithAreas(DEMO_TOWN, await readFile(DEMO_TOWN, 'utf8'));
  if (!checked.ok) throw new Error('The demo town has mistakes');
  await applyTown(db, checked.town, clock.now(), { areas });
  const { offices, appointments } = testAppointments(database, clock, { baseUrl: 'http://here' });
  statistics = createStatistics({ db, clock, unit: testUnit(db, clock), offices, key });
  office = (await offices.find('oac'))!;
  secrets = { appointment: appointments.secretOf, request: ({ id }: { id: string }) => id };
  const failed: unknown[] = [];
  const log = { info: () => {}, error: (what: unknown) => void failed.push(what) };
  write = async () => {
    const of = { db, offices, clock, secrets, log, statistics, restMs: 0, months: 1 };
    const history = createHistory(of);
    await history.begin();
    await history.write();
    expect(failed).toEqual([]);
    expect(history.progress()).toEqual({ done: 1, of: 1, state: 'done' });
  };
  await write();
}, 120_000);
afterAll(() => database.close());

/** Columns that the past leaves as they are by default, by table. A new column of one of these tables is written, or is added here. */
const BY_DEFAULT: Readonly<Record<string, string>> = {
  appointment:
    'comment content_hash displaced_at external_id further idempotency_key interpreter link needs notices_by on_behalf_of people',
  attempt: 'note',
  call: '',
  call_quality: '',
  chat: 'asked_at contact desk_id held_since name offered_until office_told_at person_told_at returned_at sender staff_id target_desk unanswered_at',
  chat_event: '',
  desk_time: 'held_by hold_extended hold_hash hold_until',
  encounter: 'identity_note name',
  encounter_item: 'label',
  event: '',
  opening: '',
  request:
    'assignee call_owed_at encounter_id last_call_at left_at link merged_into officials_told_at person_id reopened shown_photos shown_sides shown_words',
  request_event: '',
  request_message: '',
  survey_answer: '',
};

describe('the past of the demo', () => {
  it('writes every column of its tables, or leaves it out on purpose', async () => {
    const text = await readFile(DEMO_HISTORY, 'utf8');
    const left: Record<string, string> = {};
    for (const [, table = '', named = ''] of text.matchAll(/insert into (\w+) \(([^)]*)\)/g)) {
      const columns = await rows<{ name: string }>(
        `select column_name as name from information_schema.columns
         where table_schema = 'public' and table_name = '${table}' and is_generated = 'NEVER' and is_identity = 'NO' order by 1`,
      );
      const written = named.split(',').map((each) => each.trim());
      const others = columns.filter(({ name }) => !written.includes(name));
      left[table] = others.map(({ name }) => name).join(' ');
    }
    expect(left).toEqual(BY_DEFAULT);
  });

  it('refuses a row that lacks a column', async () => {
    expect(columnsOf('booked')).toContain('forgotten_at');
    expect(columnsOf('encounter')).toEqual(
      expect.arrayContaining(['id', 'wrap_up', 'forgotten_at']),
    );
    const event = { office_id: office.id, appointment_id: null, kind: 'x', at: NOW, actor: 'x' };
    await expect(
      within(database.kysely, office.id, (tx) => run(tx, 'event', [event])),
    ).rejects.toThrow('event of the demo’s past lacks data');
  });

  it('has something of everything', async () => {
    for (const channel of ['phone', 'video', 'in_person'])
      for (const status of ['fulfilled', 'noshow', 'cancelled'])
        expect(
          await count(`appointment where channel = '${channel}' and status = '${status}'`),
        ).toBeGreaterThan(2);
    for (const state of ['received', 'planned', 'in_progress', 'answered', 'refused'])
      expect(await count(`request where state = '${state}'`), state).toBeGreaterThan(2);
    for (const area of ['centre', 'eres', 'estacio', 'pla'])
      expect(await count(`request where area = '${area}'`), area).toBeGreaterThan(5);
    for (const language of ['ca', 'es', 'en'])
      expect(
        await count(`survey_answer s join appointment a on a.id = s.appointment_id
          where a.language = '${language}' and s.comment <> ''`),
        language,
      ).toBeGreaterThan(0);
    expect(
      await count("encounter where appointment_id is null and channel = 'in_person'"),
    ).toBeGreaterThan(20);
    expect(await count("chat where state = 'left'")).toBeGreaterThan(2);
    expect(await count("call_quality where word <> 'good'")).toBeGreaterThan(5);
  });

  it.each([
    [
      'is booked before it begins',
      "appointment a where a.created_at >= a.starts and a.status <> 'booked'",
    ],
    [
      'is over when its hour is',
      `appointment where status = 'booked' and ends < '${NOW}'::timestamptz - interval '1 hour'`,
    ],
    [
      'is not over before its hour',
      `appointment where status in ('fulfilled', 'noshow') and starts > '${NOW}'`,
    ],
    [
      'has met whom it says',
      "appointment a where (a.status = 'fulfilled') <> exists (select from encounter t where t.appointment_id = a.id and t.ended_at > t.started_at)",
    ],
    [
      'has its time, unless it was cancelled',
      "appointment a where (a.status = 'cancelled') <> (a.time_id is null)",
    ],
    [
      'has the desk of its time',
      'appointment a join desk_time t on t.id = a.time_id where t.desk_id <> a.desk_id or t.starts <> a.starts or t.ends <> a.ends',
    ],
    [
      'is asked about after it is over',
      'survey_answer s join encounter t on t.id = s.encounter_id where s.at < t.ended_at',
    ],
    [
      'begins with its booking',
      "appointment a where not exists (select from event e where e.appointment_id = a.id and e.kind = 'booked' and e.at = a.created_at)",
    ],
    [
      'is called by telephone alone',
      "attempt t join appointment a on a.id = t.appointment_id where a.channel <> 'phone'",
    ],
    [
      'is at a site where it is in person',
      "appointment where (channel = 'in_person') <> (site is not null)",
    ],
    [
      'is answered by the last call alone',
      "attempt t where outcome = 'answered' and exists (select from attempt u where u.appointment_id = t.appointment_id and u.number > t.number)",
    ],
    [
      'is a request whose last step is its state',
      "request r where r.state <> coalesce((select e.to_state from request_event e where e.request_id = r.id and e.to_state is not null order by e.at desc, e.id desc limit 1), '')",
    ],
    [
      'is a request with steps in order',
      "request_event e join request_event f on f.request_id = e.request_id and f.id > e.id and f.at < e.at where e.kind <> 'surveyed' and f.kind <> 'surveyed'",
    ],
    [
      'is a chat that was answered after it began',
      'chat where taken_at < place or ended_at < taken_at',
    ],
    [
      'is of somebody whom nobody knows',
      "appointment where email is not null and email not like '%.example'",
    ],
    ['has nothing in the future', `event where at > '${NOW}'`],
  ])('%s', async (_, broken) => {
    expect(await count(broken)).toBe(0);
  });

  it('is at desks that are there, on days that are open, and does what they can', async () => {
    const found = await rows<{
      desk: number;
      code: string;
      channel: string;
      language: string;
      day: string;
      from: string;
      to: string;
      weekday: number;
    }>(`
      select a.desk_id as desk, p.code, a.channel, a.language, (a.starts at time zone 'Europe/Madrid')::date::text as day,
        to_char(a.starts at time zone 'Europe/Madrid', 'HH24:MI') as from, to_char(a.ends at time zone 'Europe/Madrid', 'HH24:MI') as to,
        extract(isodow from a.starts at time zone 'Europe/Madrid')::int as weekday
      from appointment a join procedure p on p.id = a.procedure_id where a.office_id = ${office.id}`);
    expect(found.length).toBeGreaterThan(1500);
    for (const each of found) {
      const desk = office.rota.desks.find(({ id }) => id === each.desk)!;
      expect(desk.channels).toContain(each.channel);
      expect(desk.languages).toContain(each.language);
      if (desk.skills !== 'all') expect(desk.skills).toContain(each.code);
      expect(office.rota.isClosed(each.day), each.day).toBe(false);
      const isInShift = desk.shifts.some(
        ({ weekdays, from, to }) =>
          weekdays.includes(each.weekday) && from <= each.from && each.to <= to,
      );
      expect(isInShift, JSON.stringify(each)).toBe(true);
    }
  });

  it('has the figures that plain SQL counts', async () => {
    const viewer: StaffViewer = {
      ...{
        kind: 'staff',
        staff: 1,
        name: 'Núria',
        office: office.id,
        role: 'coordinator',
        desk: null,
      },
    };
    const [from, to] = ['2026-11-01', '2026-11-30'].map((day) => Temporal.PlainDate.from(day)) as [
      Temporal.PlainDate,
      Temporal.PlainDate,
    ];
    const span = { from, to, channel: null, procedure: null, language: null };
    const figures = await statistics.figures(viewer, office, span);
    const month = `office_id = ${office.id} and starts >= '2026-11-01 00:00+01' and starts < '2026-12-01 00:00+01'`;
    const [plain] = await rows<Record<string, number>>(`
      select count(*)::int as booked, count(*) filter (where status = 'fulfilled')::int as fulfilled,
        count(*) filter (where status = 'noshow')::int as noshow, count(*) filter (where status = 'cancelled')::int as cancelled
      from appointment where ${month}`);
    expect(plain?.booked).toBeGreaterThan(500);
    expect(figures?.total).toMatchObject(plain ?? {});
    const [calls] = await rows<{ calls: number }>(`
      select count(distinct call_id)::int as calls from call_quality
      where office_id = ${office.id} and ended_at >= '2026-11-01 00:00+01' and ended_at < '2026-12-01 00:00+01'`);
    expect(figures?.calls?.calls).toBe(calls?.calls);
  });

  it('is written once, also when it is begun again', async () => {
    const all = [
      'appointment',
      'event',
      'encounter',
      'chat',
      'request',
      'call',
      'survey_answer',
      'attempt',
      'desk_time',
    ];
    const before = await Promise.all(all.map(count));
    await write();
    expect(await Promise.all(all.map(count))).toEqual(before);
  });

  it('goes on where a day was left: what was booked then is over now', async () => {
    const booked = await count("appointment where status = 'booked'");
    clock.set('2026-12-03T18:00:00+01:00');
    await write();
    expect(
      await count(`appointment where status = 'booked' and starts < '2026-12-02T23:00Z'`),
    ).toBe(0);
    expect(await count("appointment where status = 'booked'")).not.toBe(booked);
    clock.set(NOW);
  });
});

it('of a day that is older than the town’s periods, only what retention leaves is written', async () => {
  const now = clock.now();
  const seed = { office, areas: [], staffAt: new Map() };
  const written = { seed, now: now.epochMilliseconds, settles: true };
  await within(database.kysely, office.id, async (tx) => {
    for (let day = 3; day <= 28; day++)
      await writeDay(tx, secrets, written, Temporal.PlainDate.from({ year: 2025, month: 11, day }));
  });
  expect(
    await count("appointment where starts < '2025-12-01' and status = 'fulfilled'"),
  ).toBeGreaterThan(500);
  const left = await within(database.kysely, INSTALLATION, (tx) =>
    countForgettable(tx, office.id, boundsOf(office.settings, now)),
  );
  expect(Object.values(left)).toEqual([0, 0, 0, 0, 0, 0]);
});
