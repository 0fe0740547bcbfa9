import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { timesOf } from '../../../../../e2e/support/graph/mailbox.ts';
import { type GraphStandIn, graphStandIn } from '../../../../../e2e/support/graph/standin.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { type CalendarsWorld, calendarsWorld } from '../testing.ts';
import type { GraphWish } from './connecting.ts';

let world: CalendarsWorld;
let graph: GraphStandIn;
const SESSION = 'a session';
const WISH: GraphWish = { desk: null, reads: true, writes: false, names: false, renews: null };

beforeAll(async () => {
  graph = await graphStandIn({ baseUrl: 'https://cita.example.cat' });
  world = await calendarsWorld({ graph: graph.settings });
});
afterAll(async () => {
  await world?.close();
  await graph?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await world.clear();
  graph.mailboxes.clear();
  graph.signIn.revoke();
  graph.signIn.lasts = 3600;
  graph.next.length = 0;
  graph.requests.length = 0;
});

/** Goes to Microsoft and comes back. Returns what came of it. */
async function signIn(
  login: string,
  wish: Partial<GraphWish> = {},
  more: { who?: StaffViewer; answer?: 'yes' | 'no'; backIn?: string; later?: number } = {},
) {
  const { who = world.marta, answer, backIn = SESSION, later = 0 } = more;
  const { connections, office, clock } = world;
  const way = await connections.beginGraph(who, office, SESSION, { ...WISH, ...wish });
  if (!way.ok) return way;
  const back = new URL(await graph.visit(way.url, login, answer));
  clock.advance({ minutes: later });
  const finish = () => connections.finishGraph(who, office, backIn, back.searchParams);
  return { ...(await finish()), back, finish };
}

async function connect(login: string, wish: Partial<GraphWish> = {}, who = world.marta) {
  const done = await signIn(login, wish, { who });
  if (!done.ok) throw new Error(JSON.stringify(done));
  return done.id;
}
const wishFor = (desk: string): Partial<GraphWish> => ({ desk, writes: true, reads: false });
const posts = () => graph.requests.filter((each) => each.startsWith('POST'));

describe('signing in at Microsoft', () => {
  test('lets us into a person’s calendars, by tokens that nobody can read', async () => {
    const mailbox = graph.person('marta', 'Calendar', 'Birthdays');
    const id = await connect('marta');
    expect(graph.signIn.scopes.at(-1)).toBe('Calendars.ReadWrite offline_access');
    const opened = await world.connections.open(world.marta, id);
    expect(opened?.calendars.map((each) => each.name)).toEqual(['Calendar', 'Birthdays']);
    expect(opened?.connection).toMatchObject({ kind: 'graph', username: mailbox.address });
    const [{ sealed } = { sealed: Buffer.alloc(0) }] = await world.rows<{ sealed: Buffer }>(
      sql`select sealed from calendar_connection`,
    );
    for (const token of [...graph.signIn.refreshes.keys(), ...graph.signIn.accesses.keys()])
      expect(sealed.toString('latin1')).not.toContain(token);
    const place = opened!.calendars[0]!.place;
    expect(await world.connections.choose(world.marta, id, place)).toEqual({ ok: true });
    expect((await world.connections.choose(world.marta, id, 'another')).ok).toBe(false);
  });

  test('ends with whoever declines, comes back late, twice, or in another session', async () => {
    graph.person('marta');
    expect(await signIn('marta', {}, { answer: 'no' })).toMatchObject({ reason: 'declined' });
    expect(await signIn('marta', {}, { later: 16 })).toMatchObject({ reason: 'ended' });
    expect(await signIn('marta', {}, { backIn: 'another' })).toMatchObject({ reason: 'ended' });
    const done = await signIn('marta');
    expect(done.ok).toBe(true);
    if (!('finish' in done)) throw new Error('It never left');
    expect(await done.finish()).toEqual({ ok: false, reason: 'ended' });
    expect(await signIn('marta')).toMatchObject({ reason: 'taken' });
    const query = new URLSearchParams({ code: 'x', state: 'oac.eyJkZXNrIjpudWxsfQ' });
    const { connections, marta, office } = world;
    expect(await connections.finishGraph(marta, office, SESSION, query)).toEqual({
      ok: false,
      reason: 'ended',
    });
  });

  test('is for one’s own calendar, and for a desk’s only as an administrator', async () => {
    graph.person('taula');
    const refused = { ok: false, reason: 'not_found' };
    expect(await signIn('taula', wishFor('taula-1'))).toEqual(refused);
    expect(await signIn('taula', {}, { who: world.albert })).toEqual(refused);
    const done = await signIn('taula', wishFor('taula-1'), { who: world.albert });
    expect(done).toMatchObject({ ok: true, isOwn: false });
    expect(graph.signIn.scopes.at(-1)).toBe('Calendars.ReadWrite.Shared offline_access');
    // Nobody goes to Microsoft for a desk that has one, and everybody may for another.
    const again = await signIn('taula', wishFor('taula-1'), { who: world.albert });
    expect(again).toEqual({ ok: false, reason: 'taken' });
    const other = await signIn('taula', wishFor('taula-2'), { who: world.albert });
    expect(other).toMatchObject({ ok: true });
  });

  test.each([
    ['access_denied', 'declined'],
    ['consent_required', 'declined'],
    ['server_error', 'away'],
    ['temporarily_unavailable', 'away'],
    ['unauthorized_client', 'unregistered'],
    ['invalid_request', 'unregistered'],
    ['', 'ended'],
  ])('that comes back with the error “%s” is %s', async (error, reason) => {
    graph.person('marta');
    const { connections, marta, office } = world;
    const way = await connections.beginGraph(marta, office, SESSION, WISH);
    if (!way.ok) throw new Error(way.reason);
    const query = new URLSearchParams({ state: new URL(way.url).searchParams.get('state') ?? '' });
    if (error) query.set('error', error);
    expect(await connections.finishGraph(marta, office, SESSION, query)).toEqual({
      ok: false,
      reason,
    });
  });

  test('is renewed by the same account only, once the permission has ended', async () => {
    graph.person('marta');
    graph.person('other');
    const id = await connect('marta');
    await world.sync();
    graph.signIn.revoke();
    await world.sync();
    expect(await world.stateOf(id)).toMatchObject({ trouble: 'signed_out', failures: 1 });
    await world.sync();
    const { nextTryAt } = (await world.stateOf(id))!;
    expect(world.clock.now().until(nextTryAt).total('hours')).toBe(6);
    expect(await signIn('other', { renews: id })).toMatchObject({ reason: 'other_account' });
    expect(await signIn('marta', { renews: id })).toMatchObject({ ok: true, id });
    await world.sync(0);
    expect(await world.stateOf(id)).toMatchObject({ trouble: null, failures: 0 });
    // A worker that asked before, and gets tokens by the former permission, does not write over the new one.
    const kept = () => world.rows<{ sealed: Buffer }>(sql`select sealed from calendar_connection`);
    let renewed: { sealed: Buffer }[] = [];
    const meanwhile = async () => {
      world.clock.advance({ seconds: 1 });
      expect(await signIn('marta', { renews: id })).toMatchObject({ ok: true });
      renewed = await kept();
    };
    graph.next.push({ status: 401, meanwhile });
    await world.sync();
    expect(renewed).toHaveLength(1);
    expect(await kept()).toEqual(renewed);
    // Nobody renews a colleague's.
    const desk = { desk: 'taula-2', renews: id };
    const theirs = await signIn('marta', desk, { who: world.albert });
    expect(theirs).toMatchObject({ ok: false, reason: 'not_found' });
  });
});

describe('a calendar of Microsoft 365', () => {
  test('takes its busy times from the desk: shown as busy, in pages, whole days, series', async () => {
    const before = await world.startsOf('2026-12-01');
    expect(before).toContain('10:20');
    const mailbox = graph.person('marta');
    const at = (hour: number) =>
      timesOf(`2026-12-01T${hour}:00:00.0000000`, `2026-12-01T${hour + 1}:00:00.0000000`);
    mailbox.put({ ...at(10), subject: 'Dentist', body: { content: 'teeth' } });
    for (const showAs of ['free', 'workingElsewhere']) mailbox.put({ ...at(8), showAs });
    mailbox.put({ ...at(8), isCancelled: true });
    mailbox.put({ ...at(8), responseStatus: { response: 'declined' } });
    const [master] = mailbox.putSeries(
      { showAs: 'oof' },
      ['2026-12-02T08:00:00', '2026-12-09T08:00:00'],
      120,
    );
    mailbox.put({ isAllDay: true, ...timesOf('2026-12-04T00:00:00', '2026-12-05T00:00:00') });
    for (let nth = 0; nth < 120; nth++)
      mailbox.put({ ...timesOf('2026-12-03T08:00:00', '2026-12-03T08:30:00') });
    const id = await connect('marta');
    await world.sync(0);
    expect(await world.stateOf(id)).toMatchObject({ trouble: null, skipped: 0 });
    // 10:00 UTC is 11:00 in Madrid.
    expect(await world.startsOf('2026-12-01')).toEqual(
      before.filter((each) => each <= '10:40' || each >= '12:00'),
    );
    expect((await world.startsOf('2026-12-02')).every((each) => each >= '11:00')).toBe(true);
    expect((await world.startsOf('2026-12-09')).every((each) => each >= '11:00')).toBe(true);
    expect(await world.startsOf('2026-12-04')).toEqual([]);
    expect((await world.startsOf('2026-12-03'))[0]).toBe('09:40');
    const kept = JSON.stringify(await world.rows(sql`select t.* from desk_busy t`));
    expect(kept).not.toMatch(/Dentist|teeth|AAMk/);
    // When the series is shown as free, so are its occurrences, of which Graph has nothing new to say.
    mailbox.put({ id: master, showAs: 'free' });
    await world.sync();
    expect((await world.startsOf('2026-12-02'))[0]).toBe('09:00');
  });

  test('is read by its changes only, and afresh each day and when its link has ended', async () => {
    const mailbox = graph.person('marta');
    const one = mailbox.put(timesOf('2026-12-01T10:00:00', '2026-12-01T11:00:00'));
    const id = await connect('marta');
    const count = async () => (await world.rows(sql`select id from desk_busy`)).length;
    await world.sync(0);
    expect(await count()).toBe(1);
    const revision = () => world.rows(sql`select revision from office where code = 'oac'`);
    const was = await revision();
    await world.sync();
    expect(await revision()).toEqual(was);
    const two = mailbox.put(timesOf('2026-12-02T10:00:00', '2026-12-02T11:00:00'));
    mailbox.put({ id: one, ...timesOf('2026-12-01T08:00:00', '2026-12-01T08:30:00') });
    graph.requests.length = 0;
    await world.sync();
    expect(graph.requests).toHaveLength(1);
    expect(await count()).toBe(2);
    expect((await world.startsOf('2026-12-01'))[0]).toBe('09:40');
    mailbox.remove(one);
    mailbox.put({ id: two, showAs: 'free' });
    await world.sync();
    expect(await count()).toBe(0);
    mailbox.put({ id: two, showAs: 'busy' });
    mailbox.forgetLinks();
    await world.sync();
    expect(await count()).toBe(1);
    expect(await world.stateOf(id)).toMatchObject({ trouble: null });
    mailbox.calendars.splice(0);
    await world.sync(24 * 60);
    expect(await world.stateOf(id)).toMatchObject({ trouble: 'gone' });
    expect(await count()).toBe(1);
    await world.connections.end(world.marta, id);
    expect(await count()).toBe(0);
  });

  test('is left alone as long as it asks, and nobody is alarmed at once', async () => {
    graph.person('marta');
    const id = await connect('marta');
    await world.sync(0);
    const wait = async (answer: (typeof graph.next)[number]) => {
      graph.next.push(answer);
      await world.sync(60);
      const state = (await world.stateOf(id))!;
      return [state.trouble, world.clock.now().until(state.nextTryAt).total('seconds')];
    };
    const asks = (status: number, seconds: string) => ({
      status,
      headers: { 'Retry-After': seconds },
    });
    expect(await wait(asks(429, '600'))).toEqual(['throttled', 600]);
    expect(await world.sync(9)).toBe(0);
    // Nor does anybody hurry it, by the button or by a change.
    const { connections, marta } = world;
    expect(await connections.hurry(marta, id)).toEqual({ ok: false, reason: 'throttled' });
    const choice = { reads: true, writes: true, names: false };
    expect(await connections.change(marta, id, choice)).toEqual({ ok: true });
    expect(await world.sync(0)).toBe(0);
    expect(await world.stateOf(id)).toMatchObject({ trouble: 'throttled', ...choice });
    expect(await wait(asks(503, '900'))).toEqual(['throttled', 900]);
    expect(await wait({ status: 500 })).toEqual(['away', 900]);
    expect(await wait({ status: 403 })).toEqual(['forbidden', 21_600]);
    await world.sync(24 * 60);
    expect(await world.stateOf(id)).toMatchObject({ trouble: null, failures: 0 });
  });

  test('is read at once when somebody asks for it, and once a minute at most', async () => {
    graph.person('marta');
    const id = await connect('marta');
    await world.sync(0);
    const { clock, connections, marta } = world;
    expect(await connections.hurry(marta, id)).toEqual({ ok: false, reason: 'recent' });
    clock.advance({ seconds: 60 });
    expect(await connections.hurry(marta, id)).toEqual({ ok: true });
    expect(await connections.hurry(marta, id)).toEqual({ ok: true });
    expect([await world.sync(0), await world.sync(0)]).toEqual([1, 0]);
    expect(await connections.hurry(marta, 'no id')).toEqual({ ok: false, reason: 'not_found' });
  });

  test('that is disconnected while it is read keeps no hour busy', async () => {
    const mailbox = graph.person('marta');
    mailbox.put(timesOf('2026-12-01T10:00:00', '2026-12-01T11:00:00'));
    const id = await connect('marta');
    const meanwhile = async () => {
      world.clock.advance({ seconds: 1 });
      expect(await world.connections.end(world.marta, id)).toBe(true);
      // Another worker has it, so that this one can't take leave of it.
      await world.run(
        sql`update calendar_connection set leased_until = leased_until + interval '1 second'`,
      );
    };
    graph.next.push({ meanwhile });
    await world.sync(0);
    expect(await world.rows(sql`select id from calendar_connection`)).toEqual([{ id }]);
    expect(await world.rows(sql`select id from desk_busy`)).toEqual([]);
    await world.sync(11);
    expect(await world.rows(sql`select id from calendar_connection`)).toEqual([]);
  });

  test('that ended and lets us in no more is forgotten at once, with its tokens and its hours', async () => {
    graph.person('taula');
    const { albert, connections, marta, office, rows, run } = world;
    const id = await connect('taula', wishFor('taula-1'), albert);
    await world.book('2026-12-07T10:00');
    await world.sync(0);
    await connections.end(albert, id);
    await run(sql`insert into desk_busy (office_id, desk_id, source, event, starts, ends)
      values (${office.id}, ${marta.desk}, ${id}, 'x', '2026-12-01T10:00Z', '2026-12-01T11:00Z')`);
    graph.signIn.revoke();
    await world.sync(0);
    expect(await rows(sql`select id from calendar_connection`)).toEqual([]);
    expect(await rows(sql`select id from desk_busy`)).toEqual([]);
  });

  test('whose person moves to another desk while it is read is read for that desk', async () => {
    const mailbox = graph.person('marta');
    mailbox.put(timesOf('2026-12-01T10:00:00', '2026-12-01T11:00:00'));
    await connect('marta');
    const { clock, connections, marta, office, rows, run, sync } = world;
    const desk = office.desks.find((each) => each.code === 'taula-2')!.id;
    const meanwhile = async () => {
      clock.advance({ seconds: 1 });
      await run(sql`update staff_role set desk_id = ${desk} where staff_id = ${marta.staff}`);
      await connections.sync();
    };
    graph.next.push({ meanwhile });
    await sync(0);
    await run(sql`update staff_role set desk_id = ${marta.desk} where staff_id = ${marta.staff}`);
    expect(await rows(sql`select desk_id from desk_busy`)).toEqual([{ desk_id: desk }]);
  });

  test('is asked with a new token when the former ended; each is kept before it is used', async () => {
    graph.person('marta');
    const id = await connect('marta');
    await world.sync(0);
    graph.signIn.endAccess();
    const { given } = graph.signIn;
    await world.sync();
    expect(graph.signIn.given).toBe(given + 1);
    await world.sync(70);
    expect(graph.signIn.given).toBe(given + 2);
    expect(await world.stateOf(id)).toMatchObject({ trouble: null });
    // A token that is not good though it is new: once more, and then the person must see to it.
    graph.next.push({ status: 401 }, { status: 401 });
    await world.sync();
    expect(await world.stateOf(id)).toMatchObject({ trouble: 'signed_out' });
    world.clock.advance({ minutes: 1 });
    expect(await world.connections.hurry(world.marta, id)).toEqual({ ok: true });
    await world.sync(0);
    expect(await world.stateOf(id)).toMatchObject({ trouble: null });
    const secret = graph.settings.clientSecret;
    graph.settings.clientSecret = 'another';
    graph.signIn.settings = { ...graph.settings, clientSecret: secret };
    await world.sync(120);
    expect(await world.stateOf(id)).toMatchObject({ trouble: 'unregistered' });
    graph.settings.clientSecret = secret;
  });

  test('goes nowhere else, wherever its answers point, and says so in the security log', async () => {
    graph.person('marta');
    const id = await connect('marta');
    await world.sync(0);
    const elsewhere = 'https://203.0.113.9/v1.0/me/x';
    for (const answer of [
      { status: 200, body: { value: [], '@odata.nextLink': elsewhere } },
      { status: 302, headers: { Location: elsewhere } },
    ]) {
      graph.next.push(answer);
      world.clock.advance({ minutes: 1 });
      await world.connections.hurry(world.marta, id);
      await world.sync(0);
      expect(await world.stateOf(id)).toMatchObject({ trouble: 'address' });
    }
    const { office, marta } = world;
    const facts = { office: office.id, staff: marta.staff, what: 'other_host' };
    expect(world.noted).toEqual([
      { event: 'calendar.address_refused', facts },
      { event: 'calendar.address_refused', facts },
    ]);
    for (const body of [
      { value: [] },
      { value: [], '@odata.nextLink': `${graph.settings.graphUrl}/v1.0/me/loop` },
    ]) {
      graph.next.push({ status: 200, body });
      world.clock.advance({ minutes: 1 });
      await world.connections.hurry(world.marta, id);
      await world.sync(0);
      expect((await world.stateOf(id))?.trouble).toMatch(/odd|gone/);
    }
  });

  test('is given the appointments: once each, also when an answer is lost; without names, not read back', async () => {
    const mailbox = graph.person('taula');
    const wish = { ...wishFor('taula-1'), reads: true };
    const id = await connect('taula', wish, world.albert);
    const events = () => [...mailbox.named().events.values()];
    const first = await world.book('2026-12-07T10:00');
    graph.next.push({}, { isLost: true });
    await world.sync(0);
    expect(await world.stateOf(id, world.albert)).toMatchObject({ trouble: 'away' });
    // It is looked for, and where a search does not find it yet, Graph knows the request again.
    graph.next.push({}, { status: 200, body: { value: [] } });
    await world.sync();
    expect(posts()).toHaveLength(2);
    expect(events()).toHaveLength(1);
    const second = await world.book('2026-12-07T11:00');
    graph.next.push({}, { isLost: true });
    await world.sync();
    await world.sync();
    expect(posts()).toHaveLength(3);
    expect(events()).toHaveLength(2);
    const theirs = { kind: 'citizen', appointment: second.id } as const;
    await world.made.appointments.cancel(theirs, world.office, second.id, '');
    await world.sync();
    expect(events()).toHaveLength(1);
    expect(await world.stateOf(id, world.albert)).toMatchObject({ trouble: null });
    expect(events()[0]).toMatchObject({
      showAs: 'busy',
      sensitivity: 'private',
      isReminderOn: false,
    });
    expect(JSON.stringify(events())).not.toMatch(/Rosa|Soler|600123456/);
    await world.sync();
    expect(await world.rows(sql`select id from desk_busy`)).toEqual([]);
    const { appointments } = world.made;
    const citizen = { kind: 'citizen', appointment: first.id } as const;
    const start = Temporal.Instant.from('2026-12-08T10:20:00+01:00');
    expect((await appointments.move(citizen, world.office, first.id, { start })).ok).toBe(true);
    await world.sync(0);
    expect(events()).toMatchObject([
      { start: { dateTime: '2026-12-08T09:20:00', timeZone: 'UTC' } },
    ]);
    // Somebody deleted it in Outlook: it stays away until it changes.
    mailbox.remove(events()[0]!.id);
    await world.sync();
    expect(events()).toEqual([]);
    const later = start.add({ minutes: 20 });
    expect((await appointments.move(citizen, world.office, first.id, { start: later })).ok).toBe(
      true,
    );
    await world.sync(0);
    expect(events()).toHaveLength(1);
    await appointments.cancel(citizen, world.office, first.id, '');
    await world.sync(0);
    expect(events()).toEqual([]);
    await world.book('2026-12-07T11:00');
    await world.sync(0);
    expect(events()).toHaveLength(1);
    await world.connections.end(world.albert, id);
    await world.sync(0);
    expect(events()).toEqual([]);
    expect(await world.rows(sql`select id from calendar_connection`)).toEqual([]);
  });

  test('of somebody else, who shares it, has an appointment once, moved and taken back; series are read', async () => {
    const [taula, cap] = [graph.person('taula'), graph.person('cap', 'Atencio')];
    taula.share(cap.named());
    const wish = { ...wishFor('taula-1'), reads: true };
    const id = await connect('taula', wish, world.albert);
    const { place } = (await world.connections.open(world.albert, id))!.calendars[1]!;
    expect((await world.connections.choose(world.albert, id, place)).ok).toBe(true);
    const events = () => [...cap.named().events.values()];
    const { id: booked } = await world.book('2026-12-07T10:00');
    await world.sync();
    expect(events()).toHaveLength(1);
    const { appointments } = world.made;
    const citizen = { kind: 'citizen', appointment: booked } as const;
    const start = Temporal.Instant.from('2026-12-08T10:20:00+01:00');
    expect((await appointments.move(citizen, world.office, booked, { start })).ok).toBe(true);
    await world.sync();
    expect(events()).toMatchObject([{ start: { dateTime: '2026-12-08T09:20:00' } }]);
    await appointments.cancel(citizen, world.office, booked, '');
    await world.sync();
    expect(events()).toEqual([]);
    // A series whose master does not come along is asked for in the same calendar: it is shown as free.
    cap.putSeries({ showAs: 'free', isLeftOut: true }, ['2026-12-02T08:00:00'], 60);
    await world.sync();
    expect(await world.rows(sql`select id from desk_busy`)).toEqual([]);
  });

  test('has an appointment once after it was given to another desk, and back', async () => {
    const [one, two] = [graph.person('one'), graph.person('two')];
    await connect('one', wishFor('taula-1'), world.albert);
    await connect('two', wishFor('taula-2'), world.albert);
    const appointment = await world.book('2026-12-09T10:00');
    const where = () => [one, two].map((each) => each.named().events.size);
    await world.sync(0);
    expect(where()).toEqual([1, 0]);
    await world.giveTo(appointment.id, 'taula-2');
    await world.sync(0);
    expect(where()).toEqual([0, 1]);
    await world.giveTo(appointment.id, 'taula-1');
    await world.sync(0);
    expect(where()).toEqual([1, 0]);
    // A calendar that may only be read says so.
    one.named().canEdit = false;
    await world.book('2026-12-09T11:00');
    await world.sync(0);
    const desk = world.office.desks.find((each) => each.code === 'taula-1')!.id;
    const all = await world.connections.list(world.albert);
    expect(all.find((each) => each.desk === desk)?.trouble).toBe('forbidden');
  });
});
