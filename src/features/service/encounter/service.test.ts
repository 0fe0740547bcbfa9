import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { Appointments } from '../../booking/appointments/service.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createUnreached, type EncounterService } from './service.ts';
import { testEncounter } from './testing/encounter.ts';
import { type AttemptOutcome, type EncounterDraft, UNDO_STEPS, type UndoStep } from './types.ts';

const DAY = Temporal.PlainDate.from('2026-11-30');
const at = (time: string) => Temporal.Instant.from(`2026-11-30T${time}:00+01:00`);

const clock = handClock('2026-11-30T07:00:00+01:00');
let database: TestDatabase;
let offices: Offices;
let appointments: Appointments;
let encounter: EncounterService;
let office: Office;
let agent: StaffViewer;
let coordinator: StaffViewer;
let woken = 0;
let nth = 0;

beforeAll(async () => {
  database = await testDatabase();
  ({ offices, appointments } = testAppointments(database, clock));
  encounter = testEncounter(database, clock, () => {
    woken++;
  });
});
afterAll(() => database.close());

beforeEach(async () => {
  clock.set('2026-11-30T07:00:00+01:00');
  woken = 0;
  office = await offices.byId(
    await testOffice(database.kysely, {
      code: `oac-${++nth}`,
      desks: { 'taula-1': {}, 'taula-2': { shifts: [{ from: '14:00', to: '15:00' }] } },
    }),
  );
  agent = viewer('agent', 'taula-1');
  coordinator = viewer('coordinator', null);
});

const desk = (code: string) => office.desks.find((each) => each.code === code)?.id ?? null;
const viewer = (role: StaffViewer['role'], deskCode: string | null): StaffViewer => ({
  kind: 'staff',
  staff: 7,
  name: 'Marta',
  office: office.id,
  role,
  desk: deskCode === null ? null : desk(deskCode),
});

async function booked(time: string): Promise<Appointment> {
  const result = await appointments.book({ kind: 'citizen' }, office, {
    procedure: 'volant-padro',
    channel: 'phone',
    language: 'ca',
    noticeLanguage: 'ca',
    start: at(time),
    citizen: { name: `Rosa ${time}`, email: 'rosa@example.cat', phone: '+34600000001' },
    onBehalfOf: null,
    needs: [],
    comment: '',
  });
  if (!result.ok) throw new Error(result.reason);
  return result.appointment;
}

const log = (id: string, number: number, outcome: AttemptOutcome, who = agent) =>
  encounter.logAttempt(who, office, id, { number, outcome, note: '', anyway: true });
/** Ends what is due to end. */
const passBy = () =>
  createUnreached({
    db: database.kysely,
    clock,
    offices,
    unit: testUnit(database.kysely, clock),
  }).end();

const statusOf = async (id: string) => (await appointments.byId(office, id))?.status;

const draft: EncounterDraft = {
  items: [
    { kind: 'procedure', procedure: 'volant-padro', query: null, label: '', outcome: 'done' },
    {
      kind: 'query',
      procedure: null,
      query: null,
      label: 'Horari de la biblioteca',
      outcome: 'answered',
    },
  ],
  identity: 'questions',
  identityNote: 'Adreça i any de naixement',
  notes: 'Li arribarà per correu.',
  wrapUp: 'solved',
  points: [],
};

async function rows<T extends object>(query: string, ...values: unknown[]): Promise<T[]> {
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    await client.query("select set_config('app.office', '*', true)");
    const result = await client.query<T>(query, values);
    await client.query('commit');
    return result.rows;
  } finally {
    client.release();
  }
}
const audited = async (id: string) =>
  (
    await rows<{ action: string }>(
      `select action from audit where appointment_id = $1 and actor = 'staff:7' order by id`,
      id,
    )
  ).map((each) => each.action);
const noticesOf = async (id: string) =>
  (
    await rows<{ kind: string }>(
      'select kind from notice where appointment_id = $1 and dropped_at is null order by created_at',
      id,
    )
  ).map((each) => each.kind);

describe('the day', () => {
  test("is the desk's own for who attends, the office's for who coordinates, and is audited once", async () => {
    await booked('09:00');
    await booked('14:00');
    const names = async (who: StaffViewer, which: number | null) =>
      (await encounter.day(who, office, DAY, which)).map((each) => each.name);
    expect(await names(agent, null)).toEqual(['Rosa 09:00']);
    expect(await names(agent, desk('taula-2'))).toEqual(['Rosa 09:00']);
    expect(await names(coordinator, null)).toEqual(['Rosa 09:00', 'Rosa 14:00']);
    expect(await names(coordinator, desk('taula-2'))).toEqual(['Rosa 14:00']);
    expect(await encounter.day(agent, office, DAY.add({ days: 1 }), null)).toEqual([]);
    expect(
      await rows(
        `select data->>'count' as n from audit where office_id = $1 and action = 'day'`,
        office.id,
      ),
    ).toHaveLength(4);
  });

  test('tells whom to call next, and puts off who did not answer', async () => {
    const [nine, twenty] = [await booked('09:00'), await booked('09:20')];
    clock.set('2026-11-30T09:14:00+01:00');
    expect((await encounter.next(agent, office))?.id).toBe(nine.id);
    await log(nine.id, 1, 'no_answer');
    expect((await encounter.next(agent, office))?.id).toBe(twenty.id);
    expect((await encounter.day(agent, office, DAY, null))[0]).toMatchObject({
      failedAttempts: 1,
      dueAt: at('09:24'),
    });
  });
});

describe('a call', () => {
  test('that is answered the second time opens the encounter', async () => {
    const { id } = await booked('09:00');
    clock.set('2026-11-30T09:01:00+01:00');
    expect(await log(id, 1, 'busy')).toEqual({ ok: true, next: 'retry', at: at('09:11') });
    expect(await statusOf(id)).toBe('booked');
    expect(await log(id, 2, 'answered')).toEqual({ ok: true, next: 'attend' });
    expect(await statusOf(id)).toBe('in_progress');
    const dossier = await encounter.open(agent, office, id);
    expect(dossier?.attempts.map((each) => each.outcome)).toEqual(['busy', 'answered']);
    expect(dossier?.encounter).toMatchObject({ version: 1, endedAt: null, items: [] });
    expect(dossier?.events.map((each) => each.kind)).toEqual([
      'booked',
      'attempt',
      'attempt',
      'started',
    ]);
    expect(dossier?.events.map((each) => each.who)).toEqual([
      null,
      'Persona 7',
      'Persona 7',
      'Persona 7',
    ]);
    expect(await audited(id)).toEqual(['attempt', 'attempt', 'opened']);
  });

  test('that fails three times is a no-show when the window is over, with a notice to book again, once', async () => {
    const { id } = await booked('09:00');
    const other = await booked('09:20');
    clock.set('2026-11-30T09:00:00+01:00');
    await log(id, 1, 'no_answer');
    await log(id, 2, 'voicemail');
    expect(await noticesOf(id)).toEqual(['confirmation']);
    expect(await log(id, 3, 'no_answer')).toEqual({ ok: true, next: 'ending', at: at('09:30') });
    expect(await statusOf(id)).toBe('booked');
    expect(await log(id, 4, 'answered')).toEqual({ ok: false, reason: 'not_open' });
    expect((await encounter.next(agent, office))?.id).toBe(other.id);
    expect((await encounter.open(agent, office, id))?.endsAt).toEqual(at('09:30'));
    clock.set('2026-11-30T09:29:59+01:00');
    expect(await passBy()).toBe(0);
    clock.set('2026-11-30T09:30:00+01:00');
    await Promise.all([passBy(), passBy()]);
    expect(await statusOf(id)).toBe('noshow');
    expect(await noticesOf(id)).toEqual(['noshow']);
    expect(await passBy()).toBe(0);
    expect((await encounter.open(agent, office, id))?.undo).toBeNull();
  });

  test('before its time is asked about, an answer never', async () => {
    const { id } = await booked('09:00');
    const call = (number: number, outcome: AttemptOutcome) =>
      encounter.logAttempt(agent, office, id, { number, outcome, note: '' });
    clock.set('2026-11-30T08:50:00+01:00');
    expect(await call(1, 'busy')).toEqual({ ok: false, reason: 'early', at: at('09:00') });
    clock.set('2026-11-30T09:00:00+01:00');
    expect(await call(1, 'busy')).toMatchObject({ ok: true, next: 'retry' });
    clock.set('2026-11-30T09:01:00+01:00');
    expect(await call(2, 'busy')).toEqual({ ok: false, reason: 'early', at: at('09:10') });
    expect((await encounter.open(agent, office, id))?.attempts).toHaveLength(1);
    expect(await call(2, 'answered')).toEqual({ ok: true, next: 'attend' });
  });

  test('that begins a second encounter at a desk is asked about', async () => {
    const one = await booked('09:00');
    const two = await booked('09:20');
    await log(one.id, 1, 'answered');
    const busy = { ok: false, reason: 'busy', other: { id: one.id, name: 'Rosa 09:00' } };
    expect(await encounter.start(agent, office, two.id)).toEqual(busy);
    const answered = { number: 1, outcome: 'answered', note: '' } as const;
    expect(await encounter.logAttempt(agent, office, two.id, answered)).toEqual(busy);
    expect(await statusOf(two.id)).toBe('booked');
    // Another desk has nothing open.
    const beside = viewer('agent', 'taula-2');
    expect(await encounter.start(beside, office, two.id)).toEqual({ ok: true });
    // Another person's step is theirs to take back, and a coordinator's.
    const colleague = { ...agent, staff: 8 };
    expect((await encounter.open(colleague, office, two.id))?.undo).toBeNull();
    expect(await encounter.undo(colleague, office, two.id, 'begin')).toEqual({
      ok: false,
      reason: 'not_open',
    });
    expect(await encounter.undo({ ...coordinator, staff: 8 }, office, two.id, 'begin')).toEqual({
      ok: true,
    });
    expect(await encounter.start(agent, office, two.id, { anyway: true })).toEqual({ ok: true });
  });

  test('logged by two people at once counts once; who is late is told', async () => {
    const { id } = await booked('09:00');
    const results = await Promise.all([log(id, 1, 'no_answer'), log(id, 1, 'busy', coordinator)]);
    expect(results.filter((each) => each.ok)).toHaveLength(1);
    expect(results.find((each) => !each.ok)).toEqual({ ok: false, reason: 'stale' });
  });

  test('back from the citizen is attended, after a no-show too', async () => {
    const { id } = await booked('09:00');
    for (const number of [1, 2, 3]) await log(id, number, 'no_answer');
    clock.set('2026-11-30T09:30:00+01:00');
    await passBy();
    expect(await encounter.start(agent, office, id)).toEqual({ ok: true });
    expect(await statusOf(id)).toBe('in_progress');
    expect(await encounter.start(agent, office, id)).toEqual({ ok: false, reason: 'not_open' });
  });
});

describe('the encounter', () => {
  test('is saved, closed with what was done, and followed by the survey', async () => {
    const { id } = await booked('09:00');
    await log(id, 1, 'answered');
    expect(
      await encounter.save(agent, office, { appointment: id }, 1, { ...draft, wrapUp: null }),
    ).toMatchObject({
      ok: true,
      version: 2,
    });
    expect(await encounter.close(agent, office, { appointment: id }, 2, draft)).toMatchObject({
      ok: true,
      version: 3,
    });
    expect(await statusOf(id)).toBe('fulfilled');
    expect(woken).toBe(3);
    const dossier = await encounter.open(agent, office, id);
    expect(dossier?.encounter).toMatchObject({ ...draft, version: 3 });
    expect(dossier?.encounter?.endedAt).not.toBeNull();
    expect(await noticesOf(id)).toEqual(['survey']);
    expect(await audited(id)).toEqual(['attempt', 'saved', 'closed', 'opened']);
  });

  test('is not closed without a wrap-up code', async () => {
    const { id } = await booked('09:00');
    await log(id, 1, 'answered');
    expect(
      await encounter.close(agent, office, { appointment: id }, 1, { ...draft, wrapUp: null }),
    ).toEqual({
      ok: false,
      reason: 'invalid',
      mistakes: { wrapUp: 'missing' },
    });
    expect(await statusOf(id)).toBe('in_progress');
  });

  test('is never overwritten by who has not seen what stands there', async () => {
    const { id } = await booked('09:00');
    await log(id, 1, 'answered');
    const results = await Promise.all([
      encounter.save(agent, office, { appointment: id }, 1, { ...draft, notes: 'A' }),
      encounter.save(coordinator, office, { appointment: id }, 1, { ...draft, notes: 'B' }),
    ]);
    const won = results[0]?.ok ? 'A' : 'B';
    expect(results.filter((each) => each.ok)).toHaveLength(1);
    expect(results.find((each) => !each.ok)).toMatchObject({
      reason: 'stale',
      current: { version: 2, notes: won },
    });
  });

  test('once closed is not written again', async () => {
    const { id } = await booked('09:00');
    await log(id, 1, 'answered');
    await encounter.close(agent, office, { appointment: id }, 1, draft);
    expect(await encounter.save(agent, office, { appointment: id }, 2, draft)).toEqual({
      ok: false,
      reason: 'not_open',
    });
  });
});

describe('undoing', () => {
  const undone = (id: string, step: UndoStep, who = agent) => encounter.undo(who, office, id, step);

  test('takes back the last call, on record, and its end with it', async () => {
    const { id } = await booked('09:00');
    clock.set('2026-11-30T09:00:00+01:00');
    for (const number of [1, 2, 3]) await log(id, number, 'no_answer');
    clock.set('2026-11-30T09:29:00+01:00');
    expect(await undone(id, 'begin')).toEqual({ ok: false, reason: 'not_open' });
    expect(await undone(id, 'attempt')).toEqual({ ok: true });
    clock.set('2026-11-30T09:31:00+01:00');
    expect(await passBy()).toBe(0);
    const dossier = await encounter.open(agent, office, id);
    expect(dossier?.attempts).toHaveLength(2);
    expect(dossier?.events.map((each) => each.kind).slice(-2)).toEqual(['attempt', 'undone']);
    expect(dossier?.events.at(-1)).toMatchObject({ actor: 'staff:7', data: { step: 'attempt' } });
    expect(await audited(id)).toEqual(['attempt', 'attempt', 'attempt', 'undone', 'opened']);
    // The call before was made half an hour ago.
    expect(await undone(id, 'attempt')).toEqual({ ok: false, reason: 'not_open' });
    expect(await log(id, 3, 'answered')).toEqual({ ok: true, next: 'attend' });
  });

  test('takes back an answer with its encounter, for two minutes, while nothing was written', async () => {
    const { id } = await booked('09:00');
    await log(id, 1, 'answered');
    expect(await undone(id, 'begin')).toEqual({ ok: true });
    const dossier = await encounter.open(agent, office, id);
    expect(dossier).toMatchObject({ attempts: [], encounter: null, undo: null });
    expect(await statusOf(id)).toBe('booked');
    await log(id, 1, 'answered');
    await encounter.save(agent, office, { appointment: id }, 1, draft);
    expect(await undone(id, 'begin')).toEqual({ ok: false, reason: 'not_open' });
    const later = await booked('09:20');
    await encounter.start(agent, office, later.id, { anyway: true });
    clock.advance({ minutes: 2 });
    expect(await undone(later.id, 'begin')).toEqual({ ok: false, reason: 'not_open' });
  });

  test('of a beginning after a no-show leads back to it', async () => {
    const { id } = await booked('09:00');
    clock.set('2026-11-30T09:00:00+01:00');
    for (const number of [1, 2, 3]) await log(id, number, 'busy');
    clock.set('2026-11-30T09:30:00+01:00');
    await passBy();
    await encounter.start(agent, office, id);
    expect(await undone(id, 'begin')).toEqual({ ok: true });
    expect(await statusOf(id)).toBe('noshow');
  });

  test('of a cancellation takes the hour again, with the notices that it dropped, before anybody is told', async () => {
    clock.set('2026-11-30T05:00:00+01:00');
    const { id, desk: own, start } = await booked('09:40');
    const before = await noticesOf(id);
    expect(before).toContain('soon');
    await encounter.cancel(agent, office, id, 'Avaria');
    expect(await noticesOf(id)).toEqual(['cancellation']);
    clock.advance({ seconds: 29 });
    expect(await undone(id, 'cancelled')).toEqual({ ok: true });
    expect(await noticesOf(id)).toEqual(before);
    expect(await appointments.byId(office, id)).toMatchObject({
      ...{ status: 'booked', desk: own, start },
    });
    await expect(booked('09:40')).rejects.toThrow('slot_taken');
    expect((await encounter.open(agent, office, id))?.events.at(-1)).toMatchObject({
      ...{ kind: 'undone', data: { step: 'cancelled' } },
    });
    // Once the citizen may have been told, it stays.
    await encounter.cancel(agent, office, id, 'Avaria');
    clock.advance({ seconds: 30 });
    expect(await undone(id, 'cancelled')).toEqual({ ok: false, reason: 'not_open' });
  });

  test('of a cancellation that the citizen was told of at once, or that cost them more than the hour, is not offered', async () => {
    const { id } = await booked('09:00');
    await encounter.cancel(agent, office, id, 'Avaria');
    const offered = async () => (await encounter.open(agent, office, id))?.undo;
    expect(await offered()).toMatchObject({ step: 'cancelled' });
    await rows('update notice set not_before = created_at where appointment_id = $1', id);
    expect(await offered()).toBeNull();
    await rows(
      "update notice set not_before = created_at + interval '30 seconds' where appointment_id = $1",
      id,
    );
    expect(await offered()).toMatchObject({ step: 'cancelled' });
    await rows('update appointment set displaced_at = now() where id = $1', id);
    expect(await offered()).toBeNull();
    expect(await undone(id, 'cancelled')).toEqual({ ok: false, reason: 'not_open' });
  });

  test('of a cancellation leaves the hour to whoever has it meanwhile', async () => {
    const { id } = await booked('09:40');
    await encounter.cancel(agent, office, id, 'Avaria');
    const other = await booked('09:40');
    expect(await undone(id, 'cancelled')).toEqual({ ok: false, reason: 'slot_taken' });
    expect([await statusOf(id), await statusOf(other.id)]).toEqual(['cancelled', 'booked']);
    expect(await noticesOf(id)).toEqual(['cancellation']);
  });

  test('of a beginning long before the hour keeps its reminder', async () => {
    clock.set('2026-11-30T05:00:00+01:00');
    const { id } = await booked('09:40');
    const before = await noticesOf(id);
    await encounter.start(agent, office, id, { anyway: true });
    expect(await noticesOf(id)).not.toContain('soon');
    await undone(id, 'begin');
    expect(await noticesOf(id)).toEqual(before);
  });

  test('is not another office’s, and not of what was not done', async () => {
    const { id } = await booked('09:00');
    const stranger = { ...coordinator, office: office.id + 1 };
    expect(await undone(id, 'attempt', stranger)).toEqual({ ok: false, reason: 'not_found' });
    for (const step of UNDO_STEPS)
      expect(await undone(id, step)).toEqual({ ok: false, reason: 'not_open' });
  });
});

describe('correcting a closed encounter', () => {
  const ended = async () => {
    const { id } = await booked('09:00');
    await log(id, 1, 'answered');
    await encounter.close(agent, office, { appointment: id }, 1, draft);
    return id;
  };
  const correct = (id: string, who: StaffViewer, version: number, more: Partial<EncounterDraft>) =>
    encounter.correct(who, office, { appointment: id }, version, { ...draft, ...more });

  test('keeps who changed which parts, tells the citizen nothing, and ends it no second time', async () => {
    const id = await ended();
    const before = await encounter.open(agent, office, id);
    clock.advance({ hours: 3 });
    const changed = { notes: 'Ha de tornar.', wrapUp: 'pending' };
    const wrapUps = office.settings.wrapUpCodes.map((each) => each.code);
    const wrapUp = wrapUps.find((each) => each !== draft.wrapUp) ?? '';
    expect(await correct(id, agent, 2, { ...changed, wrapUp })).toMatchObject({
      ok: true,
      version: 3,
    });
    const after = await encounter.open(agent, office, id);
    expect(after?.encounter).toMatchObject({ notes: 'Ha de tornar.', wrapUp });
    expect(after?.encounter?.endedAt).toEqual(before?.encounter?.endedAt);
    expect(after?.events.at(-1)).toMatchObject({
      kind: 'corrected',
      actor: 'staff:7',
      data: { parts: ['notes', 'wrapUp'] },
    });
    expect(await noticesOf(id)).toEqual(['survey']);
    expect(await audited(id)).toContain('corrected');
    expect(await statusOf(id)).toBe('fulfilled');
    // The same again is no correction.
    expect(await correct(id, agent, 3, { notes: 'Ha de tornar.', wrapUp })).toMatchObject({
      version: 3,
    });
  });

  test('needs what closing needs, and the version that one has seen', async () => {
    const id = await ended();
    expect(await correct(id, agent, 2, { identity: null })).toMatchObject({
      reason: 'invalid',
      mistakes: { identity: 'missing' },
    });
    await correct(id, coordinator, 2, { notes: 'Del coordinador' });
    expect(await correct(id, agent, 2, { notes: 'Meu' })).toMatchObject({
      reason: 'stale',
      current: { notes: 'Del coordinador' },
    });
  });

  test('is for the desk that attended and for coordinators, and only once it has ended', async () => {
    const id = await ended();
    const no = { ok: false, reason: 'not_open' };
    expect(await correct(id, viewer('agent', 'taula-2'), 2, { notes: 'X' })).toEqual(no);
    expect(await correct(id, coordinator, 2, { notes: 'X' })).toMatchObject({ ok: true });
    const open = await booked('09:20');
    await log(open.id, 1, 'answered');
    expect(await correct(open.id, agent, 1, {})).toEqual(no);
  });
});

describe('cancelling for the office', () => {
  test('tells the citizen why and frees the time; what is over stays', async () => {
    const { id } = await booked('09:00');
    expect(await encounter.cancel(agent, office, id, 'Avaria')).toEqual({ ok: true });
    expect(await statusOf(id)).toBe('cancelled');
    // The confirmation had not been sent: it would now tell something untrue.
    expect(await noticesOf(id)).toEqual(['cancellation']);
    expect(await audited(id)).toEqual(['cancelled']);
    expect(await encounter.cancel(agent, office, id, '')).toEqual({
      ok: false,
      reason: 'not_open',
    });
    await booked('09:00');
  });
});

describe('row-level security', () => {
  test("another office's, what does not exist, and all of it without a desk are the same nothing", async () => {
    const { id } = await booked('09:00');
    const stranger = { ...coordinator, office: office.id + 1 };
    const nothing = { ok: false, reason: 'not_found' };
    for (const [who, which] of [
      [viewer('agent', null), id],
      [stranger, id],
      [coordinator, '00000000-0000-4000-8000-000000000000'],
      [coordinator, 'nonsense'],
    ] as const) {
      expect(await encounter.open(who, office, which)).toBeNull();
      expect(await log(which, 1, 'answered', who)).toEqual(nothing);
      expect(await encounter.start(who, office, which)).toEqual(nothing);
      expect(await encounter.save(who, office, { appointment: which }, 1, draft)).toEqual(nothing);
      expect(await encounter.close(who, office, { appointment: which }, 1, draft)).toEqual(nothing);
      expect(await encounter.cancel(who, office, which, '')).toEqual(nothing);
    }
    expect(await statusOf(id)).toBe('booked');
  });

  test('another desk attends who rings back, and its desk is on the trail', async () => {
    const { id, desk } = await booked('09:00');
    const other = viewer('agent', 'taula-2');
    expect(other.desk).not.toBe(desk);
    expect((await encounter.open(other, office, id))?.appointment.id).toBe(id);
    const entry = await within(database.kysely, office.id, (tx) =>
      tx
        .selectFrom('audit')
        .select(['action', 'data'])
        .where('appointment_id', '=', id)
        .where('action', '=', 'opened')
        .executeTakeFirstOrThrow(),
    );
    expect(entry).toEqual({ action: 'opened', data: { desk } });
  });
});
