import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { installationKey } from '../../../lib/secrets.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createOffices, type Offices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { boundsOf } from '../../foundation/retention/rules.ts';
import { countForgettable } from '../../foundation/retention/views.ts';
import type { EncounterService } from '../../service/encounter/service.ts';
import { testEncounter } from '../../service/encounter/testing/encounter.ts';
import type { EncounterDraft } from '../../service/encounter/types.ts';
import { testRetention } from '../../testing.ts';
import { readMonth } from './months/views.ts';
import { createStatistics } from './service.ts';
import { ALL } from './testing.ts';

/** An encounter without an appointment, from its beginning until it is forgotten. */

const clock = handClock('2026-10-20T10:00:00+02:00');
let database: TestDatabase;
let offices: Offices;
let office: Office;
let foreign: Office;
let encounter: EncounterService;
let told = 0;
/** The one that the tests follow. */
let id: string;

const viewer = (role: StaffViewer['role'], desk: number | null, of = office): StaffViewer => ({
  ...{ kind: 'staff', staff: 7, name: 'Marta', office: of.id, role, desk },
});
const marta = () => viewer('agent', office.desks[0]?.id ?? null);
const ROSA = { channel: 'phone', language: 'es', name: 'Rosa' } as const;

const draft: EncounterDraft = {
  items: [
    { kind: 'procedure', procedure: 'volant-padro', query: null, label: '', outcome: 'done' },
    {
      kind: 'query',
      procedure: null,
      query: null,
      label: 'El gos de la Rosa',
      outcome: 'answered',
    },
  ],
  identity: 'shown',
  identityNote: 'DNI de la Rosa',
  notes: 'La Rosa no té cita.',
  wrapUp: 'solved',
  points: [],
};

beforeAll(async () => {
  database = await testDatabase();
  const retention = {
    documentsHours: 72,
    contactDays: 30,
    notesDays: 60,
    evidenceDays: 1825,
    paymentDays: 2192,
  };
  offices = createOffices(database.kysely);
  office = await offices.byId(await testOffice(database.kysely, { settings: { retention } }));
  foreign = await offices.byId(await testOffice(database.kysely, { code: 'altra' }));
  encounter = testEncounter(database, clock, () => {
    told++;
  });
});
afterAll(() => database.close());

const inOffice = <T>(does: (tx: Tx) => Promise<T>, of = office) =>
  within(database.kysely, of.id, does);
const rowsOf = async (table: string, of = office) =>
  (
    await inOffice(
      (tx) => sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(tx),
      of,
    )
  ).rows;
const begin = async () => {
  const begun = await encounter.begin(marta(), office, ROSA);
  if (!begun.ok) throw new Error(begun.reason);
  return begun.id;
};

describe('it is begun', () => {
  test('only by people who serve citizens of that office', async () => {
    const refused = { ok: false, reason: 'not_allowed' };
    expect(await encounter.begin(viewer('agent', null), office, ROSA)).toEqual(refused);
    expect(await encounter.begin(viewer('administrator', null, foreign), office, ROSA)).toEqual(
      refused,
    );
    expect(await rowsOf('encounter')).toEqual([]);
    expect([await rowsOf('audit'), told]).toEqual([[], 0]);
  });

  test('at the desk of the agent, on record, and those who wait for news are told', async () => {
    id = await begin();
    const desk = marta().desk;
    expect(await rowsOf('encounter')).toMatchObject([
      { id, appointment_id: null, desk_id: desk, channel: 'phone', language: 'es', name: 'Rosa' },
    ]);
    expect(await rowsOf('audit')).toMatchObject([
      { action: 'started', actor: 'staff:7', appointment_id: null, data: { encounter: id, desk } },
    ]);
    expect(told).toBe(1);
  });
});

describe('it is written and closed', () => {
  test('by its id, and in its own office alone', async () => {
    const of = { encounter: id };
    const notFound = { ok: false, reason: 'not_found' };
    const other = viewer('coordinator', null, foreign);
    expect(await encounter.save(other, foreign, of, 1, draft)).toEqual(notFound);
    expect(await encounter.save(marta(), office, { encounter: 'x' }, 1, draft)).toEqual(notFound);
    expect(await encounter.save(marta(), office, of, 1, { ...draft, wrapUp: null })).toMatchObject({
      ...{ ok: true, version: 2 },
    });
    expect(await rowsOf('encounter_item')).toMatchObject([
      { encounter_id: id, kind: 'procedure' },
      { encounter_id: id, kind: 'query', label: 'El gos de la Rosa' },
    ]);
  });

  test('what was written meanwhile is not lost', async () => {
    const late = { ...draft, notes: 'Una altra cosa' };
    expect(await encounter.save(marta(), office, { encounter: id }, 1, late)).toMatchObject({
      ...{ ok: false, reason: 'stale', who: 'Persona 7' },
    });
  });

  test('nothing is written after the end', async () => {
    const of = { encounter: id };
    clock.set('2026-10-20T10:10:00+02:00');
    expect(await encounter.close(marta(), office, of, 2, draft)).toMatchObject({ ok: true });
    expect(await encounter.save(marta(), office, of, 3, draft)).toEqual({
      ...{ ok: false, reason: 'not_open' },
    });
    const trail = await rowsOf('audit');
    expect(trail.map((each) => each.action)).toEqual(['started', 'saved', 'closed']);
    expect(await rowsOf('event')).toEqual([]);
  });
});

describe('the figures', () => {
  const statistics = () =>
    createStatistics({
      db: database.kysely,
      clock,
      offices,
      key: installationKey(Buffer.alloc(32, 7)),
      unit: testUnit(database.kysely, clock),
    });
  const counts = async () => {
    await statistics().pass();
    const found = await statistics().figures(viewer('coordinator', null), office, ALL);
    if (!found) throw new Error('not theirs');
    return found;
  };

  test('count it, its length and what was done, and no appointment', async () => {
    const { total, by, items } = await counts();
    const done = { unbooked: 1, closed: 1, talkedSeconds: 600, procedures: 1, queries: 1 };
    const nothing = Object.fromEntries(Object.keys(total).map((name) => [name, 0]));
    expect(total).toEqual({ ...nothing, ...done });
    expect(by.channel.map((each) => each.key)).toEqual(['phone']);
    expect(by.language).toMatchObject([{ key: 'es', counts: done }]);
    expect(by.procedure).toEqual([]);
    expect(items.map((each) => [each.kind, each.items])).toEqual([
      ['procedure', 1],
      ['query', 1],
    ]);
  });

  test('count it once it is closed on the day after, and once it is left open', async () => {
    clock.set('2026-10-20T23:50:00+02:00');
    const late = await begin();
    clock.set('2026-10-21T09:00:00+02:00');
    expect((await counts()).total).toMatchObject({ unbooked: 2, closed: 1, procedures: 1 });
    clock.set('2026-10-21T02:00:00+02:00');
    await encounter.close(marta(), office, { encounter: late }, 1, draft);
    clock.set('2026-10-21T09:02:00+02:00');
    const { total, by } = await counts();
    expect(total).toMatchObject({ unbooked: 2, closed: 2, procedures: 2 });
    // Both on the Tuesday on which they began.
    expect(by.day.map(({ key, counts }) => [key, counts.unbooked])).toEqual([['2', 2]]);
  });

  test('add it to the encounters of the year by channel, and publish nothing of it', async () => {
    clock.set('2026-11-01T09:00:00+01:00');
    const found = await statistics().yearOnYear(viewer('coordinator', null), office, 2026);
    expect(found?.now).toMatchObject([{ channel: 'phone', encounters: 2 }]);
    const october = await inOffice((tx) =>
      readMonth(tx, office.id, Temporal.PlainDate.from('2026-10-01'), String),
    );
    expect(october).toMatchObject({ done: [], attended: [], languages: [], answered: 0 });
    expect(october.total).toMatchObject({ unbooked: 0, closed: 0, procedures: 0 });
  });
});

describe('it is forgotten by its own end', () => {
  const everything = async () =>
    JSON.stringify(
      await Promise.all(
        ['encounter', 'encounter_item', 'message', 'survey_answer'].map((each) => rowsOf(each)),
      ),
    );
  const sweep = (at: string) => {
    clock.set(at);
    return testRetention({ db: database.kysely, offices, clock }).sweep();
  };
  const forgettable = (at: string) =>
    inOffice((tx) =>
      countForgettable(tx, office.id, boundsOf(office.settings, Temporal.Instant.from(at))),
    );

  beforeAll(async () => {
    await inOffice(async (tx) => {
      await sql`delete from encounter_item where encounter_id <> ${id}`.execute(tx);
      await sql`delete from encounter where id <> ${id}`.execute(tx);
      await sql`insert into message (id, office_id, encounter_id, at, author, text)
        values (gen_random_uuid(), ${office.id}, ${id}, '2026-10-20', 'citizen', 'Sóc la Rosa')`.execute(
        tx,
      );
      await sql`insert into survey_answer (office_id, encounter_id, score, comment, at)
        values (${office.id}, ${id}, 9, 'La Rosa, contenta', '2026-10-20')`.execute(tx);
    });
  });

  test('no other office sees it', async () => {
    for (const table of ['encounter', 'encounter_item', 'message', 'survey_answer']) {
      expect(await rowsOf(table)).not.toEqual([]);
      expect(await rowsOf(table, foreign)).toEqual([]);
    }
  });

  test('its person’s name with the contacts, and not before', async () => {
    expect(await sweep('2026-11-19T09:10:00+01:00')).toBe(0);
    expect((await rowsOf('encounter'))[0]).toMatchObject({ name: 'Rosa' });
    expect(await forgettable('2026-11-19T09:10:01+01:00')).toMatchObject({ contacts: 1, notes: 0 });
    expect(await sweep('2026-11-19T09:10:01+01:00')).toBe(1);
    expect((await rowsOf('encounter'))[0]).toMatchObject({ name: null, notes: draft.notes });
  });

  test('what was written about it with the notes, and not before', async () => {
    const [before, after] = ['2026-12-19T09:10:00+01:00', '2026-12-19T09:10:01+01:00'];
    expect(await forgettable(before)).toMatchObject({ notes: 0, words: 1 });
    expect(await sweep(before)).toBe(0);
    expect(await forgettable(after)).toMatchObject({ notes: 1, words: 0 });
    expect(await sweep(after)).toBe(1);
    expect(await everything()).not.toContain('Rosa');
    expect((await rowsOf('encounter'))[0]).toMatchObject({ wrap_up: 'solved', version: 3 });
    expect((await rowsOf('encounter'))[0]?.forgotten_at).not.toBeNull();
    expect(await rowsOf('survey_answer')).toMatchObject([{ score: 9, comment: '' }]);
    expect(await rowsOf('event')).toEqual([]);
  });

  test('by its beginning, where nobody closed it', async () => {
    clock.set('2026-12-30T10:00:00+01:00');
    await begin();
    expect(await sweep('2027-02-28T10:00:00+01:00')).toBe(1);
    expect(await everything()).not.toContain('Rosa');
    expect(await sweep('2027-02-28T10:00:01+01:00')).toBe(1);
    expect(await sweep('2027-02-28T10:00:02+01:00')).toBe(0);
  });
});
