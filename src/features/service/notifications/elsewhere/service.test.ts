import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handClock } from '../../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import type { ApplicantViewer, PersonViewer, StaffViewer } from '../../../../lib/viewer.ts';
import { identifySomebody } from '../../../foundation/identification/testing.ts';
import { openDesk } from '../../cases/desk/testing.ts';
import { noticesAbout, officialOf } from '../../cases/testing.ts';
import { createNotifications, type Notifications } from '../service.ts';
import { IN_FOLDER } from '../testing.ts';
import type { HandedNews } from '../types.ts';
import { AWAY, type PortStandIn, REFUSED, standInPort } from './testing.ts';

const MONDAY = '2026-11-30T09:00:00+01:00';
const clock = handClock(MONDAY);
let database: TestDatabase;
let opened: Awaited<ReturnType<typeof openDesk>>;
let nuria: StaffViewer;
let port: PortStandIn;
let notifications: Notifications;
let rosa: PersonViewer;

beforeAll(async () => {
  database = await testDatabase();
  opened = await openDesk(database, clock);
  ({ nuria } = opened);
  await notifyingAt('enotum');
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set(MONDAY);
  const { town, issuing } = opened;
  // What other tests left is owed no more, and its numbers are those of this test.
  await within(town.db, INSTALLATION, (tx) =>
    sql`update notification_handover set next_try_at = null, number = null, handed_at = null, asked_at = null, signer = null,
      evidence = null, evidence_of = null, past_numbers = '{}'`.execute(tx),
  );
  port = standInPort();
  const at = { port: async () => port, log: IN_FOLDER.log, random: () => 0 };
  notifications = createNotifications({ ...town, ...at, issuing });
  rosa = await identifySomebody(town.db, town.key, clock.now());
});

const notifyingAt = (kind: string) =>
  within(opened.town.db, INSTALLATION, (tx) =>
    sql`update town set settings = settings || ${JSON.stringify({
      notifications: { kind, page: 'https://enotum.example/' },
    })}::jsonb`.execute(tx),
  );

const applicant = (id: string, identified: PersonViewer | null): ApplicantViewer => ({
  ...{ kind: 'applicant', case: id, identified },
});

/** Hands a case in and decides it, of somebody who chose to be notified electronically. Returns its id. */
async function decided(who = rosa, mail = 'rosa@example.cat'): Promise<string> {
  const { town, desk, coordinator } = opened;
  const { cases, office } = town;
  await notifications.choose(who, true);
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await cases.begin(applicant('', who), office, what))!;
  const typed = { 'qui.nom': 'Rosa Soler', ...(mail && { 'qui.correu': mail }) };
  await cases.answer(applicant(id, who), office, id, typed);
  const done = await cases.handIn(applicant(id, who), office, id);
  if (!done.ok) throw new Error(done.reason);
  const seen = async () => (await desk.work(nuria, office, id))!.seen;
  await desk.step(nuria, office, id, { to: 'in-review', seen: await seen() });
  await desk.give(nuria, office, id, { assignee: nuria.staff, seen: await seen() });
  const content = { text: 'Es resol.', reasons: '', appeal: 'Un mes.' };
  const asked = { outcome: 'granted', content, before: null };
  await desk.write(nuria, office, id, { ...asked, seen: await seen() });
  const { seen: last, decision } = (await desk.work(coordinator, office, id))!;
  const before = decision!.writtenAt.epochMilliseconds;
  const issued = await desk.issue(coordinator, office, id, { before, seen: last });
  if (!issued.ok) throw new Error(issued.reason);
  return id;
}

const of = async (id: string) => (await notifications.ofCase(nuria, opened.town.office, id))!;
const kinds = async (id: string) =>
  (await opened.desk.work(nuria, opened.town.office, id))!.events
    .map(({ kind }) => kind)
    .filter((each) => each.startsWith('notification_'));
const file = (id: string) => opened.desk.decisionFile(applicant(id, rosa), opened.town.office, id);
const tells = (state: HandedNews['state'], at: string, by: HandedNews['by'] = null) =>
  port.told.push({ number: '4000001', state, at: Temporal.Instant.from(at), by });
/** The first one is handed over, and available. */
async function deposited(): Promise<string> {
  const id = await decided();
  await notifications.handOver();
  tells('available', '2026-11-30T12:00:00+01:00');
  clock.advance({ hours: 4 });
  await notifications.hearNews();
  return id;
}

describe('a decision', () => {
  test('is handed over once, with its document, and waits in no folder', async () => {
    const id = await decided();
    const { notification, handover } = await of(id);
    expect(notification).toMatchObject({ way: 'electronic', via: 'enotum', expiresAt: null });
    expect(handover).toMatchObject({ number: null, failing: null, canTakeBack: false });
    expect(await notifications.handOver()).toBe(1);
    expect(await notifications.handOver()).toBe(0);
    const { office } = opened.town;
    const { bytes } = (await opened.desk.decisionFile(nuria, office, id))!;
    const [has, ...others] = port.has;
    expect(others).toEqual([]);
    expect(has).toMatchObject({
      ...{ id: notification.id, level: 'low', days: 10, language: 'ca' },
      to: { parts: { given: 'Rosa', first: 'Soler', second: '' } },
      notice: { email: 'rosa@example.cat', phone: null },
    });
    expect(has?.document.equals(bytes)).toBe(true);
    expect(has?.title).toContain(has?.reference);
    expect((await of(id)).handover).toMatchObject({ number: '4000001' });
    expect(await kinds(id)).toEqual(['notification_made', 'notification_handed']);
    const [notice] = (await noticesAbout(opened.town, office, id)).slice(-1);
    expect(notice?.facts).not.toHaveProperty('until');
  });

  test('stays in the folder where e-NOTUM can’t take it, and the office reads why', async () => {
    const untold = await decided(rosa, '');
    expect((await of(untold)).notification).toMatchObject({ via: 'folder', here: 'address' });
    expect((await of(untold)).notification.expiresAt).not.toBeNull();
    await notifications.choose(rosa, false);
    await notifyingAt('elsewhere');
    const inFolder = await decided();
    expect((await of(inFolder)).notification).toMatchObject({ via: 'folder', here: null });
    await notifyingAt('enotum');
    expect(await notifications.handOver()).toBe(0);
    expect(port.asked).toEqual([]);
  });

  test('of a town that has no way there any more waits, and is not lost', async () => {
    const id = await decided();
    const { town, issuing } = opened;
    const without = createNotifications({ ...town, ...IN_FOLDER, issuing });
    expect([await without.handOver(), await without.hearNews()]).toEqual([0, 0]);
    await notifications.handOver();
    expect((await of(id)).handover?.number).toBe('4000001');
  });
});

describe('what goes wrong', () => {
  test('is tried again later, and what was sent is looked for first', async () => {
    const id = await decided();
    port.failing = { find: AWAY };
    await notifications.handOver();
    expect((await of(id)).handover).toMatchObject({ failing: 'away', canTakeBack: false });
    expect(await notifications.handOver()).toBe(0);
    // The answer is lost: it is there all the same.
    clock.advance({ minutes: 1 });
    port.failing = { lost: AWAY };
    expect(await notifications.handOver()).toBe(1);
    clock.advance({ minutes: 9 });
    expect(await notifications.handOver()).toBe(0);
    clock.advance({ minutes: 1 });
    port.failing = {};
    expect(await notifications.handOver()).toBe(1);
    expect(port.has).toHaveLength(1);
    expect((await of(id)).handover).toMatchObject({ number: '4000001', failing: null });
  });

  test('what is away holds up no other for ever, and one worker has it at a time', async () => {
    const [one, two] = [await decided(), await decided()];
    port.failing = { find: AWAY };
    expect(await notifications.handOver()).toBe(1);
    port.failing = {};
    expect(await notifications.handOver()).toBe(1);
    clock.advance({ minutes: 2 });
    const both = await Promise.all([notifications.handOver(), notifications.handOver()]);
    expect(both.toSorted()).toEqual([0, 1]);
    expect(port.has).toHaveLength(2);
    expect((await of(one)).handover?.number).not.toBe((await of(two)).handover?.number);
  });

  test('what e-NOTUM refused is notified in the folder by whoever handles the case', async () => {
    const id = await decided();
    const { office, elsewhere } = opened.town;
    const take = (viewer = nuria, at = office) => notifications.takeBack(viewer, at, id);
    expect(await take()).toMatchObject({ reason: 'not_allowed' });
    port.failing = { hand: REFUSED };
    await notifications.handOver();
    const { handover } = await of(id);
    expect(handover).toMatchObject({
      failing: 'refused',
      words: 'No es permet',
      canTakeBack: true,
    });
    const [listed] = (await notifications.toDo(nuria, office))!.shown;
    expect(listed).toMatchObject({ case: id, isRefused: true });
    // Nobody of another office, and no colleague of another’s case.
    const stranger = await officialOf(opened.town, elsewhere, 'agent');
    const marta = await officialOf(opened.town, office, 'agent');
    expect(await take(stranger, elsewhere)).toMatchObject({ reason: 'not_found' });
    expect(await take(marta)).toMatchObject({ reason: 'not_found' });
    clock.advance({ hours: 30 });
    expect(await take()).toEqual({ ok: true });
    expect(await take()).toMatchObject({ reason: 'not_allowed' });
    const { notification } = await of(id);
    expect(notification).toMatchObject({ via: 'folder', here: 'refused', state: 'available' });
    expect(notification.expiresAt?.toString()).toBe('2026-12-11T23:00:00Z');
    const [notice] = (await noticesAbout(opened.town, office, id)).slice(-1);
    expect(notice?.facts).toMatchObject({ news: 'decided', until: '2026-12-11' });
    port.failing = {};
    clock.advance({ hours: 24 });
    expect(await notifications.handOver()).toBe(0);
    expect(await notifications.accept(rosa, notification.id)).toEqual({ ok: true });
  });

  test('what may be there can’t be taken back, nor what is being handed over', async () => {
    const id = await decided();
    port.failing = { lost: { ...AWAY, reason: 'unclear' } };
    await notifications.handOver();
    clock.advance({ hours: 2 });
    port.failing = { find: REFUSED };
    await notifications.handOver();
    const { office } = opened.town;
    expect(await notifications.takeBack(nuria, office, id)).toMatchObject({ ok: false });
    const other = await decided();
    const held = {
      ...port,
      hand: async () => null,
      find: async () => {
        const at = await notifications.takeBack(nuria, office, other);
        expect(at).toEqual({ ok: false, reason: 'not_allowed' });
        return { ok: true as const, value: null };
      },
    };
    const { town, issuing } = opened;
    const at = { port: async () => held, log: IN_FOLDER.log };
    expect(await createNotifications({ ...town, ...at, issuing }).handOver()).toBe(1);
  });
});

describe('what e-NOTUM tells', () => {
  test('that it is available begins its days, and no days of ours', async () => {
    const id = await deposited();
    const { notification } = await of(id);
    expect(notification.depositedAt?.toString()).toBe('2026-11-30T11:00:00Z');
    expect(notification).toMatchObject({ state: 'available', notifiedOn: null });
    clock.advance({ hours: 24 * 60 });
    await notifications.expire();
    expect((await of(id)).notification.state).toBe('available');
    expect(await kinds(id)).toEqual([
      ...['notification_made', 'notification_handed', 'notification_deposited'],
    ]);
  });

  test.each([
    ['accepted', '2026-12-04T10:00:00+01:00', '2026-12-04'],
    ['rejected', '2026-12-04T23:30:00Z', '2026-12-05'],
    ['expired', '2026-12-11T00:00:00+01:00', '2026-12-11'],
  ] as const)('that it was %s counts on its day, once', async (state, at, day) => {
    const id = await deposited();
    expect(await file(id)).toBeNull();
    const by = { identifier: '12345678Z', name: 'ROSA SOLER' };
    tells(state, at, state === 'expired' ? null : by);
    clock.advance({ hours: 24 * 14 });
    expect(await notifications.hearNews()).toBe(2);
    expect(await notifications.hearNews()).toBe(0);
    const { notification, handover } = await of(id);
    expect(notification).toMatchObject({ state });
    expect(notification.notifiedOn?.toString()).toBe(day);
    expect(handover).toMatchObject({ signer: state === 'expired' ? null : by, hasEvidence: true });
    expect((await kinds(id)).at(-1)).toBe(`notification_${state}`);
    // Now it is read here, too.
    expect(await file(id)).not.toBeNull();
    expect((await notifications.find(rosa, notification.id))?.content).not.toBeNull();
    // What came first stays.
    tells(state === 'accepted' ? 'rejected' : 'accepted', '2026-12-13T10:00:00+01:00');
    await notifications.hearNews();
    expect((await of(id)).notification.state).toBe(state);
  });

  test('is asked for since the last time, though it was away', async () => {
    const id = await deposited();
    tells('accepted', '2026-12-02T10:00:00+01:00');
    port.failing = { news: AWAY };
    clock.advance({ hours: 24 * 40 });
    expect(await notifications.hearNews()).toBe(0);
    port.failing = {};
    // Other applications of the department have theirs there.
    port.told.push({ ...port.told[0]!, number: '9', state: 'rejected' });
    expect(await notifications.hearNews()).toBe(2);
    expect((await of(id)).notification.state).toBe('accepted');
    expect(port.asked.filter((each) => each === 'evidence')).toHaveLength(2);
  });

  test('its evidence is kept sealed, and fetched again where it could not be had', async () => {
    const id = await deposited();
    tells('accepted', '2026-12-02T10:00:00+01:00', { identifier: '12345678Z', name: 'ROSA' });
    clock.advance({ hours: 72 });
    port.failing = { evidence: REFUSED };
    expect(await notifications.hearNews()).toBe(1);
    const { town } = opened;
    const { office, elsewhere } = town;
    const take = (viewer = nuria, at = office) => notifications.theirEvidence(viewer, at, id);
    port.failing = {};
    expect(await notifications.hearNews()).toBe(1);
    expect((await take())?.files.map(String)).toEqual(['<Evidencia n="4000001"/>']);
    const rows = await within(town.db, INSTALLATION, (tx) =>
      tx
        .selectFrom('notification_handover')
        .select(['signer', 'evidence', 'evidence_of'])
        .execute(),
    );
    const [row] = rows.filter(({ evidence }) => evidence !== null);
    expect(row?.evidence_of).toBe('accepted');
    expect(row?.evidence?.includes('Evidencia')).toBe(false);
    expect(row?.signer?.includes('ROSA')).toBe(false);
    const looks = await within(town.db, office.id, (tx) =>
      tx.selectFrom('audit').select('data').where('action', '=', 'notification_read').execute(),
    );
    expect(looks.at(-1)?.data).toMatchObject({ case: id, via: 'enotum' });
    const stranger = await officialOf(town, elsewhere, 'agent');
    const marta = await officialOf(town, office, 'agent');
    expect(await take(stranger, elsewhere)).toBeNull();
    expect(await take(marta)).toBeNull();
    expect(await notifications.theirEvidence(nuria, office, randomUUID())).toBeNull();
  });
});

describe('what is stopped at e-NOTUM before it counts', () => {
  /** One that was available there for a day. */
  async function stopped(state: 'failed' | 'cancelled') {
    const id = await deposited();
    tells(state, '2026-12-01T12:00:00+01:00');
    clock.advance({ hours: 24 });
    await notifications.hearNews();
    return id;
  }
  const handAgain = (id: string, by = nuria) => notifications.handAgain(by, opened.town.office, id);
  const takeBack = (id: string, by = nuria) => notifications.takeBack(by, opened.town.office, id);

  test('is told once, waits for the office, and is on the list; nobody else finds a way out', async () => {
    const { town } = opened;
    const id = await stopped('failed');
    const { notification, handover } = await of(id);
    expect(notification).toMatchObject({ state: 'available', stopped: { state: 'failed' } });
    expect(handover).toMatchObject({ canTakeBack: true, canHandAgain: true, number: '4000001' });
    expect((await kinds(id)).at(-1)).toBe('notification_stopped');
    expect(await notifications.hearNews()).toBe(0);
    const list = await notifications.toDo(nuria, town.office);
    expect(list?.shown.find((each) => each.case === id)).toMatchObject({ isRefused: true });
    const marta = await officialOf(town, town.office, 'agent');
    for (const way of [handAgain, takeBack])
      expect(await way(id, marta)).toEqual({ ok: false, reason: 'not_found' });
    expect(await notifications.find(rosa, notification.id)).toMatchObject({ content: null });
  });

  test.each([
    ['failed', Temporal.Instant.from('2026-11-30T12:00:00+01:00')],
    ['cancelled', null],
  ] as const)(
    'is notified in the folder: ten new days; what was %s there takes the day that the office had met only where it did so itself',
    async (state, metAt) => {
      const id = await stopped(state);
      expect(await takeBack(id)).toEqual({ ok: true });
      const { notification, handover } = await of(id);
      expect(notification).toMatchObject({
        ...{ via: 'folder', here: state, stopped: null, depositedAt: null },
        ...{ state: 'available', metAt },
      });
      expect(
        String(notification.expiresAt?.toZonedDateTimeISO('Europe/Madrid').toPlainDate()),
      ).toBe('2026-12-12');
      // What e-NOTUM gave as evidence stays there to be fetched.
      expect(handover?.hasEvidence).toBe(true);
      expect(await notifications.accept(rosa, notification.id)).toEqual({ ok: true });
      // What e-NOTUM tells after that changes nothing.
      tells('expired', '2026-12-01T13:00:00+01:00');
      await notifications.hearNews();
      expect((await of(id)).notification.state).toBe('accepted');
    },
  );

  test('is handed over again under another reference, with the evidence of before kept', async () => {
    const id = await stopped('cancelled');
    expect(await handAgain(id)).toEqual({ ok: true });
    expect(await handAgain(id)).toEqual({ ok: false, reason: 'not_allowed' });
    expect((await of(id)).notification).toMatchObject({ stopped: null, depositedAt: null });
    expect(await notifications.handOver()).toBe(1);
    const [first, second, ...others] = port.has;
    expect(others).toEqual([]);
    expect(second?.id).toBe(`${first?.id}-2`);
    expect(second?.document.equals(first?.document ?? Buffer.alloc(0))).toBe(true);
    expect((await of(id)).handover).toMatchObject({ number: '4000002', canHandAgain: false });
    // What comes of the one before without the person counts no more.
    tells('expired', '2026-12-01T14:00:00+01:00');
    clock.advance({ hours: 2 });
    await notifications.hearNews();
    expect((await of(id)).notification.state).toBe('available');
    port.told.push({
      ...{ number: '4000002', state: 'accepted', by: null },
      at: Temporal.Instant.from('2026-12-01T15:00:00+01:00'),
    });
    await notifications.hearNews();
    const { notification } = await of(id);
    expect(notification).toMatchObject({ state: 'accepted' });
    expect(String(notification.notifiedOn)).toBe('2026-12-01');
    const { town } = opened;
    const evidence = await notifications.theirEvidence(nuria, town.office, id);
    expect(evidence?.files.map(String)).toEqual([
      '<Evidencia n="4000001"/>',
      '<Evidencia n="4000002"/>',
    ]);
  });

  test.each([
    ['failed', 'in the folder', takeBack],
    ['cancelled', 'in the folder', takeBack],
    ['failed', 'handed over again', handAgain],
  ] as const)(
    '%s and then %s, counts as it was opened there all the same',
    async (state, _, way) => {
      const id = await stopped(state);
      const there = (await of(id)).handover?.number ?? '';
      expect(await way(id)).toEqual({ ok: true });
      if (way === handAgain) await notifications.handOver();
      clock.advance({ hours: 1 });
      port.told.push({
        ...{ number: there, state: 'accepted', by: { identifier: '12345678Z', name: 'ROSA' } },
        at: clock.now(),
      });
      await notifications.hearNews();
      const { notification, handover } = await of(id);
      expect(notification).toMatchObject({
        ...{ state: 'accepted', via: 'enotum', here: null, stopped: null, expiresAt: null },
      });
      expect(String(notification.notifiedOn)).toBe('2026-12-01');
      expect(handover).toMatchObject({ number: there, signer: { name: 'ROSA' } });
      const evidence = await notifications.theirEvidence(nuria, opened.town.office, id);
      expect(String(evidence?.files.at(-1))).toBe(`<Evidencia n="${there}"/>`);
      expect(await notifications.handOver()).toBe(0);
    },
  );

  test('opened there after all, counts: neither way out is left, also where nobody had asked yet', async () => {
    const id = await stopped('failed');
    tells('accepted', clock.now().toString());
    for (const way of [handAgain, takeBack])
      expect(await way(id)).toEqual({ ok: false, reason: 'not_allowed' });
    const { notification } = await of(id);
    expect(notification).toMatchObject({ state: 'accepted', stopped: null });
    await notifications.hearNews();
    const row = await within(opened.town.db, INSTALLATION, (tx) =>
      tx
        .selectFrom('notification_handover')
        .select('evidence_of')
        .where('notification_id', '=', notification.id)
        .executeTakeFirst(),
    );
    expect(row?.evidence_of).toBe('accepted');
  });

  test('counts as it was settled first: what is cancelled after it was opened stays opened', async () => {
    const id = await deposited();
    tells('accepted', '2026-11-30T12:30:00+01:00');
    tells('cancelled', '2026-11-30T12:45:00+01:00');
    await notifications.hearNews();
    const { notification, handover } = await of(id);
    expect(notification).toMatchObject({ state: 'accepted', stopped: null });
    expect(String(notification.notifiedOn)).toBe('2026-11-30');
    expect(handover).toMatchObject({ canTakeBack: false, canHandAgain: false });
  });
});

describe('here, before it was opened there', () => {
  test('nobody opens or rejects it, and no link shows the decision', async () => {
    const id = await deposited();
    const { notification } = await of(id);
    const { office } = opened.town;
    expect(await notifications.accept(rosa, notification.id)).toEqual({
      ...{ ok: false, reason: 'elsewhere' },
    });
    expect(await notifications.reject(rosa, notification.id)).toMatchObject({ ok: false });
    expect(await notifications.document(rosa, notification.id)).toBeNull();
    expect((await notifications.find(rosa, notification.id))?.content).toBeNull();
    expect(await opened.desk.decisionFile(applicant(id, null), office, id)).toBeNull();
    expect(await notifications.onCase(applicant(id, rosa), office, id)).toMatchObject({
      ...{ isTold: false, isTheirs: true, via: 'enotum' },
    });
    const on = Temporal.PlainDate.from('2026-11-30');
    expect(
      await notifications.record(nuria, office, id, { result: 'delivered', on }),
    ).toMatchObject({ reason: 'not_allowed' });
    expect((await of(id)).notification.state).toBe('available');
  });
});
