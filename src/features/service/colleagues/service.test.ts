import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import { within } from '../../../lib/db/database.ts';
import type { StreamEvent } from '../../../lib/http/streams.ts';
import { installationKey } from '../../../lib/secrets.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { readEvents } from '../../booking/appointments/views.ts';
import type { Forgotten, RetentionPass } from '../../feature.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createCompanions } from '../companions/service.ts';
import {
  type CoordinationWorld,
  coordinationWorld,
  MONDAY,
  type TestOffice,
} from '../coordination/testing.ts';
import { createDelays } from '../delays/service.ts';
import { testEncounter } from '../encounter/testing/encounter.ts';
import { createPresence, type Presence } from '../presence/service.ts';
import { whoseCall } from '../room/rules.ts';
import { createRoom, type Room } from '../room/service.ts';
import { ANSWER_MINUTES } from './rules.ts';
import { type Colleagues, createColleagues } from './service.ts';
import { forgetRequests } from './store.ts';
import type { RequestKind } from './types.ts';

let world: CoordinationWorld;
let setting: TestOffice;
let colleagues: Colleagues;
let presence: Presence;
let room: Room;
let encounter: ReturnType<typeof testEncounter>;
let of: Appointment;
/** Has the encounter. */
let nuria: StaffViewer;
let pere: StaffViewer;
/** Without a desk. */
let cap: StaffViewer;

const notifier = { listen: () => () => {}, listenToTopics: () => () => {} };

beforeAll(async () => {
  world = await coordinationWorld();
  const { db, clock, offices } = world;
  const unit = testUnit(db, clock);
  colleagues = createColleagues({ db, clock, unit });
  presence = createPresence({ db, notifier, clock, offices, unit, log: console });
  const attendants = { ofAll: async () => new Map(), showsNames: async () => true };
  room = createRoom({ db, notifier, clock, unit, attendants });
  encounter = testEncounter({ kysely: db }, clock);
});
afterAll(async () => {
  presence.close();
  room.close();
  await world.close();
});

let nth = 0;
/** Adds somebody with a role in the office. */
async function hire(name: string, role: 'agent' | 'coordinator', desk: string | null) {
  const viewer = setting.viewer(role, desk);
  const staff = await within(world.db, '*', async (tx) => {
    const { id } = await tx
      .insertInto('staff')
      .values({ name, email: `${++nth}@example.cat` })
      .returning('id')
      .executeTakeFirstOrThrow();
    const post = { staff_id: id, office_id: setting.id, role, desk_id: viewer.desk };
    await tx.insertInto('staff_role').values(post).execute();
    return id;
  });
  return { ...viewer, staff, name };
}

beforeEach(async () => {
  world.clock.set(`${MONDAY}T09:00:00+01:00`);
  setting = await world.open();
  [nuria, pere, cap] = [
    await hire('Núria Roca', 'agent', 'taula-1'),
    await hire('Pere Sala', 'agent', 'taula-2'),
    await hire('Olga Cap', 'coordinator', null),
  ];
  of = await setting.book('10:15', 'taula-1', { channel: 'video' });
  world.clock.set(of.start.toString());
  for (const each of [nuria, pere]) await come(each);
  await encounter.start(nuria, setting.office, of.id, { anyway: true });
});

const come = (who: StaffViewer) => presence.visit(who, setting.office, { isIdle: false });
const later = (minutes: number) => world.clock.advance({ minutes });
const ask = (kind: RequestKind, to: StaffViewer = pere, by = nuria, note = '') => {
  // Requests are listed by their time.
  world.clock.advance({ seconds: 1 });
  return colleagues.ask(by, setting.office, of.id, { kind, to: to.staff, note });
};
const answer = (id: string, answer: 'accepted' | 'declined' = 'accepted', by = pere) =>
  colleagues.answer(by, setting.office.settings.board, id, answer);
const last = async () => (await colleagues.list(nuria, of.id)).at(-1)!;
/** Asks Pere, and returns the request. */
async function asked(kind: RequestKind) {
  expect(await ask(kind)).toEqual({ ok: true });
  return (await last()).id;
}
/** Pere is asked into the call and says yes. */
async function joined() {
  const id = await asked('join');
  expect(await answer(id)).toMatchObject({ ok: true });
  const place = (await colleagues.place(pere, id))!;
  return { id, viewer: place.viewer };
}
const events = async () =>
  (await within(world.db, setting.id, (tx) => readEvents(tx, of.id))).map(({ kind, data }) =>
    [kind, data.why].filter(Boolean).join(' '),
  );
const enter = (viewer: Parameters<Room['enter']>[0]) => room.enter(viewer, setting.id, of.id);

describe('who can be asked', () => {
  test('everybody of the office who serves citizens, beside whoever asks', async () => {
    const found = await colleagues.candidates(nuria, setting.office, of.id, 'join');
    expect(found?.candidates.map(({ name, objection }) => [name, objection])).toEqual([
      ['Pere Sala', null],
      ['Olga Cap', null],
    ]);
    later(setting.office.settings.board.awayMinutes);
    const gone = await colleagues.candidates(nuria, setting.office, of.id, 'hand_over');
    expect(gone?.candidates.map(({ objection }) => objection)).toEqual(['away', 'away']);
  });

  test('nobody of another office, and by nobody of another office', async () => {
    const here = setting;
    setting = await world.open();
    const stranger = await hire('Marc Fora', 'agent', 'taula-1');
    const there = setting;
    setting = here;
    expect(await ask('join', stranger)).toEqual({ ok: false, reason: 'unknown' });
    expect(await ask('join', pere, stranger)).toEqual({ ok: false, reason: 'not_found' });
    expect(await colleagues.candidates(stranger, there.office, of.id, 'join')).toBeNull();
  });
});

describe('a colleague who is asked into the call', () => {
  test('has the request at once, says yes, is in the room, and is on record', async () => {
    expect(await ask('join', pere, nuria, 'Obres majors')).toEqual({ ok: true });
    const [request] = await colleagues.waiting(pere);
    expect(request).toMatchObject({
      from: { name: 'Núria Roca' },
      note: 'Obres majors',
      procedure: 'volant-padro',
    });
    expect(await colleagues.waiting(nuria)).toEqual([]);
    expect(await colleagues.place(pere, request!.id)).toBeNull();
    expect(await answer(request!.id)).toMatchObject({ ok: true });
    const place = await colleagues.place(pere, request!.id);
    expect(await enter(place!.viewer)).toMatchObject({ ok: true, seat: { side: 'colleague' } });
    expect((await events()).slice(-2)).toEqual(['colleague_asked', 'colleague_joined']);
    const trail = await setting.audit();
    expect(trail.slice(-3).map(({ action, actor }) => [action, actor])).toEqual([
      ['colleague_asked', `staff:${nuria.staff}`],
      ['colleague_joined', `staff:${pere.staff}`],
      ['entered', `staff:${pere.staff}`],
    ]);
  });

  test('pressed twice, it is asked and answered once', async () => {
    const id = await asked('join');
    expect(await ask('join')).toEqual({ ok: true });
    expect((await colleagues.list(nuria, of.id)).length).toBe(1);
    await answer(id);
    expect(await answer(id)).toMatchObject({ ok: true });
    expect((await events()).filter((each) => each.startsWith('colleague'))).toHaveLength(2);
    expect(await ask('join')).toEqual({ ok: false, reason: 'in' });
  });

  test('alone can’t come in: neither without being asked, nor as another, nor in another call', async () => {
    const id = await asked('join');
    const viewer = { kind: 'colleague', staff: pere.staff, office: setting.id } as const;
    const forged = { ...viewer, appointment: of.id, request: id };
    expect(await enter(forged)).toEqual({ ok: false, reason: 'not_found' });
    expect(await answer(id, 'accepted', cap)).toEqual({ ok: false, reason: 'not_found' });
    expect(await answer(id, 'accepted', nuria)).toEqual({ ok: false, reason: 'not_found' });
    await answer(id);
    expect(await enter({ ...forged, staff: cap.staff })).toMatchObject({ ok: false });
    expect(await colleagues.place(cap, id)).toBeNull();
    const other = await setting.book('11:30', 'taula-1', { channel: 'video' });
    world.clock.set(other.start.toString());
    await encounter.start(nuria, setting.office, other.id, { anyway: true });
    const elsewhere = await room.enter(forged, setting.id, other.id);
    expect(elsewhere).toEqual({ ok: false, reason: 'not_found' });
  });

  test('asks nobody in, hands nothing over, lets nobody go, and keeps no picture', async () => {
    const { id } = await joined();
    expect(await ask('join', cap, pere)).toEqual({ ok: false, reason: 'not_found' });
    expect(await ask('hand_over', cap, pere)).toEqual({ ok: false, reason: 'not_found' });
    expect(await colleagues.candidates(pere, setting.office, of.id, 'join')).toBeNull();
    await ask('join', cap);
    const second = await last();
    expect(await colleagues.end(pere, second.id)).toEqual({ ok: false, reason: 'not_found' });
    expect(await colleagues.end(pere, id)).toEqual({ ok: true });
  });

  test.each(['let go', 'left', 'closed'] as const)('is out once %s, and stays out', async (how) => {
    const { id, viewer } = await joined();
    const entered = await enter(viewer);
    if (!entered.ok) throw new Error(entered.reason);
    const seat = () => room.seat(viewer, setting.id, of.id, entered.seat.id);
    expect(await seat()).not.toBeNull();
    if (how === 'closed') {
      await within(world.db, setting.id, (tx) =>
        tx
          .updateTable('appointment')
          .set({ status: 'fulfilled' })
          .where('id', '=', of.id)
          .execute(),
      );
      expect(await enter(viewer)).toEqual({ ok: false, reason: 'not_open' });
    } else {
      expect(await colleagues.end(how === 'left' ? pere : nuria, id)).toEqual({ ok: true });
      expect(await colleagues.end(nuria, id)).toEqual({ ok: true });
      expect(await seat()).toBeNull();
      expect(await enter(viewer)).toEqual({ ok: false, reason: 'not_found' });
      const why = how === 'left' ? 'left' : 'let_go';
      expect((await events()).slice(-1)).toEqual([`colleague_left ${why}`]);
    }
    expect((await colleagues.place(pere, id))?.state).toBe('over');
  });

  test('says not now, or nothing; or the request is taken back', async () => {
    const first = await asked('join');
    expect(await answer(first, 'declined')).toMatchObject({ ok: true });
    expect(await answer(first, 'declined')).toMatchObject({ ok: true });
    expect(await answer(first)).toEqual({ ok: false, reason: 'late' });
    const second = await asked('join');
    expect(await colleagues.end(nuria, second)).toEqual({ ok: true });
    expect(await answer(second)).toEqual({ ok: false, reason: 'late' });
    const third = await asked('join');
    await colleagues.settle();
    expect((await last()).state).toBe('asked');
    later(ANSWER_MINUTES);
    expect(await colleagues.waiting(pere)).toEqual([]);
    expect(await answer(third)).toEqual({ ok: false, reason: 'late' });
    await colleagues.settle();
    await colleagues.settle();
    expect((await events()).filter((each) => each.startsWith('colleague_declined'))).toEqual([
      'colleague_declined declined',
      'colleague_declined withdrawn',
      'colleague_declined lapsed',
    ]);
  });

  test('fits only while four people are in the call at most', async () => {
    const { db, clock } = world;
    const key = installationKey(Buffer.alloc(32));
    const companions = createCompanions({ db, key, unit: testUnit(db, clock) });
    const invite = async (name: string) => {
      const invitation = { name, role: 'relative' } as const;
      const made = await companions.invite(nuria, setting.id, of.id, invitation);
      if (!made.ok) throw new Error(made.reason);
      return made.companion.id;
    };
    const [tia, oncle] = [await invite('Tia'), await invite('Oncle')];
    expect(await companions.admit(nuria, setting.id, of.id, tia)).toEqual({ ok: true });
    await joined();
    expect(await ask('join', cap)).toEqual({ ok: false, reason: 'full' });
    const full = await companions.admit(nuria, setting.id, of.id, oncle);
    expect(full).toEqual({ ok: false, reason: 'full' });
    await companions.revoke(nuria, setting.id, of.id, tia);
    expect(await ask('join', cap)).toEqual({ ok: true });
  });

  test('is in a call meanwhile, for everybody who looks for a free desk', async () => {
    const state = async () => (await presence.visit(pere, setting.office, { isIdle: true }))?.state;
    const { id } = await joined();
    expect(await state()).toBe('in_call');
    later(1);
    await colleagues.end(nuria, id);
    expect(await state()).toBe('available');
  });

  test('not into a telephone call', async () => {
    of = await setting.book('11:20', 'taula-1');
    world.clock.set(of.start.toString());
    await encounter.start(nuria, setting.office, of.id, { anyway: true });
    expect(await ask('join', cap)).toEqual({ ok: false, reason: 'no_room' });
  });
});

describe('an encounter that is handed over', () => {
  test('keeps the other’s desk busy, for those who wait there, and no longer the first one', async () => {
    const { db, clock, offices } = world;
    const delays = createDelays({ db, clock, offices, unit: testUnit(db, clock) });
    const next = await setting.book('11:20', 'taula-1');
    const other = await setting.book('11:20', 'taula-2');
    const busy = async () =>
      Promise.all(
        [next, other].map(async (each) => (await delays.place(setting.office, each))?.isBusy),
      );
    later(10);
    for (const each of [nuria, pere]) await come(each);
    expect(await busy()).toEqual([true, false]);
    expect(await answer(await asked('hand_over'))).toMatchObject({ ok: true });
    expect(await busy()).toEqual([false, true]);
  });

  const holder = async () =>
    whoseCall(await within(world.db, setting.id, (tx) => readEvents(tx, of.id)));
  const standing = async (who: StaffViewer) =>
    (await presence.visit(who, setting.office, { isIdle: true }))?.state;

  test('is the other’s once they say yes, with their desk; until then nothing changes', async () => {
    const citizen = { kind: 'citizen', appointment: of.id } as const;
    const theirs = await enter(citizen);
    const before = await enter(nuria);
    if (!theirs.ok || !before.ok) throw new Error('nobody is in');
    const id = await asked('hand_over');
    expect([await holder(), await standing(pere)]).toEqual([`staff:${nuria.staff}`, 'available']);
    expect(await enter(pere)).toEqual({ ok: false, reason: 'not_found' });
    expect(await answer(id)).toMatchObject({ ok: true });
    expect(await answer(id)).toMatchObject({ ok: true });
    expect(await holder()).toBe(`staff:${pere.staff}`);
    expect([await standing(nuria), await standing(pere)]).toEqual(['available', 'in_call']);
    const after = await enter(pere);
    expect(after).toMatchObject({ ok: true, seat: { side: 'agent', staff: pere.staff } });
    expect(await room.seat(nuria, setting.id, of.id, before.seat.id)).toBeNull();
    expect(await enter(nuria)).toEqual({ ok: false, reason: 'not_found' });
    expect(await room.seat(citizen, setting.id, of.id, theirs.seat.id)).not.toBeNull();
    expect((await events()).slice(-2)).toEqual(['hand_over_asked', 'handed_over']);
    expect((await setting.audit()).some(({ action }) => action === 'handed_over')).toBe(true);
  });

  test('is told to the citizen without names, where the office gives none', async () => {
    const { db, clock } = world;
    const attendants = {
      ofAll: async () => new Map([[of.id, 'OAC']]),
      showsNames: async () => false,
    };
    const quiet = createRoom({ db, notifier, clock, unit: testUnit(db, clock), attendants });
    const citizen = { kind: 'citizen', appointment: of.id } as const;
    const theirs = await quiet.enter(citizen, setting.id, of.id);
    if (!theirs.ok) throw new Error(theirs.reason);
    expect(await answer(await asked('hand_over'))).toMatchObject({ ok: true });
    expect(await quiet.enter(pere, setting.id, of.id)).toMatchObject({ ok: true });
    const told: StreamEvent[] = [];
    const stop = await quiet.follow(theirs.seat, { send: (each) => told.push(each) }, 0);
    stop();
    quiet.close();
    expect(told.findLast(({ event }) => event === 'room')?.data).toMatchObject({
      handed: { from: '', to: '' },
      people: [{ side: 'agent', name: 'OAC' }],
    });
    expect(JSON.stringify(told)).not.toMatch(/Núria|Pere/);
  });

  test('goes to one at a time, to a desk that is there, and only by whoever has it', async () => {
    await come(cap);
    expect(await ask('hand_over', cap)).toEqual({ ok: false, reason: 'away' });
    const third = await hire('Joan Tres', 'agent', 'taula-3');
    expect(await ask('hand_over', third)).toEqual({ ok: false, reason: 'away' });
    await come(third);
    expect(await ask('hand_over', third, pere)).toEqual({ ok: false, reason: 'not_found' });
    expect(await ask('hand_over')).toEqual({ ok: true });
    expect(await ask('hand_over')).toEqual({ ok: true });
    expect(await ask('hand_over', third)).toEqual({ ok: false, reason: 'in_hand' });
    await answer((await last()).id, 'declined');
    expect(await holder()).toBe(`staff:${nuria.staff}`);
    expect(await ask('hand_over', third)).toEqual({ ok: true });
  });

  test('is refused once the encounter ended, or another took it over meanwhile', async () => {
    const id = await asked('hand_over');
    await world.coordination.takeOver(cap, setting.office, of.id, `staff:${nuria.staff}`);
    expect(await answer(id)).toEqual({ ok: false, reason: 'late' });
    expect(await ask('hand_over')).toEqual({ ok: false, reason: 'not_found' });
    expect(await ask('hand_over', nuria, cap)).toEqual({ ok: true });
    await within(world.db, setting.id, (tx) =>
      tx.updateTable('appointment').set({ status: 'fulfilled' }).where('id', '=', of.id).execute(),
    );
    const open = (await colleagues.list(cap, of.id)).at(-1)!;
    expect(await answer(open.id, 'accepted', nuria)).toEqual({ ok: false, reason: 'late' });
    expect(await ask('hand_over', nuria, cap)).toEqual({ ok: false, reason: 'not_open' });
    await colleagues.settle();
    expect((await colleagues.list(cap, of.id)).every((each) => each.answer !== null)).toBe(true);
  });

  test('is refused by a desk that began another call meanwhile', async () => {
    const own = await setting.book('11:20', 'taula-2');
    const id = await asked('hand_over');
    await encounter.start(pere, setting.office, own.id, { anyway: true });
    expect(await answer(id)).toEqual({ ok: false, reason: 'busy' });
  });

  test('ends the place of the colleague who was in the call, and leaves no second way in', async () => {
    const { id, viewer } = await joined();
    const over = await asked('hand_over');
    await answer(over);
    expect((await colleagues.place(pere, id))?.state).toBe('over');
    expect(await enter(viewer)).toEqual({ ok: false, reason: 'not_found' });
    expect(await enter(pere)).toMatchObject({ ok: true, seat: { side: 'agent' } });
  });
});

test('what was written to colleagues, and their names, go with the notes of the encounter', async () => {
  await ask('join', pere, nuria, 'Obres majors');
  await within(world.db, setting.id, (tx) =>
    forgetRequests({ tx } as RetentionPass, { notes: [of.id] } as unknown as Forgotten),
  );
  expect(await last()).toMatchObject({
    note: '',
    from: { name: '', staff: nuria.staff },
    to: { name: '' },
  });
});
