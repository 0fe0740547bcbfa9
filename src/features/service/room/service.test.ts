import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StreamEvent } from '../../../lib/http/streams.ts';
import { createNotifier, type Notifier } from '../../../lib/notifier.ts';
import { installationKey } from '../../../lib/secrets.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { appendEvent } from '../../booking/appointments/service.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { readById, readEvents } from '../../booking/appointments/views.ts';
import { unitOf } from '../../foundation/audit/service.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { type Companions, createCompanions } from '../companions/service.ts';
import { testEncounter } from '../encounter/testing/encounter.ts';
import { BACK_SECONDS, LIMITS } from './rules.ts';
import { createRoom, type Room } from './service.ts';
import type { Seat } from './types.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
const OFFER = JSON.stringify([{ type: 'offer', call: 'c1', sdp: 'v=0' }]);
let database: TestDatabase;
let office: number;
let staff: StaffViewer;
/** The same town at two processes. */
let here: Room;
let there: Room;
let notifier: Notifier;
let companions: Companions;
let close: () => Promise<void>;
let begin: (appointment: Appointment) => Promise<unknown>;
let book: () => Promise<Appointment>;
let appointment: Appointment;

/** Returns the same first name for all appointments. */
const namesFor = (all: readonly string[]) => new Map(all.map((id) => [id, 'Núria']));

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const { offices, bookVideo } = testAppointments(database, clock);
  office = await testOffice(db);
  const of = await offices.byId(office);
  staff = { kind: 'staff', staff: 1, name: 'Núria', office, role: 'coordinator', desk: null };
  const attendants = {
    ofAll: async (_: number, all: readonly string[]) => namesFor(all),
    showsNames: async () => true,
  };
  const notifiers = [0, 1].map(() => createNotifier({ ...database, onDeaf: () => {} }));
  notifier = notifiers[0]!;
  const [one, two] = notifiers.map((notifier) =>
    createRoom({ db, notifier, clock, unit: unitOf({ db, clock, notifier }), attendants }),
  );
  here = one!;
  there = two!;
  const key = installationKey(Buffer.alloc(32));
  companions = createCompanions({ db, key, unit: testUnit(db, clock, notifiers[0]!.notify) });
  const encounter = testEncounter({ kysely: db }, clock, notifiers[0]!.notify);
  begin = ({ id }) => encounter.start(staff, of, id, { anyway: true });
  book = () => bookVideo(of);
  close = async () => {
    here.close();
    there.close();
    for (const each of notifiers) await each.close();
    await database.close();
  };
});
afterAll(() => close());

beforeEach(async () => {
  clock.set('2026-11-30T07:00:00+01:00');
  appointment = await book();
  clock.set(appointment.start.subtract({ minutes: 5 }).toString());
});

const citizen = (): Viewer => ({ kind: 'citizen', appointment: appointment.id });
const enter = async (room: Room, who: Viewer): Promise<Seat> => {
  const entered = await room.enter(who, office, appointment.id);
  if (!entered.ok) throw new Error(entered.reason);
  return entered.seat;
};
const look = () =>
  within(database.kysely, office, async (tx) => ({
    status: (await readById(tx, appointment.id))?.status,
    events: (await readEvents(tx, appointment.id)).map((each) => each.kind),
  }));
/** Follows a seat; what it is told. */
async function listen(room: Room, seat: Seat, after = 0) {
  const told: StreamEvent[] = [];
  const stop = await room.follow(seat, { send: (event) => told.push(event) }, after);
  return { told, stop, last: () => told.findLast((each) => each.event === 'room')?.data };
}

test('who enters has arrived; who leaves has left', async () => {
  const seat = await enter(here, citizen());
  expect(await look()).toEqual({ status: 'arrived', events: ['booked', 'arrived'] });
  await here.leave(seat);
  expect(await look()).toEqual({ status: 'booked', events: ['booked', 'arrived', 'left'] });
  await here.leave(seat);
  expect((await look()).events).toHaveLength(3);
});

test('of each side one page is there: the last', async () => {
  const first = await enter(here, citizen());
  const { last, stop } = await listen(here, first);
  const second = await enter(there, citizen());
  await expect.poll(() => last()).toMatchObject({ phase: 'taken' });
  expect(await here.seat(citizen(), office, appointment.id, first.id)).toBeNull();
  expect(await here.seat(citizen(), office, appointment.id, second.id)).toMatchObject(second);
  expect((await look()).events).toEqual(['booked', 'arrived']);
  const again = await here.enter(citizen(), office, appointment.id, true);
  expect(again).toEqual({ ok: false, reason: 'taken' });
  stop();
});

test('a seat is kept while a stream of it is there, though one before ends as the next begins', async () => {
  const seat = await enter(here, citizen());
  const armed = vi.spyOn(globalThis, 'setTimeout');
  const waits = () => armed.mock.calls.filter(([, ms]) => ms === BACK_SECONDS * 1000).length;
  let next: ReturnType<typeof listen> | undefined;
  const send = () => {
    next ??= listen(here, seat);
  };
  const stop = await here.follow(seat, { send }, 0);
  stop();
  const { stop: stopNext } = await next!;
  expect(waits()).toBe(0);
  stopNext();
  expect(waits()).toBe(1);
  armed.mockRestore();
  await here.leave(seat);
});

test('staff is in once it has begun, and is told of who waits; from another process too', async () => {
  const refused = await here.enter(staff, office, appointment.id);
  expect(refused).toEqual({ ok: false, reason: 'not_open' });
  const theirs = await enter(there, citizen());
  const waiting = await listen(there, theirs);
  expect(waiting.last()).toEqual({
    phase: 'waiting',
    people: [],
    act: null,
    form: null,
    byPhone: null,
    coming: [],
    handed: null,
    identity: null,
    papers: 0,
    still: null,
  });
  await begin(appointment);
  const ours = await enter(here, staff);
  await expect
    .poll(() => waiting.last())
    .toEqual({
      phase: 'admitted',
      act: null,
      form: null,
      identity: null,
      people: [
        {
          ...{ seat: ours.id, side: 'agent', name: expect.stringMatching(/./) },
          ...{ isIn: true, companion: null, offers: false },
        },
      ],
      byPhone: null,
      coming: [],
      handed: null,
      papers: 0,
      still: null,
    });

  expect(await here.signal(ours, theirs.id, OFFER)).toEqual({ ok: true });
  await expect
    .poll(() => waiting.told.at(-1))
    .toEqual({
      event: 'signal',
      id: expect.any(Number),
      data: { from: ours.id, signal: { type: 'offer', call: 'c1', sdp: 'v=0' } },
    });
  // Who comes again is told the rest alone: an old offer would end what has begun since.
  const again = await listen(here, theirs, waiting.told.at(-1)?.id);
  expect(again.told.map((each) => each.event)).toEqual(['room']);
  again.stop();
  await here.leave(ours);
  await expect.poll(() => waiting.last()).toMatchObject({ people: [] });
  waiting.stop();
  await there.leave(theirs);
});

test('whoever has the encounter is in: a colleague who looks is not, until they take it over', async () => {
  await begin(appointment);
  const ours = await enter(here, staff);
  const colleague: StaffViewer = { ...staff, staff: 2, name: 'Pau' };
  const { id } = appointment;
  const refused = { ok: false, reason: 'not_found' };
  expect(await here.enter(colleague, office, id)).toEqual(refused);
  expect(await here.seat(staff, office, id, ours.id)).toMatchObject(ours);
  const unit = unitOf({ db: database.kysely, clock, notifier });
  await unit(colleague, office, (each) => appendEvent(each, { appointment, kind: 'taken_over' }));
  await enter(here, colleague);
  expect(await here.seat(staff, office, id, ours.id)).toBeNull();
  expect(await here.enter(staff, office, id)).toEqual(refused);
});

test('what is told in a call is no news to anybody else; who comes and goes while one waits is', async () => {
  const notified: unknown[] = [];
  const stop = notifier.listen((of) => of !== null && notified.push(of));
  const seat = await enter(here, citizen());
  await here.leave(seat);
  expect(notified).toEqual([office, office]);
  await begin(appointment);
  notified.length = 0;
  const theirs = await enter(here, citizen());
  const ours = await enter(here, staff);
  expect(await here.signal(ours, theirs.id, OFFER)).toEqual({ ok: true });
  expect(await here.say(staff, ours, randomUUID(), 'Hola')).toEqual({ ok: true });
  await here.leave(ours);
  expect(notified).toEqual([]);
  stop();
});

describe('is refused', () => {
  test('what is sent before one is let in, to nobody, or isn’t what our page sends', async () => {
    const seat = await enter(here, citizen());
    const invalid = { ok: false, reason: 'invalid' };
    const answer = OFFER.replace('offer', 'answer');
    const alone = { ok: false, reason: 'alone' };
    for (const to of [seat.id, 'x', '00000000-0000-4000-8000-000000000000'])
      expect(await here.signal(seat, to, answer)).toEqual(alone);
    expect(await here.say(citizen(), seat, randomUUID(), 'Hola')).toEqual({
      ok: false,
      reason: 'not_open',
    });
    await begin(appointment);
    const ours = await enter(here, staff);
    expect(await here.signal(seat, ours.id, OFFER)).toEqual(invalid);
    expect(await here.signal(seat, ours.id, '[{"type":"evil"}]')).toEqual(invalid);
    expect(await here.say(citizen(), seat, 'x', 'Hola')).toEqual(invalid);
    expect(await here.say(citizen(), seat, randomUUID(), ' ')).toEqual(invalid);
  });

  test('what is for a seat of another room', async () => {
    const seat = await enter(here, citizen());
    await begin(appointment);
    const mine = appointment;
    appointment = await book();
    clock.set(appointment.start.subtract({ minutes: 5 }).toString());
    const strangers = await enter(here, citizen());
    appointment = mine;
    expect(await here.signal(seat, strangers.id, OFFER)).toEqual({ ok: false, reason: 'alone' });
  });

  test('who goes in and out in a loop, or floods the others', async () => {
    let seat = await enter(here, citizen());
    for (let time = 1; time < LIMITS.enter.burst; time++) seat = await enter(here, citizen());
    const often = { ok: false, reason: 'too_often' };
    expect(await here.enter(citizen(), office, appointment.id)).toEqual(often);
    for (let time = 0; time < LIMITS.signal.burst; time++) await here.signal(seat, 'x', OFFER);
    expect(await here.signal(seat, 'x', OFFER)).toEqual(often);
    clock.set(clock.now().add({ minutes: 1 }).toString());
    expect(await here.signal(seat, 'x', OFFER)).toEqual({ ok: false, reason: 'alone' });
  });

  test('who has no business there', async () => {
    const seat = await enter(here, citizen());
    const stranger: Viewer = {
      kind: 'citizen',
      appointment: '00000000-0000-4000-8000-000000000000',
    };
    const foreign: StaffViewer = { ...staff, office: office + 1 };
    const none: StaffViewer = { ...staff, role: 'agent', desk: null };
    for (const who of [stranger, foreign, none]) {
      const refused = { ok: false, reason: 'not_found' };
      expect(await here.enter(who, office, appointment.id)).toEqual(refused);
      expect(await here.byPhone(who, office, appointment.id)).toEqual(refused);
      expect(await here.stands(who, office, appointment.id)).toBeNull();
    }
    expect(await here.seat(staff, office, appointment.id, seat.id)).toBeNull();
    expect(await here.seat(citizen(), office, stranger.appointment, seat.id)).toBeNull();
    expect(await here.seat(citizen(), office, appointment.id, 'x')).toBeNull();
  });

  test('who comes too early', async () => {
    clock.set(appointment.start.subtract({ minutes: 31 }).toString());
    const early = { ok: false, reason: 'not_open' };
    expect(await here.enter(citizen(), office, appointment.id)).toEqual(early);
    expect(await here.byPhone(citizen(), office, appointment.id)).toEqual(early);
  });
});

test('nobody goes on by telephone where it can’t meet what the citizen needs', async () => {
  const set = (to: object) =>
    within(database.kysely, office, (tx) =>
      tx.updateTable('appointment').set(to).where('id', '=', appointment.id).execute(),
    );
  await enter(here, citizen());
  const refused = { ok: false, reason: 'unmet_need' };
  await set({ needs: ['real_time_text'] });
  expect(await here.byPhone(citizen(), office, appointment.id)).toEqual(refused);
  await set({ needs: [], language: 'csc' });
  await begin(appointment);
  expect(await here.byPhone(staff, office, appointment.id)).toEqual(refused);
  await set({ needs: ['relay_service'] });
  expect(await here.byPhone(staff, office, appointment.id)).toEqual({ ok: true });
});

test('going on by telephone is said once, to both', async () => {
  const seat = await enter(here, citizen());
  const { last, stop } = await listen(here, seat);
  expect(await here.askedBy(appointment)).toBeNull();
  for (let time = 0; time < 2; time++)
    expect(await there.byPhone(citizen(), office, appointment.id)).toEqual({ ok: true });
  await expect.poll(() => last()).toMatchObject({ byPhone: 'citizen' });
  expect(await here.askedBy(appointment)).toBe('citizen');
  expect((await look()).events).toEqual(['booked', 'arrived', 'by_phone']);
  stop();
});

describe('somebody who comes along', () => {
  const invite = async (name: string): Promise<Extract<Viewer, { kind: 'companion' }>> => {
    const invitation = { name, role: 'relative' } as const;
    const made = await companions.invite(citizen(), office, appointment.id, invitation);
    if (!made.ok) throw new Error(made.reason);
    return { kind: 'companion', companion: made.companion.id, appointment: appointment.id };
  };

  test('waits until whoever attends lets them in; then the two others are told, and may tell', async () => {
    const aunt = await invite('Tia Rosa');
    const [theirs, hers] = [await enter(here, citizen()), await enter(there, aunt)];
    expect((await look()).events).toEqual(['booked', 'invited', 'arrived', 'companion_arrived']);
    const waiting = await listen(there, hers);
    await begin(appointment);
    const ours = await enter(here, staff);
    const [seen, desk] = [await listen(here, theirs), await listen(here, ours)];
    expect(desk.last()).toMatchObject({ people: [{ isIn: true }, { isIn: false }] });
    expect(seen.last()).toMatchObject({ people: [{ side: 'agent' }] });
    expect(waiting.last()).toMatchObject({ phase: 'waiting', people: [] });
    const refused = { ok: false, reason: 'not_open' };
    expect(await here.signal(ours, hers.id, OFFER)).toEqual(refused);
    expect(await there.say(aunt, hers, randomUUID(), 'Hola')).toEqual(refused);

    const { id } = appointment;
    expect(await companions.admit(staff, office, id, aunt.companion)).toEqual({ ok: true });
    await expect.poll(() => waiting.last()).toMatchObject({ phase: 'admitted' });
    await expect
      .poll(() => seen.last())
      .toMatchObject({ people: [{}, { name: 'Tia Rosa', offers: true }] });
    expect(await here.signal(theirs, hers.id, OFFER)).toEqual({ ok: true });
    await expect.poll(() => waiting.told.at(-1)?.data).toMatchObject({ from: theirs.id });
    for (const each of [waiting, seen, desk]) each.stop();
  });

  test('reads what is written from then on, the others all of it; what is sent twice stands once', async () => {
    const aunt = await invite('Tia Rosa');
    const [theirs, hers] = [await enter(here, citizen()), await enter(there, aunt)];
    const waiting = await listen(there, hers);
    await begin(appointment);
    const ours = await enter(here, staff);
    const [first, second] = [randomUUID(), randomUUID()];
    for (let time = 0; time < 2; time++) await here.say(staff, ours, first, 'El seu número?');
    clock.set(clock.now().add({ seconds: 1 }).toString());
    await companions.admit(staff, office, appointment.id, aunt.companion);
    await there.say(aunt, hers, second, '612 345 678');
    const seen = await listen(here, theirs);
    const written = (told: StreamEvent[]) =>
      told.filter((each) => each.event === 'message').map((each) => each.data);
    expect(written(seen.told)).toMatchObject([
      { id: first, side: 'agent', isMine: false, text: 'El seu número?' },
      { id: second, side: 'companion', name: 'Tia Rosa', isMine: false, text: '612 345 678' },
    ]);
    await expect.poll(() => written(waiting.told)).toMatchObject([{ isMine: true }]);
    expect(await here.messages(appointment)).toHaveLength(2);
    for (const each of [waiting, seen]) each.stop();
  });

  test('is out at once when their link is taken back, and another may be invited', async () => {
    const [aunt] = [await invite('Tia Rosa'), await invite('Pau')];
    const third = { name: 'Tres', role: 'other' } as const;
    const tooMany = { ok: false, reason: 'too_many' };
    expect(await companions.invite(citizen(), office, appointment.id, third)).toEqual(tooMany);
    const secret = companions.secretOf(aunt.companion);
    expect(await companions.bySecret(secret)).toMatchObject({ name: 'Tia Rosa' });
    const hers = await enter(there, aunt);
    const waiting = await listen(there, hers);
    expect(await companions.revoke(citizen(), office, appointment.id, aunt.companion)).toEqual({
      ok: true,
    });
    await expect.poll(() => waiting.last()).toMatchObject({ phase: 'over' });
    expect(await there.seat(aunt, office, appointment.id, hers.id)).toBeNull();
    expect(await companions.bySecret(secret)).toBeNull();
    expect(await companions.list(citizen(), office, appointment.id)).toHaveLength(1);
    expect((await companions.invite(citizen(), office, appointment.id, third)).ok).toBe(true);
    waiting.stop();
  });

  test('is let in, invited and sent away by nobody whose business it isn’t', async () => {
    const aunt = await invite('Tia Rosa');
    const { id } = appointment;
    const refused = { ok: false, reason: 'not_found' };
    await begin(appointment);
    const colleague: StaffViewer = { ...staff, staff: 2, name: 'Pau' };
    expect(await companions.admit(colleague, office, id, aunt.companion)).toEqual(refused);
    const stranger: Viewer = { kind: 'citizen', appointment: randomUUID() };
    const foreign: StaffViewer = { ...staff, office: office + 1 };
    for (const who of [stranger, foreign, aunt]) {
      expect(await companions.list(who, office, id)).toBeNull();
      expect(await companions.revoke(who, office, id, aunt.companion)).toEqual(refused);
      expect(await companions.invite(who, office, id, { name: 'x', role: 'other' })).toEqual(
        refused,
      );
    }
    expect(await here.byPhone(aunt, office, id)).toEqual(refused);
    expect(await companions.admit(staff, office, id, randomUUID())).toEqual(refused);
  });
});
