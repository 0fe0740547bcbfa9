import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { ClockJumped } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import type { CommitListener, TopicListener } from '../../../lib/notifier.ts';
import { unitOf } from '../../foundation/audit/service.ts';
import {
  type CoordinationWorld,
  coordinationWorld,
  MONDAY,
  type TestOffice,
} from '../coordination/testing.ts';
import { testEncounter } from '../encounter/testing/encounter.ts';
import type { EncounterDraft } from '../encounter/types.ts';
import { createPresence, type Presence } from './service.ts';

let world: CoordinationWorld;
let setting: TestOffice;
let presence: Presence;
/** Another process on the same database. */
let elsewhere: Presence;
let notified: number[] = [];
const listeners = new Set<CommitListener>();
const softly = new Set<TopicListener>();
const notifier = {
  notifyTopic: (office: number, about: string) => {
    notified.push(office);
    for (const each of softly) each(office, about);
  },
  listenToTopics: (listener: TopicListener) => {
    softly.add(listener);
    return () => softly.delete(listener);
  },
  listen: (listener: CommitListener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
beforeAll(async () => {
  world = await coordinationWorld();
  const { db, clock, offices } = world;
  const unit = unitOf({ db, clock, notifier: { ...notifier, notify: () => {} } });
  const deps = { db, notifier, clock, offices, unit, log: console };
  presence = createPresence({ ...deps, beatMs: 20 });
  elsewhere = createPresence(deps);
});
afterAll(async () => {
  presence.close();
  elsewhere.close();
  await world.close();
});
beforeEach(async () => {
  world.clock.set(`${MONDAY}T09:00:00+01:00`);
  setting = await world.open();
  notified = [];
});

const marta = () => setting.viewer('agent', 'taula-1');
const joan = () => setting.viewer('agent', 'taula-2', 1);
const come = async (viewer = marta(), by = presence) =>
  (await by.visit(viewer, setting.office, { isIdle: false }))?.state;
const stands = async (viewer = marta()) =>
  (await presence.visit(viewer, setting.office, { isIdle: true }))?.state;
const later = (minutes: number) => world.clock.advance({ minutes });

/** What was written down: when, from what to what, why and by whom. */
const events = (desk = marta().desk!) =>
  within(world.db, setting.id, async (tx) => {
    const rows = await tx
      .selectFrom('presence_event')
      .selectAll()
      .where('desk_id', '=', desk)
      .orderBy('id')
      .execute();
    return rows.map(
      ({ at, from_state: from, to_state: to, why, actor }) =>
        `${at.toZonedDateTimeISO('Europe/Madrid').toPlainTime().toString({ smallestUnit: 'minute' })} ${from} → ${to}, ${why}, ${actor.split(':')[0]}`,
    );
  });

test('whoever comes to their desk is available, and says when not; each change is an event', async () => {
  expect(await come()).toBe('available');
  later(1);
  expect((await presence.say(marta(), setting.office, 'break'))?.state).toBe('break');
  later(2);
  await come();
  expect(await stands()).toBe('break');
  await presence.say(marta(), setting.office, 'available');
  await presence.say(marta(), setting.office, 'available');
  expect(await events()).toEqual([
    '09:00 null → available, came, staff',
    '09:01 available → break, self, staff',
    '09:03 break → available, self, staff',
  ]);
  expect(notified).toEqual([setting.id, setting.id, setting.id]);
});

test('who has no desk is nowhere, and nobody is at a desk by looking on', async () => {
  const nuria = setting.viewer('coordinator');
  expect(await come(nuria)).toBeUndefined();
  expect(await presence.say(nuria, setting.office, 'break')).toBeNull();
  expect(await stands()).toBeUndefined();
  expect(await events()).toEqual([]);
});

test('an encounter is a call; closing it, or some minutes after it, they are available again', async () => {
  const { id } = await setting.book('10:20', 'taula-1');
  const encounter = testEncounter(world.database, world.clock);
  await come();
  later(1);
  await encounter.start(marta(), setting.office, id);
  expect(await stands()).toBe('in_call');
  later(1);
  // They want a break after it.
  expect((await presence.say(marta(), setting.office, 'break'))?.state).toBe('in_call');
  later(9);
  const query = { kind: 'query', procedure: null, query: null } as const;
  const draft: EncounterDraft = {
    items: [{ ...query, label: 'Horari', outcome: 'answered' }],
    ...{ identity: 'none', identityNote: '', notes: '', wrapUp: 'solved', points: [] },
  };
  const closed = await encounter.close(marta(), setting.office, { appointment: id }, 1, draft);
  expect(closed).toMatchObject({ ok: true });
  await presence.settle();
  expect(await stands()).toBe('break');
  // The call needn't be read again: what they are at was written anew.
  const { said_at } = await within(world.db, setting.id, (tx) =>
    tx.selectFrom('presence').select('said_at').executeTakeFirstOrThrow(),
  );
  expect(said_at).toEqual(world.clock.now());
  expect(await events()).toEqual([
    '09:00 null → available, came, staff',
    '09:01 available → in_call, call, system',
    '09:11 in_call → break, call, system',
  ]);
});

test('a call that ended, by telephone or video, leaves its encounter to be written', async () => {
  const { id } = await setting.book('10:20', 'taula-1');
  const encounter = testEncounter(world.database, world.clock);
  await come();
  await encounter.start(marta(), setting.office, id);
  later(5);
  const at = world.clock.now().toString();
  await within(world.db, setting.id, (tx) =>
    tx
      .insertInto('call')
      .values({
        ...{ id: crypto.randomUUID(), office_id: setting.id, desk_id: marta().desk },
        ...{ appointment_id: id, direction: 'out', ended_at: at, rang_seconds: 4 },
        ...{ talked_seconds: 300, ended_by: 'desk' },
      })
      .execute(),
  );
  expect(await stands()).toBe('wrap_up');
  // A video call of the same encounter goes on until they leave it.
  const seat = crypto.randomUUID();
  const taken = {
    office_id: setting.id,
    appointment_id: id,
    side: 'agent',
    since: at,
    seen_at: at,
  };
  await within(world.db, setting.id, (tx) =>
    tx
      .insertInto('seat')
      .values({ id: seat, ...taken })
      .execute(),
  );
  expect(await stands()).toBe('in_call');
  later(2);
  await within(world.db, setting.id, (tx) =>
    tx
      .updateTable('seat')
      .set({ left_at: world.clock.now().toString() })
      .where('id', '=', seat)
      .execute(),
  );
  later(9);
  await come();
  expect(await stands()).toBe('wrap_up');
  later(1);
  expect(await stands()).toBe('available');
});

test('once their console is gone they are away; coming back they are there, whatever they had said', async () => {
  await come();
  await presence.say(marta(), setting.office, 'break');
  later(30);
  await presence.settle();
  await presence.settle();
  await elsewhere.settle();
  expect(await stands()).toBe('away');
  expect(await come()).toBe('available');
  expect(await events()).toEqual([
    '09:00 null → available, came, staff',
    '09:00 available → break, self, staff',
    '09:05 break → away, timeout, system',
    '09:30 away → available, came, staff',
  ]);
});

test('an open console keeps them there; what a browser asks by itself says nothing', async () => {
  await come();
  await come(joan());
  const letGo = presence.hold(marta());
  later(4);
  const seen = () =>
    within(world.db, setting.id, (tx) =>
      tx
        .selectFrom('presence')
        .select('seen_at')
        .where('desk_id', '=', marta().desk)
        .executeTakeFirstOrThrow(),
    );
  await expect.poll(seen).toEqual({ seen_at: world.clock.now() });
  letGo();
  later(4);
  expect(await stands()).toBe('available');
  expect(await stands(joan())).toBe('away');
});

test('whoever signs out is away, until they are there again, in any process', async () => {
  await come();
  later(1);
  await elsewhere.leave(marta(), setting.office);
  expect(await stands()).toBe('away');
  expect(await come()).toBe('available');
  // Not for a colleague who has taken the desk meanwhile.
  const colleague = setting.viewer('agent', 'taula-1', 1);
  await come(colleague);
  await presence.leave(marta(), setting.office);
  expect(await stands()).toBe('available');
  expect(await events()).toEqual([
    '09:00 null → available, came, staff',
    '09:01 available → away, signed_out, staff',
    '09:01 away → available, came, staff',
  ]);
});

test('twenty pages at once write one event, and so do two workers', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, nth) => come(marta(), nth % 2 ? presence : elsewhere)),
  );
  later(10);
  await Promise.all([presence.settle(), elsewhere.settle()]);
  expect(await events()).toHaveLength(2);
});

async function watching() {
  await come();
  const heard = vi.fn();
  const stop = await presence.watch(setting.id, heard);
  return { heard, stop };
}

test('those who watch hear of it, from another process too, and of nothing else', async () => {
  const { heard, stop } = await watching();
  notifier.notifyTopic(setting.id, 'another matter');
  await elsewhere.say(marta(), setting.office, 'break');
  await expect.poll(() => heard).toHaveBeenCalledTimes(1);
  stop();
  await elsewhere.say(marta(), setting.office, 'away');
  expect(heard).toHaveBeenCalledTimes(1);
});

test('of two changes at once, the one with the older id is told too, though it was written down last', async () => {
  const { heard, stop } = await watching();
  // Its id was drawn before the one that was told.
  notifier.notifyTopic(setting.id, 'presence');
  await expect.poll(() => heard).toHaveBeenCalledTimes(1);
  stop();
});

test('where rings may have been missed, what was written down meanwhile is told', async () => {
  const { heard, stop } = await watching();
  const deaf = [...softly];
  softly.clear();
  await elsewhere.say(marta(), setting.office, 'break');
  for (const each of listeners) each(null);
  await expect.poll(() => heard).toHaveBeenCalledTimes(1);
  for (const each of deaf) softly.add(each);
  stop();
});

test('changes can’t be changed, and are destroyed after some weeks', async () => {
  await come();
  await expect(
    within(world.db, setting.id, (tx) =>
      tx.updateTable('presence_event').set({ why: 'call' }).execute(),
    ),
  ).rejects.toThrow('permission denied');
  later(89 * 24 * 60);
  await presence.sweep();
  expect(await events()).toHaveLength(1);
  later(36 * 60);
  await presence.sweep();
  expect(await events()).toEqual([]);
  later(37 * 60);
  await expect(presence.sweep()).rejects.toThrow(ClockJumped);
});
