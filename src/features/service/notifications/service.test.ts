import { createHash, randomUUID } from 'node:crypto';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { ApplicantViewer, PersonViewer, StaffViewer } from '../../../lib/viewer.ts';
import { identifySomebody } from '../../foundation/identification/testing.ts';
import { openDesk } from '../cases/desk/testing.ts';
import { identificationFor, noticesAbout, officialOf } from '../cases/testing.ts';
import { createNotifications, type Notifications } from './service.ts';
import { IN_FOLDER } from './testing.ts';
import type { PaperResult } from './types.ts';

const MONDAY = '2026-11-30T09:00:00+01:00';
const clock = handClock(MONDAY);
let database: TestDatabase;
let town: Awaited<ReturnType<typeof openDesk>>['town'];
let desk: Awaited<ReturnType<typeof openDesk>>['desk'];
let coordinator: StaffViewer;
let nuria: StaffViewer;
let notifications: Notifications;
let rosa: PersonViewer;

beforeAll(async () => {
  database = await testDatabase();
  const opened = await openDesk(database, clock);
  ({ town, desk, coordinator, nuria } = opened);
  notifications = createNotifications({ ...town, ...IN_FOLDER, issuing: opened.issuing });
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set(MONDAY);
  rosa = await somebody();
});

const somebody = () => identifySomebody(town.db, town.key, clock.now());
const applicant = (id: string, identified: PersonViewer | null): ApplicantViewer => ({
  kind: 'applicant',
  case: id,
  identified,
});

/** Hands a case in and decides it. Returns its id. */
async function decided(who: PersonViewer | null, outcome = 'granted'): Promise<string> {
  const { cases, office } = town;
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await cases.begin(applicant('', who), office, what))!;
  const typed = { 'qui.nom': 'Rosa Soler', 'qui.correu': 'rosa@example.cat' };
  await cases.answer(applicant(id, who), office, id, typed);
  const done = await cases.handIn(applicant(id, who), office, id);
  if (!done.ok) throw new Error(done.reason);
  const seen = async () => (await desk.work(nuria, office, id))!.seen;
  await desk.step(nuria, office, id, { to: 'in-review', seen: await seen() });
  await desk.give(nuria, office, id, { assignee: nuria.staff, seen: await seen() });
  const content = {
    text: 'Es resol.',
    reasons: 'Perquè sí.',
    appeal: 'Un mes, davant l’alcaldia.',
  };
  await desk.write(nuria, office, id, { outcome, content, before: null, seen: await seen() });
  const { seen: last, decision } = (await desk.work(coordinator, office, id))!;
  const before = decision!.writtenAt.epochMilliseconds;
  const issued = await desk.issue(coordinator, office, id, { before, seen: last });
  if (!issued.ok) throw new Error(issued.reason);
  return id;
}

/** Makes a notification that of an organisation, for which somebody acts from now on. */
async function actingFor(notification: string, who: PersonViewer): Promise<Notifications> {
  await within(town.db, INSTALLATION, (tx) =>
    tx
      .updateTable('notification')
      .set({ organisation: 'B12345674' })
      .where('id', '=', notification)
      .execute(),
  );
  return createNotifications({
    ...town,
    ...IN_FOLDER,
    issuing: { issue: async () => Buffer.alloc(0) },
    identification: {
      of: async (by) => {
        const known = (await town.identification.of(by))!;
        const represents = { identifier: 'B12345674', name: 'Bar Pi, SL' };
        return { ...known, represents: by === who.identification ? represents : null };
      },
    },
  });
}

const of = async (id: string) => (await notifications.ofCase(nuria, town.office, id))!;
const idOf = async (id: string) => (await of(id)).notification.id;
const file = (id: string, who: PersonViewer | null) =>
  desk.decisionFile(applicant(id, who), town.office, id);
const kinds = async (id: string) =>
  (await desk.work(nuria, town.office, id))!.events
    .map(({ kind }) => kind)
    .filter((each) => each.startsWith('notification_'));
const trail = (id: string) =>
  within(town.db, town.office.id, (tx) =>
    tx
      .selectFrom('audit')
      .select(['action', 'actor', 'data'])
      .where('action', 'like', 'notification%')
      .orderBy('id')
      .execute(),
  ).then((rows) => rows.filter(({ data }) => (data as { case?: string }).case === id));

async function chosen(electronic = true): Promise<string> {
  await notifications.choose(rosa, electronic);
  return decided(rosa);
}

describe('a decision', () => {
  test('is notified in the folder of whoever chose that, until the tenth day', async () => {
    expect(await notifications.choice(rosa)).toBeNull();
    const id = await chosen();
    const { notification } = await of(id);
    expect(notification).toMatchObject({
      ...{ way: 'electronic', reason: 'chosen', state: 'available', person: rosa.person },
      notifiedOn: null,
    });
    expect(notification.expiresAt?.toString()).toBe('2026-12-10T23:00:00Z');
    expect(notification.decideBy?.toString()).toBe('2027-03-01');
    const [notice] = (await noticesAbout(town, town.office, id)).slice(-1);
    expect(notice?.facts).toMatchObject({ news: 'decided', until: '2026-12-10' });
    const { bytes } = (await desk.decisionFile(nuria, town.office, id))!;
    expect(notification.hash).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  test('goes by paper to whoever chose nothing, or took it back, and waits in the folder', async () => {
    const id = await decided(rosa);
    expect((await of(id)).notification).toMatchObject({ way: 'paper', reason: 'not_chosen' });
    expect((await notifications.own(rosa)).shown.map((each) => each.case)).toEqual([id]);
    await notifications.choose(rosa, true);
    await notifications.choose(rosa, false);
    expect((await of(await decided(rosa))).notification.reason).toBe('not_chosen');
    expect(await notifications.choice(rosa)).toMatchObject({ electronic: false });
  });

  test('is chosen at a substantial level alone, and who changes it is told where they were known', async () => {
    const [first, second] = [await decided(rosa), await decided(rosa)];
    const told = async () => {
      const all = await Promise.all(
        [first, second].map((each) => noticesAbout(town, town.office, each)),
      );
      return all.flat().filter(({ facts }) => (facts as { news?: string }).news === 'chosen');
    };
    expect(await notifications.choose({ ...rosa, level: 'low' }, true)).toEqual({
      ok: false,
      reason: 'level',
    });
    expect(await notifications.choice(rosa)).toBeNull();
    expect(await told()).toEqual([]);
    expect(await notifications.choose(rosa, true)).toEqual({ ok: true });
    // Both cases have the same address.
    const by = { news: 'chosen', by: 'citizen' };
    expect(await told()).toMatchObject([{ recipient: 'rosa@example.cat', facts: by }]);
    await notifications.choose(rosa, true);
    expect(await told()).toHaveLength(1);
    await notifications.choose(rosa, false);
    expect(await told()).toHaveLength(2);
  });

  test('goes by paper to whoever was not identified, whose link opens the document as before', async () => {
    const id = await decided(null);
    const { notification } = await of(id);
    expect(notification).toMatchObject({ way: 'paper', reason: 'unidentified', person: null });
    expect(await file(id, null)).not.toBeNull();
    expect(await notifications.find(rosa, notification.id)).toBeNull();
  });

  test('is not read at the case before its notification is opened', async () => {
    const id = await chosen();
    expect(await file(id, rosa)).toBeNull();
    const onCase = () => notifications.onCase(applicant(id, rosa), town.office, id);
    expect(await onCase()).toMatchObject({ isTold: false, isTheirs: true });
    await notifications.accept(rosa, await idOf(id));
    expect((await file(id, rosa))?.code).toBe(
      (await desk.decisionFile(nuria, town.office, id))?.code,
    );
  });
});

describe('in the folder', () => {
  test('opening it notifies, once, with who it was on record', async () => {
    const id = await chosen();
    const notification = await idOf(id);
    const waits = (await notifications.find(rosa, notification))!;
    expect(waits).toMatchObject({ obstacle: null, content: null });
    expect(await notifications.document(rosa, notification)).toBeNull();
    clock.advance({ hours: 30 });
    expect(await notifications.accept(rosa, notification)).toEqual({ ok: true });
    const opened = (await notifications.find(rosa, notification))!;
    expect(opened.notification).toMatchObject({ state: 'accepted' });
    expect(opened.notification.notifiedOn?.toString()).toBe('2026-12-01');
    expect(opened.content).toMatchObject({
      outcome: 'granted',
      appeal: 'Un mes, davant l’alcaldia.',
    });
    expect(
      (await notifications.document(rosa, notification))?.bytes.subarray(0, 4).toString(),
    ).toBe('%PDF');
    expect(await notifications.accept(rosa, notification)).toMatchObject({ reason: 'settled' });
    expect(await notifications.reject(rosa, notification)).toMatchObject({ reason: 'settled' });
    expect(await kinds(id)).toEqual(['notification_made', 'notification_accepted']);
    const rows = await trail(id);
    expect(rows.map(({ action }) => action)).toEqual([
      'notification_made',
      'notification_accepted',
      'notification_read',
    ]);
    expect(rows[1]?.data).toMatchObject({ level: 'substantial', on: '2026-12-01' });
    expect(rows[1]?.actor).toMatch(/^person:/);
    expect(rows[1]?.actor).not.toContain(rosa.identification);
  });

  test('two tabs that open it at once notify once', async () => {
    const id = await chosen();
    const notification = await idOf(id);
    const both = await Promise.all([
      notifications.accept(rosa, notification),
      notifications.reject(rosa, notification),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await kinds(id)).toHaveLength(2);
  });

  test('rejecting it notifies too, where it goes this way', async () => {
    const id = await chosen();
    expect(await notifications.reject(rosa, await idOf(id))).toEqual({ ok: true });
    expect((await of(id)).notification).toMatchObject({ state: 'rejected' });
    expect((await notifications.find(rosa, await idOf(id)))?.content).not.toBeNull();
    await notifications.choose(rosa, false);
    const paper = await decided(rosa);
    expect(await notifications.reject(rosa, await idOf(paper))).toMatchObject({ ok: false });
    expect((await of(paper)).notification.state).toBe('available');
  });

  test('it is nobody’s but its person’s, at the level of the case', async () => {
    const id = await chosen();
    const notification = await idOf(id);
    const amina = await somebody();
    for (const other of [amina, { ...amina, person: randomUUID() }]) {
      expect(await notifications.find(other, notification)).toBeNull();
      expect(await notifications.accept(other, notification)).toEqual({
        ok: false,
        reason: 'not_found',
      });
      expect(await notifications.document(other, notification)).toBeNull();
    }
    await within(town.db, INSTALLATION, (tx) =>
      tx
        .updateTable('notification')
        .set({ level: 'substantial' })
        .where('id', '=', notification)
        .execute(),
    );
    const low = { ...rosa, level: 'low' } as const;
    expect((await notifications.find(low, notification))?.obstacle).toBe('level');
    expect(await notifications.accept(low, notification)).toMatchObject({ reason: 'level' });
    expect((await of(id)).notification.state).toBe('available');
    expect(await notifications.find(rosa, 'x')).toBeNull();
  });

  test('what is of an organisation opens to whoever acts for it', async () => {
    const id = await chosen();
    const notification = await idOf(id);
    const amina = await somebody();
    const acts = await actingFor(notification, amina);
    expect((await acts.own(rosa)).shown).toEqual([]);
    // Whoever began it for the organisation opens the case, and is told who opens the notification.
    const onCase = () => acts.onCase(applicant(id, rosa), town.office, id);
    const waits = { id: notification, isTold: false, isTheirs: false, organisation: 'B12345674' };
    expect(await onCase()).toMatchObject(waits);
    expect(await acts.onCase(applicant(id, amina), town.office, randomUUID())).toBeNull();
    expect(await acts.accept(rosa, notification)).toMatchObject({ reason: 'not_found' });
    expect((await acts.own(amina)).shown.map((each) => each.case)).toEqual([id]);
    expect(await acts.accept(amina, notification)).toEqual({ ok: true });
    expect(await onCase()).toMatchObject({ isTold: true, isTheirs: false });
  });

  test('ten days count as a rejection, by the job', async () => {
    const id = await chosen();
    clock.set('2026-12-10T23:59:00+01:00');
    expect(await notifications.expire()).toBe(0);
    clock.set('2026-12-14T10:00:00+01:00');
    expect(await notifications.expire()).toBeGreaterThan(0);
    expect(await notifications.expire()).toBe(0);
    const { notification } = await of(id);
    expect(notification.state).toBe('expired');
    // The day on which they had passed, not that of the job.
    expect(notification.notifiedOn?.toString()).toBe('2026-12-11');
    expect(await kinds(id)).toEqual(['notification_made', 'notification_expired']);
  });

  test('ten days count though the job was not there, and what is opened afterwards changes nothing', async () => {
    const id = await chosen();
    const notification = await idOf(id);
    clock.set('2026-12-11T00:00:01+01:00');
    expect(await notifications.accept(rosa, notification)).toMatchObject({ reason: 'settled' });
    expect((await notifications.find(rosa, notification))?.content).not.toBeNull();
    expect((await of(id)).notification).toMatchObject({ state: 'expired' });
  });

  test('on paper never expires, and what came first counts, whenever it is recorded', async () => {
    const id = await decided(rosa);
    clock.advance({ hours: 24 * 40 });
    await notifications.expire();
    expect((await of(id)).notification.state).toBe('available');
    expect(await notifications.accept(rosa, await idOf(id))).toEqual({ ok: true });
    const opened = (await of(id)).notification;
    expect(opened).toMatchObject({ state: 'accepted' });
    expect(opened.notifiedOn?.toString()).toBe('2027-01-09');
    // The proof comes back: it was delivered before.
    const before = { result: 'delivered', on: Temporal.PlainDate.from('2027-01-04') } as const;
    const record = () => notifications.record(nuria, town.office, id, before);
    clock.advance({ hours: 48 });
    expect(await record()).toEqual({ ok: true });
    const { notification } = await of(id);
    expect(notification).toMatchObject({ state: 'delivered' });
    expect(notification.notifiedOn?.toString()).toBe('2027-01-04');
    expect(await kinds(id)).toEqual([
      'notification_made',
      'notification_accepted',
      'notification_recorded',
    ]);
    expect(await record()).toMatchObject({ reason: 'not_allowed' });
    const text = await textOf((await notifications.evidence(nuria, town.office, id))!.bytes);
    for (const each of ['La notificació s’ha obert.', 'S’ha lliurat en paper', 'Qui ho ha fet'])
      expect(text.replaceAll(/\s+/g, ' ')).toContain(each);
  });

  test('a paper that came after it was opened is recorded, and changes no day', async () => {
    const id = await decided(rosa);
    await notifications.accept(rosa, await idOf(id));
    clock.advance({ hours: 72 });
    const after = { result: 'delivered', on: Temporal.PlainDate.from('2026-12-02') } as const;
    expect(await notifications.record(nuria, town.office, id, after)).toEqual({ ok: true });
    const { notification } = await of(id);
    expect(notification).toMatchObject({ state: 'accepted' });
    expect(notification.notifiedOn?.toString()).toBe('2026-11-30');
  });
});

describe('a list with a limit', () => {
  test('has what waits first, and how many more there are', async () => {
    const first = await chosen();
    clock.advance({ hours: 1 });
    const second = await chosen();
    await notifications.accept(rosa, await idOf(second));
    const { shown, more } = await notifications.own(rosa, 1);
    expect(shown.map((each) => each.case)).toEqual([first]);
    expect(more).toBe(1);
    expect((await notifications.own(rosa)).more).toBe(0);
    const all = (await notifications.toDo(nuria, town.office))!;
    expect(all.more).toBe(0);
    const one = (await notifications.toDo(nuria, town.office, 1))!;
    expect(one.shown).toHaveLength(1);
    expect(one.more).toBe(all.shown.length - 1);
  });
});

describe('the notice', () => {
  test('is noted once it was sent, and its failure changes nothing', async () => {
    const [one, two] = [await chosen(), await chosen()];
    expect(await notifications.noteNotices()).toBe(0);
    const set = (id: string, to: object) =>
      within(town.db, town.office.id, (tx) =>
        tx.updateTable('notice').set(to).where('case_id', '=', id).execute(),
      );
    await set(one, { sent_at: clock.now().toString() });
    await set(two, { failed_at: clock.now().toString(), last_error: 'no such mailbox' });
    expect(await notifications.noteNotices()).toBe(2);
    expect(await notifications.noteNotices()).toBe(0);
    const noted = async (id: string) =>
      (await trail(id)).find(({ action }) => action === 'notification_noticed')?.data;
    expect(await noted(one)).toMatchObject({ channel: 'email', result: 'sent' });
    expect(await noted(two)).toMatchObject({ result: 'failed' });
    expect((await of(two)).notification.state).toBe('available');
    expect((await of(one)).notices[0]).toMatchObject({ masked: 'r•••@example.cat' });
  });
});

describe('on paper', () => {
  const on = (text: string) => Temporal.PlainDate.from(text);
  const failed: PaperResult = {
    result: 'failed',
    first: Temporal.PlainDateTime.from('2026-12-01T10:00'),
    second: Temporal.PlainDateTime.from('2026-12-02T17:00'),
  };

  test('the office records two attempts, and then the gazette', async () => {
    const id = await decided(null, 'refused');
    const list = async () =>
      (await notifications.toDo(nuria, town.office))!.shown.map((each) => each.case);
    expect(await list()).toContain(id);
    clock.set('2026-12-14T12:00:00+01:00');
    const record = (given: PaperResult) => notifications.record(nuria, town.office, id, given);
    const wrong = { ...failed, second: Temporal.PlainDateTime.from('2026-12-02T11:00') };
    expect(await record(wrong)).toEqual({ ok: false, reason: 'half' });
    expect(await record(failed)).toEqual({ ok: true });
    expect((await of(id)).notification).toMatchObject({ state: 'failed', notifiedOn: null });
    expect(await record(failed)).toMatchObject({ reason: 'not_allowed' });
    expect(await list()).toContain(id);
    const before = { result: 'delivered', on: on('2026-12-01') } as const;
    expect(await record(before)).toEqual({ ok: false, reason: 'early' });
    expect(await record({ result: 'published', on: on('2026-12-10') })).toEqual({ ok: true });
    const { notification } = await of(id);
    expect(notification.attemptedOn?.toString()).toBe('2026-12-01');
    expect(notification.notifiedOn?.toString()).toBe('2026-12-10');
    expect(await list()).not.toContain(id);
    expect(await kinds(id)).toEqual([
      'notification_made',
      'notification_recorded',
      'notification_recorded',
    ]);
  });

  test('nobody of another office, and no colleague of another’s case', async () => {
    const id = await decided(null);
    const done = { result: 'delivered', on: on('2026-11-30') } as const;
    const elsewhere = await officialOf(town, town.elsewhere, 'agent');
    const marta = await officialOf(town, town.office, 'agent');
    expect(await notifications.record(elsewhere, town.elsewhere, id, done)).toMatchObject({
      reason: 'not_found',
    });
    expect(await notifications.record(marta, town.office, id, done)).toMatchObject({
      reason: 'not_found',
    });
    expect(await notifications.ofCase(marta, town.office, id)).toBeNull();
    expect(await notifications.evidence(marta, town.office, id)).toBeNull();
    expect(
      (await notifications.toDo(marta, town.office))!.shown.map((each) => each.case),
    ).not.toContain(id);
    expect(await notifications.toDo(elsewhere, town.elsewhere)).toEqual({ shown: [], more: 0 });
    expect(await notifications.record(nuria, town.office, id, done)).toEqual({ ok: true });
  });

  test('what is in the folder is not recorded by the office', async () => {
    const id = await chosen();
    const done = { result: 'delivered', on: on('2026-11-30') } as const;
    expect(await notifications.record(coordinator, town.office, id, done)).toMatchObject({
      reason: 'not_allowed',
    });
  });
});

describe('evidence', () => {
  test('is issued once for the same facts, anew after another, and verified by its code', async () => {
    const id = await chosen();
    const take = async () => (await notifications.evidence(nuria, town.office, id))!.bytes;
    const first = await take();
    expect((await take()).equals(first)).toBe(true);
    await notifications.accept(rosa, await idOf(id));
    const second = await take();
    expect(second.equals(first)).toBe(false);
    const rows = await within(town.db, town.office.id, (tx) =>
      tx.selectFrom('notification_evidence').select(['facts', 'document']).execute(),
    );
    expect(rows.every(({ document }) => !document.includes('%PDF'))).toBe(true);
    const text = await textOf(second);
    for (const each of [
      (await of(id)).notification.hash,
      'La notificació s’ha obert.',
      'Rosa Soler',
      'demo',
      'substancial',
    ])
      expect(text.replaceAll(/\s+/g, ' ')).toContain(each);
    const code = /Codi de verificació: ([A-Z\d-]+)/.exec(text)?.[1]?.replaceAll('-', '') ?? '';
    const found = (await notifications.verify(code))!;
    expect(found).toMatchObject({ office: town.office.id, what: { standing: 'here' } });
    expect(await notifications.verify('0'.repeat(28))).toBeNull();
    const actions = (await trail(id)).map(({ action }) => action);
    expect(actions.filter((each) => each === 'notification_evidence')).toHaveLength(2);
    expect(actions).toContain('notification_verified');
  });

  test('erasing the folder keeps the identification by which it was opened', async () => {
    const id = await chosen();
    const notification = await idOf(id);
    // Somebody who relies on nothing else: no case is theirs.
    const amina = await somebody();
    const acts = await actingFor(notification, amina);
    expect(await acts.accept(amina, notification)).toEqual({ ok: true });
    const identification = identificationFor(town.db, clock, town.key);
    expect(await identification.erase(amina.person)).toBe(false);
    expect(await identification.evidence(amina.identification)).not.toBeNull();
  });
});

/** Returns the text of a PDF, by another library than the one that draws it. */
async function textOf(bytes: Buffer): Promise<string> {
  const document = await getDocument({ data: new Uint8Array(bytes) }).promise;
  let text = '';
  for (let page = 1; page <= document.numPages; page++) {
    const { items } = await (await document.getPage(page)).getTextContent();
    text += items
      .map((each) => ('str' in each ? each.str + (each.hasEOL ? '\n' : '') : ''))
      .join('');
  }
  return text;
}
