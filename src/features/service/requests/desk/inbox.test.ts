import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../../domain/office/types.ts';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { createOffices } from '../../../foundation/offices/service.ts';
import { testOffice } from '../../../foundation/offices/testing.ts';
import { staffOf } from '../../cases/testing.ts';
import type { Requests } from '../service.ts';
import { requesterOf, testRequests, testType, withRequests } from '../testing.ts';
import type { RequestFilter, RequestGroup } from './types.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let office: Office;
let elsewhere: Office;
let requests: Requests;
let coordinator: StaffViewer;
/** In the team `brigada`. */
let nuria: StaffViewer;
/** In the team `brigada-eres`. */
let pere: StaffViewer;
/** In no team. */
let laia: StaffViewer;

const named = (text: string) => ({ ca: text, es: `${text} (es)` });
const SETTINGS = withRequests({
  types: [
    testType('fanal'),
    testType('clot', { byArea: { eres: 'brigada-eres' } }),
    testType('queixa', { kind: 'complaint', place: 'none', public: false, days: 3 }),
    // Nobody’s: whoever coordinates gives it to a team.
    (({ team: _, days: __, ...rest }) => rest)(testType('barrera')),
  ],
  templates: [
    { code: 'fet', name: named('Fet'), text: named('Hola, {name}: fet ({reference}, {type}).') },
  ],
});

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const offices = createOffices(db);
  office = await offices.byId(await testOffice(db, { settings: SETTINGS }));
  elsewhere = await offices.byId(await testOffice(db, { code: 'hisenda', settings: SETTINGS }));
  requests = testRequests(database, clock);
  for (const [id, role] of [
    [1, 'agent'],
    [2, 'coordinator'],
    [3, 'agent'],
    [4, 'agent'],
  ] as const)
    await within(db, '*', async (tx) => {
      await sql`insert into staff (email, name, user_id) values (${`p${id}@example.cat`}, ${`P${id}`}, ${`u${id}`})`.execute(
        tx,
      );
      await sql`insert into staff_role (office_id, staff_id, role) values (${office.id}, ${id}, ${role})`.execute(
        tx,
      );
    });
  nuria = { ...staffOf(office, 'agent', 1), otherTeams: ['brigada-eres'] };
  coordinator = staffOf(office, 'coordinator', 2);
  pere = { ...staffOf(office, 'agent', 3), otherTeams: ['brigada'] };
  laia = { ...staffOf(office, 'agent', 4), otherTeams: ['brigada', 'brigada-eres'] };
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set(MORNING);
  await within(database.kysely, '*', (tx) =>
    sql`update request set anonymised_at = null, sent_at = null, state = 'received', closed_at = null, merged_into = null`.execute(
      tx,
    ),
  );
});

const CENTRE = { lat: 41.55, lon: 2.15 };
const ERES = { lat: 41.55, lon: 2.25 };
let people = 0;

async function send(type = 'fanal', point: typeof CENTRE | null = CENTRE, name = 'Rosa') {
  const { id } = (await requests.begin(office, { type, language: 'es' }))!;
  const own = requesterOf(id);
  if (point) await requests.writePlace(own, office, id, { point, address: '', area: null });
  await requests.writeText(own, office, id, { text: 'Està apagat', answers: {} });
  people++;
  const email = `rosa.${people}@example.cat`;
  const isAnonymous = name === '';
  const tellBy = isAnonymous ? 'page' : 'email';
  const contact = { tellBy, isAnonymous, name, email: isAnonymous ? '' : email, phone: '' };
  await requests.writeContact(own, office, id, contact);
  const sent = await requests.send(own, office, id);
  if (!sent.ok) throw new Error(sent.reason);
  return { id, own, reference: sent.row.reference, seen: sent.row.version };
}

const listed = async (viewer: StaffViewer, filter: Partial<RequestFilter> = {}) =>
  (await requests.inbox(viewer, office, { group: 'open', ...filter }, null))?.rows.map(
    ({ id }) => id,
  );
const versionOf = async (id: string) =>
  (await requests.own(requesterOf(id), office, id))!.row.version;
const stateOf = async (id: string) => (await requests.own(requesterOf(id), office, id))!.row.state;
const recorded = (action: string) =>
  within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('audit')
      .select('data')
      .where('action', '=', action as never)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst(),
  );

describe('the inbox of requests', () => {
  test('has those of the viewer’s teams, what they handle and what they wrote down; whoever coordinates sees all', async () => {
    const ofBrigada = (await send()).id;
    const ofEres = (await send('clot', ERES)).id;
    const ofNobody = (await send('barrera')).id;
    expect((await listed(coordinator))?.toSorted()).toEqual(
      [ofBrigada, ofEres, ofNobody].toSorted(),
    );
    expect(await listed(nuria)).toEqual([ofBrigada]);
    expect(await listed(pere)).toEqual([ofEres]);
    expect(await listed(laia)).toEqual([]);
    const { seen } = { seen: await versionOf(ofNobody) };
    await requests.give(coordinator, office, ofNobody, { assignee: laia.staff, seen });
    expect(await listed(laia)).toEqual([ofNobody]);
    // What an agent opens in a list opens on its page, and the other way round.
    for (const viewer of [nuria, pere, laia, coordinator])
      for (const id of [ofBrigada, ofEres, ofNobody])
        expect([id, (await requests.work(viewer, office, id)) !== null]).toEqual([
          id,
          (await listed(viewer))?.includes(id),
        ]);
  });

  test('is not there for other offices, and what is being written is in none', async () => {
    await send();
    await requests.begin(office, { type: 'fanal', language: 'ca' });
    const other = staffOf(elsewhere, 'coordinator', 2);
    expect(await requests.inbox(other, office, { group: 'open' }, null)).toBeNull();
    expect(await requests.inboxFile(other, office, { group: 'open' })).toBeNull();
    expect((await requests.inbox(other, elsewhere, { group: 'open' }, null))?.rows).toEqual([]);
    expect(await listed(coordinator)).toHaveLength(1);
    expect((await recorded('request_inbox_opened'))?.data).toEqual({
      ...{ group: 'open', requests: await listed(coordinator) },
    });
  });

  test('has its parts, counted, with the other filters', async () => {
    const first = await send();
    const second = await send('queixa', null);
    const third = await send('barrera');
    const closed = await send();
    await requests.give(nuria, office, first.id, { assignee: nuria.staff, seen: first.seen });
    await requests.step(coordinator, office, third.id, {
      ...{ step: 'ask', seen: third.seen, words: 'On?' },
    });
    await requests.step(coordinator, office, closed.id, {
      ...{ step: 'answer', seen: closed.seen, words: 'Fet' },
    });
    // Thursday: the complaint, of three days, was due on Thursday; on Friday it is late.
    clock.set('2027-02-04T09:00:00+01:00');
    const counts = async (viewer: StaffViewer, filter: Partial<RequestFilter> = {}) =>
      (await requests.inbox(viewer, office, { group: 'open', ...filter }, null))?.counts;
    expect(await counts(coordinator)).toEqual({
      ...{
        open: 3,
        unrouted: 1,
        take: 2,
        mine: 0,
        team: 0,
        waiting: 1,
        soon: 1,
        overdue: 0,
        call: 0,
      },
      closed: 1,
    });
    expect(await counts(nuria)).toMatchObject({ open: 2, mine: 1, team: 2, unrouted: 0 });
    clock.set('2027-02-05T09:00:00+01:00');
    expect(await counts(coordinator)).toMatchObject({ soon: 0, overdue: 1 });
    expect(await counts(coordinator, { kind: 'incident' })).toMatchObject({ open: 2, overdue: 0 });
    const groups: [RequestGroup, string[]][] = [
      ['unrouted', [third.id]],
      ['waiting', [third.id]],
      ['overdue', [second.id]],
      ['closed', [closed.id]],
    ];
    for (const [group, ids] of groups)
      expect([group, await listed(coordinator, { group })]).toEqual([group, ids]);
  });

  test('is filtered by type, kind, area, team, who handles it, and reference', async () => {
    const lamp = await send();
    const hole = await send('clot', ERES);
    const complaint = await send('queixa', null);
    const filters: [Partial<RequestFilter>, string[]][] = [
      [{ type: 'clot' }, [hole.id]],
      [{ kind: 'complaint' }, [complaint.id]],
      [{ area: 'centre' }, [lamp.id]],
      [{ area: null }, [complaint.id]],
      [{ team: 'brigada-eres' }, [hole.id]],
      [{ assignee: null, reference: lamp.reference }, [lamp.id]],
      [{ assignee: nuria.staff }, []],
      [{ type: 'clot', area: 'centre' }, []],
    ];
    for (const [filter, ids] of filters)
      expect([filter, await listed(coordinator, filter)]).toEqual([filter, ids]);
  });

  test('goes on page by page, what is due first and then the oldest, and skips nothing', async () => {
    const sent: string[] = [];
    for (let n = 0; n < 53; n++) {
      clock.set(Temporal.Instant.from(MORNING).add({ minutes: n }).toString());
      sent.push((await send(n % 2 === 0 ? 'barrera' : 'fanal')).id);
    }
    const withTerm = sent.filter((_, n) => n % 2 === 1);
    const first = await requests.inbox(coordinator, office, { group: 'open' }, null);
    expect(first?.rows).toHaveLength(50);
    const second = await requests.inbox(coordinator, office, { group: 'open' }, first!.next);
    expect(second?.next).toBeNull();
    const all = [...first!.rows, ...second!.rows].map(({ id }) => id);
    expect(all).toEqual([...withTerm, ...sent.filter((_, n) => n % 2 === 0)]);
    // A place that nobody gave begins at the first one.
    for (const nonsense of ['', 'x_y_z', "infinity_2027-01-01T00:00:00Z_'"])
      expect(
        (await requests.inbox(coordinator, office, { group: 'open' }, nonsense))?.rows[0]?.id,
      ).toBe(all[0]);
  });

  test('says who follows, and whether the person wrote something new', async () => {
    const { id, own, reference } = await send();
    const typed = { tellBy: 'email', email: 'pau@example.cat', phone: '' };
    await requests.follow(office, reference, { ...typed, language: 'ca' });
    await requests.say(own, office, id, 'Encara?');
    const row = async () =>
      (await requests.inbox(nuria, office, { group: 'open' }, null))?.rows.find(
        (each) => each.id === id,
      );
    // Whoever never opened their link may not exist.
    expect(await row()).toMatchObject({ followers: 0 });
    const { follower } = await within(database.kysely, office.id, (tx) =>
      tx
        .selectFrom('request_follower')
        .select('id as follower')
        .where('request_id', '=', id)
        .executeTakeFirstOrThrow(),
    );
    await requests.followed(office, follower);
    expect(await row()).toMatchObject({ followers: 1, hasMessage: true, extract: 'Està apagat' });
    // A colleague without a say in it leaves it unread; who handles it reads it.
    await requests.work(nuria, office, id);
    expect(await row()).toMatchObject({ hasMessage: false });
  });

  test('is saved as a file, which is on the trail, and found by reference', async () => {
    const { id, reference } = await send();
    const rows = await requests.inboxFile(nuria, office, { group: 'open' });
    expect(rows?.map((each) => each.id)).toEqual([id]);
    expect((await recorded('requests_exported'))?.data).toEqual({ group: 'open', requests: 1 });
    expect(await requests.numbered(nuria, office)).toEqual([{ id, reference, type: 'fanal' }]);
    expect(await requests.numbered(pere, office)).toEqual([]);
  });
});

describe('several requests at once', () => {
  test('are given, and what stands in the way of one keeps none of the others', async () => {
    const [one, other] = [await send(), await send()];
    const stale = { id: other.id, seen: 99 };
    const done = await requests.several(nuria, office, [one, stale, one], {
      ...{ do: 'give', assignee: nuria.staff },
    });
    expect(done).toEqual([
      { id: one.id, result: { ok: true, isTold: false } },
      { id: other.id, result: { ok: false, reason: 'changed' } },
    ]);
    expect(await listed(nuria, { group: 'mine' })).toEqual([one.id]);
  });

  test('get the same answer, each in the language and by the name of its person', async () => {
    const [one, other] = [await send(), await send('fanal', CENTRE, '')];
    const deed = { do: 'step', step: 'answer', template: 'fet' } as const;
    const done = await requests.several(nuria, office, [one, other], deed);
    expect(done.every(({ result }) => result.ok)).toBe(true);
    const wordsOf = async (id: string) =>
      (await requests.own(requesterOf(id), office, id))!.messages.at(-1)?.text;
    expect(await wordsOf(one.id)).toBe(`Hola, Rosa: fet (${one.reference}, fanal). (es)`);
    expect(await wordsOf(other.id)).toBe(`Hola: fet (${other.reference}, fanal). (es)`);
    // Neither words nor a template: nobody is answered.
    const third = await send();
    expect(
      await requests.several(nuria, office, [third], { do: 'step', step: 'answer' }),
    ).toMatchObject([{ result: { ok: false, reason: 'missing' } }]);
  });

  test('are merged with the one that stays, whose people and theirs are told; and separated again', async () => {
    const [stays, one] = [await send(), await send()];
    clock.set('2027-02-01T09:01:00+01:00');
    const other = await send();
    const deed = { do: 'merge', target: stays.reference.toLowerCase() } as const;
    const done = await requests.several(nuria, office, [stays, one, other], deed);
    expect(done.map(({ id, result }) => [id, result.ok])).toEqual([
      [one.id, true],
      [other.id, true],
    ]);
    const work = await requests.work(nuria, office, stays.id);
    expect(work?.merged.map(({ id }) => id)).toEqual([one.id, other.id]);
    const separated = await requests.step(nuria, office, one.id, {
      ...{ step: 'separate', seen: await versionOf(one.id) },
    });
    expect(separated).toMatchObject({ ok: true });
    expect(await stateOf(one.id)).toBe('received');
    expect(await stateOf(other.id)).toBe('merged');
  });

  test('are refused for one reason, and none without one', async () => {
    const made = [await send(), await send('clot')];
    const chosen = made.map(({ id, seen }) => ({ id, seen }));
    const refuse = (reason?: string) =>
      requests.several(coordinator, office, chosen, {
        ...{ do: 'step', step: 'refuse', ...(reason && { reason }) },
      });
    for (const reason of [undefined, 'no-such'])
      expect((await refuse(reason)).map(({ result }) => result.ok)).toEqual([false, false]);
    expect((await refuse('privat')).map(({ result }) => result.ok)).toEqual([true, true]);
    for (const { id, own } of made) {
      expect(await stateOf(id)).toBe('refused');
      expect((await requests.own(own, office, id))?.row.reason).toBe('privat');
    }
  });

  test('are nobody’s who may not open them', async () => {
    const { id, seen } = await send();
    const results = await requests.several(pere, office, [{ id, seen }], {
      ...{ do: 'give', assignee: pere.staff },
    });
    expect(results).toEqual([{ id, result: { ok: false, reason: 'not_found' } }]);
    expect(await requests.answerFor(pere, office, id, 'fet')).toBeNull();
  });
});

describe('what may be the same', () => {
  test('is near, of the same type, open, and the viewer’s; the nearest first', async () => {
    const { id } = await send();
    const near = await send('fanal', { lat: 41.5501, lon: 2.15 });
    const nearer = await send('fanal', { lat: 41.55, lon: 2.1501 });
    await send('fanal', { lat: 41.56, lon: 2.15 });
    await send('clot', CENTRE);
    const found = await requests.near(nuria, office, id);
    expect(found.map((each) => each.id)).toEqual([nearer.id, near.id]);
    expect((await recorded('requests_near_seen'))?.data).toEqual({
      ...{ request: id, near: [nearer.id, near.id] },
    });
    expect(found[0]?.metres).toBeLessThan(found[1]!.metres!);
    expect(await requests.near(pere, office, id)).toEqual([]);
    await requests.step(nuria, office, near.id, { step: 'answer', seen: near.seen, words: 'Fet' });
    expect((await requests.near(nuria, office, id)).map((each) => each.id)).toEqual([nearer.id]);
  });
});

describe('what everybody may see', () => {
  test('is nothing until an official passes it, and is on the trail', async () => {
    const { id, seen } = await send();
    expect(await requests.shown(nuria, office, id)).toEqual({
      ...{ text: false, words: null, photos: [] },
    });
    const asked = { text: true, photos: ['00000000-0000-4000-8000-000000000000'], seen };
    expect(await requests.show(pere, office, id, asked)).toEqual({
      ...{ ok: false, reason: 'not_found' },
    });
    expect(await requests.show(nuria, office, id, { ...asked, seen: 9 })).toMatchObject({
      reason: 'changed',
    });
    expect(await requests.show(nuria, office, id, asked)).toMatchObject({ ok: true });
    // A photo that isn’t its own is left out.
    expect(await requests.shown(nuria, office, id)).toEqual({
      ...{ text: true, words: null, photos: [] },
    });
    expect((await recorded('request_shown'))?.data).toEqual({
      ...{ request: id, text: true, photos: [], isCut: false },
    });
  });

  test('is what is left of the words, beside what was written, and its person sees which', async () => {
    const { id, own, reference } = await send();
    const show = async (words: string) =>
      requests.show(nuria, office, id, {
        ...{ text: true, photos: [], words, seen: await versionOf(id) },
      });
    const seenByAll = async () => (await requests.publicRequest(office, reference))?.text;
    expect(await show('Està molt apagat')).toEqual({ ok: false, reason: 'added' });
    expect(await show(' […] ')).toEqual({ ok: false, reason: 'empty' });
    expect(await seenByAll()).toBeNull();
    expect(await show('apagat')).toMatchObject({ ok: true });
    expect(await seenByAll()).toBe('[…] apagat');
    expect((await recorded('request_shown'))?.data).toMatchObject({ isCut: true });
    expect((await requests.work(nuria, office, id))?.row.text).toBe('Està apagat');
    expect((await requests.own(own, office, id))?.shown).toMatchObject({ words: '[…] apagat' });
    expect(await show('Està apagat')).toMatchObject({ ok: true });
    expect(await seenByAll()).toBe('Està apagat');
    // Who sees it and has no say in it cuts nothing, and neither does somebody of another office.
    for (const [who, of] of [
      [pere, office],
      [coordinator, elsewhere],
    ] as const)
      expect(
        await requests.show(who, of, id, { text: true, photos: [], words: 'Està', seen: 1 }),
      ).toMatchObject({ reason: 'not_found' });
  });

  test('is nothing of a type that is not public', async () => {
    const { id, seen } = await send('queixa', null);
    expect(await requests.shown(coordinator, office, id)).toBeNull();
    expect(
      await requests.show(coordinator, office, id, { text: true, photos: [], seen }),
    ).toMatchObject({ reason: 'not_now' });
  });
});
