import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Form, formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { canonicalJson } from '../../../lib/envelope/canonical-json.ts';
import { purposeKey } from '../../../lib/secrets.ts';
import type { ApplicantViewer, StaffViewer } from '../../../lib/viewer.ts';
import { sameReferenceTwice } from '../../booking/appointments/testing/references.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createForms, type Forms } from '../../foundation/forms/service.ts';
import { identifiedPerson } from '../../foundation/identification/testing.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createRegistry, type Registry } from '../../foundation/registry/service.ts';
import { testCasePapers } from '../documents/testing.ts';
import { createWorking, type Working } from './desk/working.ts';
import { itemsOf, seenOf } from './rules.ts';
import { type Cases, createCases } from './service.ts';
import { begunWith, identificationFor, stepTo, testOfficials } from './testing.ts';
import type { ItemChange } from './types.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
const OPERATOR = { kind: 'system', why: 'operator' } as const;
let database: TestDatabase;
const on = () => ({ db: database.kysely, clock });
let office: Office;
let elsewhere: Office;
let forms: Forms;
let registry: Registry;
let cases: Cases;
let working: Working;
let rosa: Identified;
let amina: Identified;

const formOf = (more: object = {}): Form =>
  formSchema.parse({
    procedure: 'volant-padro',
    identity: 'none',
    steps: [
      {
        id: 'local',
        questions: [
          { id: 'rotul', type: 'text', label: { ca: 'Nom' }, required: true },
          { id: 'taules', type: 'integer', label: { ca: 'Taules' }, min: 1, max: 40 },
        ],
      },
    ],
    decision: { months: 3, silence: 'granted' },
    ...more,
  });

beforeAll(async () => {
  database = await testDatabase();
  const db = database.kysely;
  const offices = createOffices(db);
  const settings = { feastDays: [{ from: '2027-02-12', to: '2027-02-12' }] };
  office = await offices.byId(await testOffice(db, { settings }));
  elsewhere = await offices.byId(await testOffice(db, { code: 'hisenda' }));
  const unit = testUnit(db, clock);
  const key = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]);
  forms = createForms({ db, unit });
  registry = createRegistry({ db, clock, unit });
  const identification = identificationFor(db, clock, key);
  const { keyring, papers } = testCasePapers(database, clock);
  const deps = {
    db,
    clock,
    unit,
    offices,
    forms,
    registry,
    keyring,
    papers,
    key,
    identification,
    officials: testOfficials,
  };
  cases = createCases(deps);
  working = createWorking(deps);
  rosa = await identifiedPerson(db, key, '12345678Z', clock.now());
  amina = await identifiedPerson(db, key, 'X0000000T', clock.now());
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set(MORNING);
  await forms.publish(OPERATOR, office, formOf());
});

type Identified = { person: string; identification: string };

const holder = (
  id: string,
  level: 'low' | 'substantial' | null = null,
  as = rosa,
): ApplicantViewer => ({
  kind: 'applicant',
  case: id,
  identified: level && { ...as, level },
});
const staff = (role: StaffViewer['role'], id = 1, of = office): StaffViewer => ({
  ...({ kind: 'staff', staff: id, name: 'Núria', role, desk: null } as const),
  office: of.id,
});

const beginAs = (viewer: ApplicantViewer) =>
  cases.begin(viewer, office, { procedure: 'volant-padro', door: 'online', language: 'ca' });
const begin = async () => (await beginAs(holder('')))!;
/** A case that a coordinator begins with somebody at the counter. */
const begunHere = () =>
  begunWith(
    { db: database.kysely, clock, unit: testUnit(database.kysely, clock), cases },
    office,
    staff('coordinator'),
  );

/** A case that was handed in. */
async function handedIn(): Promise<string> {
  const id = await begin();
  await cases.answer(holder(id), office, id, { 'local.rotul': 'Bar Pi' });
  expect(await cases.handIn(holder(id), office, id)).toMatchObject({ ok: true });
  return id;
}
const opened = async (id: string) => (await cases.open(holder(id), office, id))!;
const stateOf = async (id: string) => {
  const { state, stateDue, decideBy, closedAt } = (await opened(id)).case;
  return {
    state,
    due: stateDue?.toString() ?? null,
    decideBy: decideBy?.toString() ?? null,
    isClosed: closedAt !== null,
  };
};

describe('a form', () => {
  test('is published again only where it changed, and a case stays on the version with which it began', async () => {
    const id = await begin();
    const again = await forms.publish(OPERATOR, office, formOf());
    expect(again).toMatchObject({ ok: true, isNew: false });
    const other = formOf({ minutes: 7 });
    const [one, two] = await Promise.all([
      forms.publish(OPERATOR, office, other),
      forms.publish(OPERATOR, office, other),
    ]);
    expect([one, two].filter((each) => each.ok && each.isNew)).toHaveLength(1);
    const old = await forms.version(office.id, (await opened(id)).case.form);
    expect(old.form.minutes).toBeUndefined();
    expect((await forms.current(office, 'volant-padro'))?.form.minutes).toBe(7);
  });

  test('of another office is not read, and there is none without a procedure', async () => {
    const { id } = (await forms.current(office, 'volant-padro'))!;
    await expect(forms.version(elsewhere.id, id)).rejects.toThrow();
    const none = await forms.publish(OPERATOR, office, formOf({ procedure: 'cap' }));
    expect(none).toEqual({ ok: false, reason: 'no_procedure' });
  });
});

test('a case gets another reference when the first is somebody’s already', async () => {
  using drawn = sameReferenceTwice();
  const [one, other] = [await begin(), await begin()];
  expect((await opened(one)).case.reference).toBe(drawn.reference);
  expect((await opened(other)).case.reference).not.toBe(drawn.reference);
});

describe('answers', () => {
  test('of two pages at once are both there, each with its hand', async () => {
    const id = await begunHere();
    await Promise.all([
      cases.answer(holder(id), office, id, { 'local.rotul': 'Bar Pi' }),
      cases.answer(staff('coordinator'), office, id, { 'local.taules': 4 }),
    ]);
    const { draft, case: of } = await opened(id);
    expect(draft.answers).toEqual({ local: { rotul: 'Bar Pi', taules: 4 } });
    expect(draft.hands).toMatchObject({
      'local.rotul': { by: 'citizen' },
      'local.taules': { by: 'staff:1' },
    });
    expect(of.version).toBe(2);
  });

  test('can be taken back, and questions that the form does not have are left out', async () => {
    const id = await begin();
    await cases.answer(holder(id), office, id, { 'local.rotul': 'Bar Pi', 'local.x': 1, y: 2 });
    await cases.answer(holder(id), office, id, { 'local.rotul': undefined });
    expect((await opened(id)).draft.answers).toEqual({ local: {} });
  });

  test('are nowhere in clear, and those of staff are on the trail without their value', async () => {
    const id = await begunHere();
    await cases.answer(staff('coordinator'), office, id, { 'local.rotul': 'Bar Secret' });
    const { rows, trail } = await within(database.kysely, INSTALLATION, async (tx) => ({
      rows: await tx.selectFrom('case_file').selectAll().where('id', '=', id).execute(),
      trail: await tx.selectFrom('audit').selectAll().where('action', 'like', 'case_%').execute(),
    }));
    expect(rows[0]?.draft?.includes('Bar Secret')).toBe(false);
    expect(JSON.stringify(trail)).not.toContain('Bar Secret');
    expect(JSON.stringify(trail)).toContain('local.rotul');
  });
});

describe('what is handed in', () => {
  test('is registered with the hash of the kept record, and can no longer be changed', async () => {
    const id = await handedIn();
    const { record, case: of } = await opened(id);
    const hash = createHash('sha256').update(canonicalJson(record)).digest('hex');
    expect(of.recordHash).toBe(hash);
    const [entry] = await within(database.kysely, office.id, (tx) =>
      tx
        .selectFrom('registry_entry')
        .selectAll()
        .where('about', '=', `case ${id} application`)
        .execute(),
    );
    expect(entry?.content.toString('hex')).toBe(hash);
    const late = await cases.answer(holder(id), office, id, { 'local.rotul': 'Bar Roure' });
    expect(late).toEqual({ ok: false, reason: 'handed_in' });
    expect(record?.answers).toEqual({ local: { rotul: 'Bar Pi' } });
    expect(await registry.verify(office)).toMatchObject({ ok: true });
  });

  test('twice at once has one entry', async () => {
    const id = await begin();
    await cases.answer(holder(id), office, id, { 'local.rotul': 'Bar Pi' });
    const both = await Promise.all([1, 2].map(() => cases.handIn(holder(id), office, id)));
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('must be complete, and by somebody of the level that the form demands', async () => {
    await forms.publish(OPERATOR, office, formOf({ identity: 'substantial' }));
    const id = await begunHere();
    expect(await cases.handIn(holder(id, 'low'), office, id)).toEqual({
      ok: false,
      reason: 'needs_identity',
    });
    const incomplete = await cases.handIn(holder(id, 'substantial'), office, id);
    expect(incomplete).toMatchObject({ ok: false, reason: 'invalid' });
    await cases.answer(holder(id), office, id, { 'local.rotul': 'Bar Pi' });
    expect(await cases.handIn(holder(id, 'substantial'), office, id)).toMatchObject({ ok: true });
    // From then on it opens to them alone.
    expect(await cases.open(holder(id), office, id)).toBeNull();
    const own = await cases.open(holder(id, 'substantial'), office, id);
    expect(own?.record?.applicant).toMatchObject({ level: 'substantial' });
    expect(own?.record?.assisted?.confirmed).toMatchObject({ by: 'identity', code: null });
  });

  test('must be signed or paid first where the form says so', async () => {
    const ready = async (more: object) => {
      await forms.publish(OPERATOR, office, formOf(more));
      const id = (await beginAs(holder('', 'substantial')))!;
      const viewer = holder(id, 'substantial');
      await cases.answer(viewer, office, id, { 'local.rotul': 'Bar Pi', 'local.taules': 2 });
      return (await cases.handIn(holder(id, 'substantial'), office, id)).ok;
    };
    expect(await ready({ sign: 'session' })).toBe(true);
    expect(await ready({ sign: 'autofirma' })).toBe(false);
    expect(await ready({ fee: { '*': [{ var: 'local.taules' }, 12.5] } })).toBe(false);
  });
});

describe('a case', () => {
  test('goes from state to state as its table allows, with its terms', async () => {
    const id = await handedIn();
    expect(await stateOf(id)).toEqual({
      state: 'registered',
      due: null,
      decideBy: '2027-05-03',
      isClosed: false,
    });
    const agent = staff('agent');
    expect(await stepTo(on(), agent, office, id, 'granted')).toEqual({
      ok: false,
      reason: 'not_allowed',
    });
    expect((await stepTo(on(), holder(id), office, id, 'in-review')).ok).toBe(false);
    await stepTo(on(), agent, office, id, 'in-review');
    await stepTo(on(), agent, office, id, 'to-amend');
    // Ten working days from 1 February; the 12th is a feast. The decision's time does not run.
    expect(await stateOf(id)).toMatchObject({
      state: 'to-amend',
      due: '2027-02-16',
      decideBy: null,
    });
    clock.set('2027-02-08T09:00:00+01:00');
    await stepTo(on(), holder(id), office, id, 'in-review');
    expect(await stateOf(id)).toMatchObject({ due: null, decideBy: '2027-05-10' });
    await stepTo(on(), agent, office, id, 'granted');
    expect(await stateOf(id)).toMatchObject({ state: 'granted', decideBy: null, isClosed: true });
    const kinds = (await cases.history(holder(id), office, id))?.map((each) => each.data.to);
    expect(kinds).toEqual([undefined, undefined, 'in-review', 'to-amend', 'in-review', 'granted']);
  });

  test('lapses by itself on the day after the last one, and not before', async () => {
    const id = await handedIn();
    await stepTo(on(), staff('agent'), office, id, 'in-review');
    await stepTo(on(), staff('agent'), office, id, 'to-amend');
    clock.set('2027-02-16T23:59:00+01:00');
    expect(await cases.passDeadlines()).toBe(0);
    clock.set('2027-02-17T00:01:00+01:00');
    const passes = await Promise.all([cases.passDeadlines(), cases.passDeadlines()]);
    expect(passes.toSorted()).toEqual([0, 1]);
    expect(await stateOf(id)).toMatchObject({ state: 'lapsed', isClosed: true });
  });

  test('lapses by its own deadline: what is late for others neither lapses nor holds up the rest', async () => {
    const transitions = [
      { from: 'registered', to: 'in-review', who: 'office', deadline: 5 },
      { from: 'registered', to: 'withdrawn', who: 'citizen' },
      { from: 'in-review', to: 'to-amend', who: 'office' },
      { from: 'to-amend', to: 'in-review', who: 'citizen', deadline: 5 },
      { from: 'to-amend', to: 'lapsed', who: 'system', deadline: 20 },
    ];
    await forms.publish(OPERATOR, office, formOf({ states: { transitions } }));
    const [late, waiting] = [await handedIn(), await handedIn()];
    for (const to of ['in-review', 'to-amend'])
      await stepTo(on(), staff('agent'), office, waiting, to);
    // The fifth working day has passed, the twentieth has not; 12 February is a feast.
    clock.set('2027-02-20T09:00:00+01:00');
    expect(await cases.passDeadlines()).toBe(0);
    clock.set('2027-03-02T23:00:00+01:00');
    expect(await cases.passDeadlines()).toBe(0);
    clock.set('2027-03-03T00:01:00+01:00');
    expect(await cases.passDeadlines()).toBe(1);
    expect(await stateOf(late)).toMatchObject({ state: 'registered', due: '2027-02-08' });
    expect(await stateOf(waiting)).toMatchObject({ state: 'lapsed' });
    await forms.publish(OPERATOR, office, formOf());
  });

  test('that nobody goes on with is deleted with its key, on its own day', async () => {
    const id = await begin();
    clock.set('2027-02-20T09:00:00+01:00');
    await cases.answer(holder(id), office, id, { 'local.rotul': 'Bar Pi' });
    clock.set('2027-03-22T08:59:00+01:00');
    await cases.discardDrafts();
    expect(await cases.open(holder(id), office, id)).not.toBeNull();
    clock.set('2027-03-22T09:01:00+01:00');
    await cases.discardDrafts();
    expect(await cases.open(holder(id), office, id)).toBeNull();
    const keys = await within(database.kysely, INSTALLATION, (tx) =>
      tx.selectFrom('space_key').selectAll().where('space_id', '=', id).execute(),
    );
    expect(keys).toEqual([]);
  });

  test('that can’t go on, or be deleted, holds up no other, however many there are', async () => {
    /** Makes a hundred more like it, which are due before all others. */
    const likeIt = (id: string) => {
      const same = `office_id, procedure_id, form_id, door, language, state, state_at, level, opened_at, opened_by, changed_at, draft,
        handed_in_at, record, record_hash`;
      return database.asOwner(`insert into case_file (id, reference, lapse_on, discard_at, ${same})
        select gen_random_uuid(), 'stuck' || n, case when discard_at is null then date '2027-01-01' end, discard_at - interval '1 day', ${same}
        from case_file, generate_series(1, 100) n where id = '${id}'`);
    };
    const isLeft = async (id: string) => (await cases.open(holder(id), office, id)) !== null;

    const id = await handedIn();
    // No step of the system leads from there.
    await likeIt(id);
    for (const to of ['in-review', 'to-amend']) await stepTo(on(), staff('agent'), office, id, to);
    clock.set('2027-03-01T09:00:00+01:00');
    expect(await cases.passDeadlines()).toBe(1);
    expect(await stateOf(id)).toMatchObject({ state: 'lapsed' });

    await database.asOwner(`delete from case_file where reference like 'stuck%'`);
    const [draft, other] = [await begin(), await begin()];
    await likeIt(draft);
    await database.asOwner(`create function stuck() returns trigger language plpgsql as 'begin raise exception $$stuck$$; end';
      create trigger stuck before delete on case_file for each row when (old.reference like 'stuck%') execute function stuck()`);
    clock.set('2027-05-01T09:00:00+01:00');
    await expect(cases.discardDrafts()).rejects.toThrow('Some forms could not be deleted');
    expect([await isLeft(draft), await isLeft(other)]).toEqual([false, false]);
    await database.asOwner(`drop trigger stuck on case_file; drop function stuck();
      delete from case_file where reference like 'stuck%'`);
  });

  test('that was handed in is never deleted by that', async () => {
    const id = await handedIn();
    clock.set('2029-01-01T09:00:00+01:00');
    await cases.discardDrafts();
    expect(await cases.open(holder(id), office, id)).not.toBeNull();
  });
});

describe('the link of a case', () => {
  test('opens it, and nothing else; it ends with the draft', async () => {
    const id = await begin();
    const secret = cases.secretOf({ id, link: 0 });
    expect(await cases.bySecret(secret)).toMatchObject({ id, level: 'none', person: null });
    expect(await cases.bySecret(`${secret}x`)).toBeNull();
    expect(await cases.bySecret(cases.secretOf({ id, link: 1 }))).toBeNull();
    expect(await cases.discard(holder(await begin()), office, id)).toBe(false);
    expect(await cases.discard(holder(id), office, id)).toBe(true);
    expect(await cases.bySecret(secret)).toBeNull();
    expect(await cases.discard(holder(id), office, id)).toBe(false);
  });

  test('does not delete what was handed in', async () => {
    const id = await handedIn();
    expect(await cases.discard(holder(id), office, id)).toBe(false);
    expect(await cases.open(holder(id), office, id)).not.toBeNull();
  });

  test('is not enough for what an identified person began, and neither is another person with it', async () => {
    await forms.publish(OPERATOR, office, formOf({ identity: 'substantial' }));
    const id = (await beginAs(holder('', 'substantial')))!;
    const theirs = holder(id, 'substantial');
    await cases.answer(theirs, office, id, { 'local.rotul': 'Bar Pi' });
    for (const viewer of [holder(id), holder(id, 'substantial', amina), holder(id, 'low')]) {
      expect(await cases.open(viewer, office, id)).toBeNull();
      expect(await cases.history(viewer, office, id)).toBeNull();
      const refused = { ok: false, reason: 'not_found' };
      expect(await cases.answer(viewer, office, id, { 'local.rotul': 'x' })).toEqual(refused);
      expect(await cases.handIn(viewer, office, id)).toEqual(refused);
      expect(await cases.discard(viewer, office, id)).toBe(false);
    }
    expect((await cases.open(theirs, office, id))?.draft.answers).toEqual({
      local: { rotul: 'Bar Pi' },
    });
    expect((await cases.handIn(theirs, office, id)).ok).toBe(true);
    expect(await cases.open(holder(id), office, id)).toBeNull();
  });

  test('begins nothing that demands more than the applicant shows', async () => {
    await forms.publish(OPERATOR, office, formOf({ identity: 'substantial' }));
    expect(await beginAs(holder(''))).toBeNull();
    expect(await beginAs(holder('', 'low'))).toBeNull();
    await forms.publish(OPERATOR, office, formOf({ sign: 'session' }));
    expect(await beginAs(holder(''))).toBeNull();
    expect(await beginAs(holder('', 'low'))).not.toBeNull();
  });

  test('a person has their own cases in their scope, and nobody else’s', async () => {
    const id = (await beginAs(holder('', 'low', amina)))!;
    await begin();
    const of = (who: Identified) => cases.ofPerson({ kind: 'person', level: 'low', ...who });
    expect((await of(amina)).map((each) => each.id)).toEqual([id]);
    expect((await of(rosa)).map((each) => each.id)).not.toContain(id);
  });
});

describe('the things of a group', () => {
  const GROUP = {
    steps: [
      {
        id: 'llar',
        questions: [
          {
            id: 'gent',
            type: 'group',
            most: 2,
            questions: [{ id: 'nom', type: 'text' }],
          },
        ],
      },
    ],
  };
  const group = 'llar.gent';

  test('are added up to the most, changed and removed by their key', async () => {
    await forms.publish(OPERATOR, office, formOf(GROUP));
    const id = await begin();
    const change = (more: ItemChange) => cases.answerItem(holder(id), office, id, more);
    const items = async () => itemsOf((await opened(id)).draft.answers, group);
    // Two tabs at once.
    const both = await Promise.all([1, 2].map(() => change({ group, do: 'add' })));
    expect(both.map((each) => each.ok && each.at).toSorted()).toEqual([0, 1]);
    expect(await change({ group, do: 'add' })).toEqual({ ok: false, reason: 'full' });
    const [one, two] = (await items()).map(({ key }) => key) as [string, string];
    await Promise.all([
      change({ group, key: one, set: { nom: 'Rosa', other: 1 } }),
      change({ group, key: two, set: { nom: 'Amina' } }),
    ]);
    expect((await items()).map(({ item }) => item['nom'])).toEqual(['Rosa', 'Amina']);
    expect((await items())[0]?.item).not.toHaveProperty('other');
    expect(await change({ group, key: one, do: 'remove' })).toMatchObject({ ok: true });
    // A tab that still shows the first one as the first changes no other.
    expect(await change({ group, key: one, set: { nom: 'x' } })).toEqual({
      ok: false,
      reason: 'gone',
    });
    expect(await change({ group, key: two, set: { nom: 'Amina B.' } })).toEqual({
      ok: true,
      at: 0,
    });
    expect(await change({ group: 'llar.altres', do: 'add' })).toEqual({
      ok: false,
      reason: 'not_found',
    });
    await cases.handIn(holder(id), office, id);
    expect((await opened(id)).record?.answers).toEqual({ llar: { gent: [{ nom: 'Amina B.' }] } });
  });
});

test('answers that were changed since they were checked are not handed in', async () => {
  const id = await begin();
  await cases.answer(holder(id), office, id, { 'local.rotul': 'Bar Pi' });
  const { version } = (await opened(id)).case;
  await cases.answer(holder(id), office, id, { 'local.taules': 3 });
  expect(await cases.handIn(holder(id), office, id, version)).toEqual({
    ok: false,
    reason: 'changed',
  });
  expect(await cases.handIn(holder(id), office, id, version + 1)).toMatchObject({ ok: true });
});

describe('a case is nobody else’s', () => {
  /** Two agents of the office, and one of another office. */
  const people = () =>
    within(database.kysely, INSTALLATION, async (tx) => {
      const ids: number[] = [];
      for (const of of [office, office, elsewhere]) {
        const { id } = await tx
          .insertInto('staff')
          .values({ email: `${ids.length}@vila.example`, name: 'Pere', user_id: `u${ids.length}` })
          .returning('id')
          .executeTakeFirstOrThrow();
        await tx
          .insertInto('staff_role')
          .values({ staff_id: id, office_id: of.id, role: 'agent' })
          .execute();
        ids.push(id);
      }
      return ids as [number, number, number];
    });

  test('not of the holder of another link, nor of another office', async () => {
    const [mine, other] = [await handedIn(), await handedIn()];
    expect(await cases.open(holder(other), office, mine)).toBeNull();
    const stranger = staff('administrator', 1, elsewhere);
    expect(await cases.open(stranger, elsewhere, mine)).toBeNull();
    expect((await stepTo(on(), stranger, elsewhere, mine, 'in-review')).ok).toBe(false);
    const answer = await cases.answer(holder(other), office, mine, { 'local.rotul': 'x' });
    expect(answer).toEqual({ ok: false, reason: 'not_found' });
    expect(await cases.history(holder(other), office, mine)).toBeNull();
  });

  test('once a colleague handles it, an agent sees it no more, and those who coordinate do', async () => {
    const id = await handedIn();
    const [one, two, stranger] = await people();
    const give = async (viewer: StaffViewer, of: string, assignee: number) => {
      const seen = seenOf((await cases.open(viewer, office, of))!.case);
      return working.give(viewer, office, of, { assignee, seen });
    };
    expect(await give(staff('agent', one), id, two)).toMatchObject({ ok: false });
    const coordinator = staff('coordinator', one);
    expect(await give(coordinator, id, stranger)).toMatchObject({ ok: false });
    expect(await give(coordinator, id, two)).toEqual({ ok: true });
    expect(await cases.open(staff('agent', one), office, id)).toBeNull();
    expect(await cases.open(staff('agent', two), office, id)).not.toBeNull();
    expect(await cases.open(coordinator, office, id)).not.toBeNull();
  });
});
