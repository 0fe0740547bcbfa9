import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Citizen } from '../../../domain/person.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { Appointments } from '../../booking/appointments/service.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { testRetention } from '../../testing.ts';
import { type Assistance, createAssistance } from '../assistance/service.ts';
import type { EncounterService } from './service.ts';
import { testEncounter } from './testing/encounter.ts';
import type { EncounterDraft, EncounterItem } from './types.ts';

const named = (name: string) => ({ ca: name, es: name, en: name, eu: name });
const clock = handClock('2026-11-30T07:00:00+01:00');
let database: TestDatabase;
let offices: Offices;
let appointments: Appointments;
let encounter: EncounterService;
let desk: Assistance;
let office: Office;
let woken = 0;
let nth = 0;

beforeAll(async () => {
  database = await testDatabase();
  ({ offices, appointments } = testAppointments(database, clock));
  encounter = testEncounter(database, clock, () => {
    woken++;
  });
  desk = createAssistance({
    appointments,
    unit: testUnit(database.kysely, clock),
  });
});
afterAll(() => database.close());

beforeEach(async () => {
  clock.set('2026-11-30T07:00:00+01:00');
  const checklist = [
    { code: 'adreca', name: named('Adreça'), required: true },
    { code: 'enviat', name: named('Enviat'), required: false },
  ];
  const documents = [{ code: 'dni', name: named('DNI'), required: true, onlyOnBehalf: false }];
  office = await offices.byId(
    await testOffice(database.kysely, {
      code: `saving-${++nth}`,
      procedures: { 'volant-padro': { checklist, documents }, cens: {} },
    }),
  );
  woken = 0;
});

const person = (staff: number): StaffViewer => ({
  ...{ kind: 'staff', staff, name: `Persona ${staff}`, role: 'coordinator', desk: null },
  office: office.id,
});

async function booked(time: string, citizen: Partial<Citizen> = {}): Promise<Appointment> {
  const result = await appointments.book({ kind: 'citizen' }, office, {
    procedure: 'volant-padro',
    channel: 'phone',
    language: 'ca',
    noticeLanguage: 'ca',
    start: Temporal.Instant.from(`2026-11-30T${time}:00+01:00`),
    citizen: { name: 'Rosa', email: 'rosa@example.cat', phone: '+34600000001', ...citizen },
    onBehalfOf: null,
    needs: [],
    comment: '',
  });
  if (!result.ok) throw new Error(result.reason);
  return result.appointment;
}

async function begun(time = '09:00', citizen: Partial<Citizen> = {}): Promise<string> {
  const { id } = await booked(time, citizen);
  await encounter.start(person(1), office, id);
  return id;
}

const item = (more: Partial<EncounterItem>): EncounterItem => ({
  ...{ kind: 'procedure', procedure: 'volant-padro', query: null, label: '', outcome: 'done' },
  ...more,
});
const NOTHING: EncounterDraft = {
  ...{ items: [], identity: null, identityNote: '', notes: '', wrapUp: null, points: [] },
};
const draft = (more: Partial<EncounterDraft>): EncounterDraft => ({ ...NOTHING, ...more });
const done = draft({ items: [item({})], identity: 'none', wrapUp: 'solved' });
const auto = { base: NOTHING, isAutomatic: true };

const rows = (query: ReturnType<typeof sql<{ what: string }>>) =>
  within(database.kysely, INSTALLATION, async (tx) =>
    (await query.execute(tx)).rows.map((each) => each.what),
  );
const told = (id: string) =>
  rows(
    sql`select kind as what from event where appointment_id = ${id} and kind = 'saved' order by id`,
  );
const recorded = (id: string, action: string) =>
  rows(sql`select actor as what from audit where appointment_id = ${id} and action = ${action}
    order by id`);
const noticesOf = (id: string) =>
  rows(sql`select kind || ' ' || recipient as what from notice where appointment_id = ${id} and dropped_at is null
    order by created_at, kind`);

describe('an autosave', () => {
  test('is told and recorded once in a quarter of an hour for each person, and always when asked for', async () => {
    const id = await begun();
    woken = 0;
    let version = 1;
    const save = async (staff: number, notes: string, isAutomatic = true) => {
      const how = { base: NOTHING, isAutomatic };
      const saved = await encounter.save(
        person(staff),
        office,
        { appointment: id },
        version,
        draft({ notes }),
        how,
      );
      if (!saved.ok) throw new Error(saved.reason);
      version = saved.version;
    };
    for (const notes of ['a', 'ab', 'abc']) await save(1, notes);
    expect(version).toBe(4);
    expect([await told(id), await recorded(id, 'saved'), woken]).toEqual([
      ['saved'],
      ['staff:1'],
      1,
    ]);
    await save(2, 'abcd');
    expect(await recorded(id, 'saved')).toEqual(['staff:1', 'staff:2']);
    clock.advance({ minutes: 14 });
    await save(1, 'abcde');
    expect(await told(id)).toHaveLength(2);
    clock.advance({ minutes: 1 });
    await save(1, 'abcdef');
    await save(1, 'abcdef!', false);
    expect(await recorded(id, 'saved')).toEqual(['staff:1', 'staff:2', 'staff:1', 'staff:1']);
    expect(await told(id)).toHaveLength(woken);
  });

  test('of nothing new writes nothing', async () => {
    const id = await begun();
    const first = await encounter.save(
      person(1),
      office,
      { appointment: id },
      1,
      draft({ notes: 'a' }),
      auto,
    );
    expect(first).toMatchObject({ ok: true, version: 2, merged: false });
    const again = { ...auto, base: draft({ notes: 'a' }) };
    expect(
      await encounter.save(person(1), office, { appointment: id }, 2, draft({ notes: 'a' }), again),
    ).toMatchObject({ ok: true, version: 2 });
  });
});

describe('two people', () => {
  test('who write different things have both; who closes sees it first', async () => {
    const id = await begun();
    await encounter.save(
      person(1),
      office,
      { appointment: id },
      1,
      draft({ notes: 'de la 1' }),
      auto,
    );
    const mine = draft({ wrapUp: 'solved', points: ['volant-padro/document/dni'] });
    expect(
      await encounter.close(
        person(2),
        office,
        { appointment: id },
        1,
        { ...done, ...mine, items: [item({})] },
        auto,
      ),
    ).toMatchObject({
      ok: false,
      reason: 'stale',
      who: 'Persona 1',
      collisions: [],
      merged: { notes: 'de la 1', wrapUp: 'solved' },
    });
    expect(
      await encounter.save(person(2), office, { appointment: id }, 1, mine, auto),
    ).toMatchObject({
      ok: true,
      version: 3,
      merged: true,
      draft: { ...mine, notes: 'de la 1' },
    });
  });

  test('who write the same at once: one stands, the other is told whose, and nothing is overwritten', async () => {
    const id = await begun();
    const results = await Promise.all(
      [1, 2].map((staff) =>
        encounter.save(
          person(staff),
          office,
          { appointment: id },
          1,
          draft({ notes: `de la ${staff}` }),
          auto,
        ),
      ),
    );
    const won = results.findIndex((each) => each.ok) + 1;
    expect(results.find((each) => !each.ok)).toMatchObject({
      reason: 'stale',
      who: `Persona ${won}`,
      collisions: ['notes'],
      current: { version: 2, notes: `de la ${won}` },
      merged: { notes: `de la ${3 - won}` },
    });
  });
});

describe('the check-list', () => {
  test('keeps who ticked what and when; another one unticks only what the town file has', async () => {
    const id = await begun();
    const points = [
      'volant-padro/document/dni',
      'volant-padro/step/enviat',
      'volant-padro/step/no',
    ];
    await encounter.save(person(1), office, { appointment: id }, 1, draft({ points }));
    clock.advance({ minutes: 3 });
    const kept = points.slice(0, 1);
    await encounter.save(
      person(2),
      office,
      { appointment: id },
      2,
      draft({ points: [...kept, 'volant-padro/step/adreca'] }),
    );
    const found = await encounter.open(person(1), office, id);
    expect(
      found?.encounter?.ticks.map(({ point, who, at }) => [point, who, at.toString()]),
    ).toEqual([
      ['volant-padro/document/dni', 'Persona 1', '2026-11-30T06:00:00Z'],
      ['volant-padro/step/adreca', 'Persona 2', '2026-11-30T06:03:00Z'],
    ]);
  });

  test('whose required step is missing asks once; what was only asked about is closed', async () => {
    const id = await begun();
    const close = (more: Partial<EncounterDraft>, anyway = false) =>
      encounter.close(person(1), office, { appointment: id }, 1, { ...done, ...more }, { anyway });
    expect(await close({})).toMatchObject({
      ok: false,
      reason: 'unticked',
      points: [{ point: 'volant-padro/step/adreca' }],
    });
    expect(await close({}, true)).toMatchObject({ ok: true });
    const other = await begun('09:20');
    const asked = { ...done, items: [item({ kind: 'query' })] };
    expect(
      await encounter.close(person(1), office, { appointment: other }, 1, asked),
    ).toMatchObject({ ok: true });
  });
});

describe('what came before', () => {
  test('is found by either address, says which, and is recorded once in a while', async () => {
    const first = await begun('09:00');
    await encounter.close(person(3), office, { appointment: first }, 1, done, { anyway: true });
    const family = await booked('09:20', { name: 'Pere', email: 'pere@example.cat' });
    await booked('09:40', { name: 'Marta', email: 'marta@example.cat', phone: '+34600000009' });
    const now = await booked('10:00', { phone: '+34600000001' });
    const found = await encounter.open(person(1), office, now.id);
    expect(
      found?.earlier.map(({ id, sameEmail, samePhone, name, who }) => ({
        id,
        sameEmail,
        samePhone,
        name,
        who,
      })),
    ).toEqual([
      { id: family.id, sameEmail: false, samePhone: true, name: 'Pere', who: null },
      { id: first, sameEmail: true, samePhone: true, name: 'Rosa', who: 'Persona 3' },
    ]);
    expect(found?.earlier[1]).toMatchObject({
      status: 'fulfilled',
      wrapUp: 'solved',
      items: [{ kind: 'procedure', procedure: 'volant-padro', outcome: 'done' }],
    });
    await encounter.open(person(1), office, now.id);
    expect(await recorded(now.id, 'history')).toEqual(['staff:1']);
    expect(await recorded(now.id, 'opened')).toHaveLength(2);
  });

  test('is of this office alone, and gone with what retention destroys', async () => {
    const { id: first } = await booked('09:00');
    const elsewhere = office;
    office = await offices.byId(await testOffice(database.kysely, { code: `saving-${++nth}` }));
    const there = await booked('09:00');
    expect((await encounter.open(person(1), office, there.id))?.earlier).toEqual([]);
    office = elsewhere;

    const request = { procedure: 'cens', channel: 'phone', language: 'ca' } as const;
    const follow = await desk.book(
      person(1),
      office,
      {
        ...request,
        noticeLanguage: 'ca',
        start: Temporal.Instant.from('2026-12-14T09:00:00+01:00'),
        citizen: { name: 'Rosa', email: null, phone: '+34600000077' },
        ...{ onBehalfOf: null, needs: [], comment: '' },
      },
      'the form of a follow-up',
      first,
    );
    if (!follow.ok) throw new Error(follow.reason);
    const { id } = follow.appointment;
    const before = await encounter.open(person(1), office, id);
    expect(before?.earlier).toMatchObject([{ id: first, link: 'followed_by_this' }]);
    expect((await encounter.open(person(1), office, first))?.earlier).toMatchObject([
      { id, link: 'follows_this' },
    ]);

    clock.set('2027-01-05T09:00:00+01:00');
    await testRetention({ db: database.kysely, offices, clock }).sweep();
    expect((await encounter.open(person(1), office, id))?.earlier).toEqual([]);
    const links = sql<{
      what: string;
    }>`select follows as what from follow_up where follows = ${first}`;
    expect(await rows(links)).toEqual([]);
  });

  test('what is noted down most comes first, of the last month', async () => {
    const id = await begun();
    const cens = item({ procedure: 'cens' });
    await encounter.save(
      person(1),
      office,
      { appointment: id },
      1,
      draft({ items: [cens, item({}), cens] }),
    );
    expect(await encounter.frequent(person(1), office)).toEqual([
      { kind: 'procedure', procedure: 'cens', query: null },
      { kind: 'procedure', procedure: 'volant-padro', query: null },
    ]);
    clock.advance({ hours: 24 * 31 });
    expect(await encounter.frequent(person(1), office)).toEqual([]);
  });
});

describe('a wrong number', () => {
  const wrong = (id: string, number: number) =>
    encounter.logAttempt(person(1), office, id, {
      number,
      outcome: 'wrong_number',
      note: '',
      anyway: true,
    });
  const citizenSays = (id: string, citizen: Partial<Citizen>) =>
    appointments.changeContact({ kind: 'citizen', appointment: id }, office, id, {
      ...{ name: 'Rosa', email: 'rosa@example.cat', phone: '+34600000001' },
      ...citizen,
    });
  const entryOf = async (id: string) => {
    const day = Temporal.PlainDate.from('2026-11-30');
    return (await encounter.day(person(1), office, day, null)).find((each) => each.id === id);
  };

  test('is asked for by e-mail, not called again, and may be said after the hour', async () => {
    const { id } = await booked('09:00');
    clock.set('2026-11-30T09:01:00+01:00');
    expect(await citizenSays(id, { phone: '+34600000002' })).toMatchObject({ reason: 'not_open' });
    expect(await wrong(id, 1)).toEqual({ ok: true, next: 'number' });
    expect(await noticesOf(id)).toContain('number rosa@example.cat');
    expect(await wrong(id, 2)).toEqual({ ok: false, reason: 'stale' });
    expect(await entryOf(id)).toMatchObject({
      lacksNumber: true,
      dueAt: Temporal.Instant.from('2026-11-30T09:30:00+01:00'),
    });
    expect(await citizenSays(id, { name: 'Rosa Maria' })).toMatchObject({ ok: true });
    expect(await entryOf(id)).toMatchObject({ lacksNumber: true });
    expect(await citizenSays(id, { phone: '+34600000002' })).toMatchObject({ ok: true });
    expect(await entryOf(id)).toMatchObject({
      lacksNumber: false,
      dueAt: Temporal.Instant.from('2026-11-30T09:00:00+01:00'),
    });
    expect(await citizenSays(id, { phone: '+34600000003' })).toMatchObject({ reason: 'not_open' });
    expect(await encounter.giveUp(person(1), office, id)).toEqual({
      ok: false,
      reason: 'not_open',
    });
    const busy = { number: 2, outcome: 'busy', note: '' } as const;
    expect(await encounter.logAttempt(person(1), office, id, busy)).toMatchObject({
      next: 'retry',
    });
  });

  test('without an e-mail nobody writes to its owner, when it is given up neither', async () => {
    const { id } = await booked('09:00', { email: null });
    await wrong(id, 1);
    expect((await noticesOf(id)).filter((each) => each.startsWith('number'))).toEqual([]);
    expect(await encounter.giveUp(person(1), office, id)).toEqual({ ok: true });
    expect((await appointments.byId(office, id))?.status).toBe('noshow');
    expect(await noticesOf(id)).toEqual([]);
    expect(await recorded(id, 'given_up')).toEqual(['staff:1']);
  });
});
