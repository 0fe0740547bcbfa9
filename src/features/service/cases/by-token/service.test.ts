import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SCOPES, type Scope } from '../../../../domain/scopes.ts';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import type { ApplicantViewer, TokenViewer } from '../../../../lib/viewer.ts';
import { identifySomebody } from '../../../foundation/identification/testing.ts';
import {
  handedInTo,
  holderOf,
  officialOf,
  openCases,
  sampleForm,
  type TestCases,
  testMeans,
} from '../testing.ts';
import { type CasesByToken, createCasesByToken } from './service.ts';

const clock = handClock('2027-02-01T09:00:00+01:00');
let database: TestDatabase;
let on: TestCases;
let byToken: CasesByToken;

beforeAll(async () => {
  database = await testDatabase();
  on = await openCases(database, clock);
  byToken = createCasesByToken(on, testMeans);
});
afterAll(() => database.close());
beforeEach(() => on.publish(sampleForm()));

const token = (scopes: readonly Scope[] = SCOPES, id = 1, office = on.office): TokenViewer => ({
  kind: 'token',
  token: id,
  office: office.id,
  scopes: new Set(scopes),
});
const request = (answers = {}) => ({ procedure: 'volant-padro', language: 'ca', answers }) as const;
const NAMED = { qui: { nom: 'Rosa Soler' } };

async function begun(answers: object = NAMED, viewer = token()): Promise<string> {
  const done = await byToken.begin(viewer, on.office, request(answers), {});
  if (!done.ok) throw new Error(done.reason);
  return done.made.id;
}

const trail = (id: string) =>
  within(on.db, on.office.id, async (tx) => {
    const rows = await tx
      .selectFrom('audit')
      .select(['action', 'actor', 'data'])
      .orderBy('id')
      .execute();
    return rows.filter(({ data }) => (data as { case?: string }).case === id);
  });

const somebody = async (id: string): Promise<ApplicantViewer> => ({
  ...holderOf(id),
  identified: await identifySomebody(on.db, on.key, clock.now()),
});

describe('a case that a token begins', () => {
  test('is a draft whose answers say whose hand they are of, without their values on the trail', async () => {
    const id = await begun();
    const opened = await on.cases.open(holderOf(id), on.office, id);
    expect(opened?.case).toMatchObject({ state: 'draft', openedBy: 'token:1', door: 'online' });
    expect(opened?.draft.hands['qui.nom']?.by).toBe('token:1');
    const said = await trail(id);
    expect(said.map(({ action, actor }) => [action, actor])).toEqual([
      ['case_opened', 'token:1'],
      ['case_answered', 'token:1'],
    ]);
    expect(JSON.stringify(said)).not.toContain('Rosa');
  });

  test('is begun once by the same keys, also at once, and never with other content', async () => {
    const keys = { externalId: randomUUID(), idempotencyKey: randomUUID() };
    const ask = (answers: object, more: object = {}) =>
      byToken.begin(token(), on.office, request(answers), { ...keys, ...more });
    const both = await Promise.all([ask(NAMED), ask(NAMED)]);
    const ids = new Set(both.map((each) => each.ok && each.made.id));
    expect([ids.size, both.map((each) => each.ok && each.created).sort()]).toEqual([
      1,
      [false, true],
    ]);
    expect(await ask({})).toMatchObject({ reason: 'conflict' });
    expect(await ask({}, { idempotencyKey: undefined })).toMatchObject({ reason: 'conflict' });
    const kept = await within(on.db, on.office.id, (tx) =>
      tx.selectFrom('case_external').selectAll().execute(),
    );
    expect(JSON.stringify(kept)).not.toContain('Rosa');
  });

  test('is answered again to the token that began it, or may read cases; each time is recorded', async () => {
    const keys = { externalId: randomUUID() };
    const again = (viewer: TokenViewer) => byToken.begin(viewer, on.office, request(NAMED), keys);
    const first = await again(token(['cases:write']));
    const id = first.ok ? first.made.id : '';
    await on.cases.handIn(holderOf(id), on.office, id);
    expect(await again(token(['cases:write'], 2))).toMatchObject({ reason: 'conflict' });
    for (const viewer of [token(['cases:write']), token(['cases:write', 'cases:read'], 2)])
      expect(await again(viewer)).toMatchObject({ made: { id, state: 'registered' } });
    const looks = (await trail(id)).filter(({ action }) => action === 'case_read');
    expect(looks.map(({ actor }) => actor)).toEqual(['token:1', 'token:2']);
  });

  test('is listed on the trail by its id, never by that of the other system', async () => {
    const externalId = '12345678Z';
    const made = await byToken.begin(token(), on.office, request(NAMED), { externalId });
    const id = made.ok ? made.made.id : '';
    await on.cases.handIn(holderOf(id), on.office, id);
    const found = await byToken.list(token(), on.office, { externalId }, { most: 2 });
    expect(found.map((each) => each.id)).toEqual([id]);
    const listed = await within(on.db, on.office.id, (tx) =>
      tx.selectFrom('audit').select('data').where('action', '=', 'cases_listed').execute(),
    );
    expect(listed.at(-1)?.data).toEqual({ cases: [id] });
    expect(JSON.stringify(listed)).not.toContain(externalId);
  });

  test('has no answers that the form lacks, that are wrong, or that only the person gives', async () => {
    const more = {
      steps: [
        ...sampleForm().steps,
        { id: 'papers', questions: [{ id: 'dni', type: 'file', label: { ca: 'DNI' } }] },
      ],
    };
    await on.publish(sampleForm(more));
    const answers = {
      qui: { nom: 7, correu: 'no', edat: 3 },
      papers: { dni: [] },
      declarations: { veritat: true },
    };
    const done = await byToken.begin(token(), on.office, request(answers), {});
    expect(done).toMatchObject({
      reason: 'invalid',
      unknown: ['qui.edat'],
      theirs: ['papers.dni', 'declarations.veritat'],
    });
    const names = !done.ok && done.reason === 'invalid' && done.mistakes.map(({ name }) => name);
    expect(names).toEqual(['qui.nom', 'qui.correu']);
  });

  test('is judged within the things of a group as elsewhere, and takes no keys of the sender', async () => {
    const questions = [
      { id: 'document', type: 'file', label: { ca: 'Factura' } },
      { id: 'import', type: 'integer', required: true, label: { ca: 'Import' } },
      { id: 'qui', type: 'text', required: true, label: { ca: 'Qui' } },
    ];
    const group = { id: 'factures', type: 'group', label: { ca: 'Factures' }, questions };
    const step = { id: 'ajut', questions: [group] };
    await on.publish(sampleForm({ steps: [...sampleForm().steps, step] }));
    const file = { document: randomUUID(), name: 'f.pdf', kind: 'pdf', bytes: 9 };
    const begin = (...factures: object[]) =>
      byToken.begin(token(), on.office, request({ ajut: { factures } }), {});
    const done = await begin(
      { import: 3 },
      { document: [{ ...file, sha256: 'a'.repeat(64) }], import: 'abc', preu: 3 },
    );
    expect(done).toMatchObject({
      reason: 'invalid',
      unknown: ['ajut.factures.1.preu'],
      theirs: ['ajut.factures.1.document'],
      mistakes: [{ path: ['ajut', 'factures', 1, 'import'] }],
    });
    const right = await begin({ $key: 'a', import: 3 }, { $key: 'a', import: 4 });
    const id = right.ok ? right.made.id : '';
    const opened = await on.cases.open(holderOf(id), on.office, id);
    expect(opened?.draft.answers).toEqual({ ajut: { factures: [{ import: 3 }, { import: 4 }] } });
  });

  test('needs a form, and an identity where it has a fee', async () => {
    const of = (procedure: string) =>
      byToken.begin(token(), on.office, { ...request(), procedure }, {});
    expect(await of('res')).toMatchObject({ reason: 'unknown_procedure' });
    await on.publish(sampleForm({ fee: 5 }));
    expect(await of('volant-padro')).toMatchObject({ reason: 'not_this_way' });
    await on.publish(sampleForm({ fee: 5, identity: 'low' }));
    expect(await of('volant-padro')).toMatchObject({ ok: true });
  });

  test('needs a form that can be finished today', async () => {
    const of = (means: object) =>
      createCasesByToken(on, { ...testMeans, ...means }).begin(token(), on.office, request(), {});
    const none = { signatures: { ways: async () => [] }, payments: { isOpen: async () => false } };
    await on.publish(sampleForm({ sign: 'valid' }));
    expect(await of(none)).toMatchObject({ reason: 'not_offered' });
    expect(await of({})).toMatchObject({ ok: true });
    await on.publish(sampleForm({ identity: 'low', fee: 5 }));
    expect(await of(none)).toMatchObject({ reason: 'not_offered' });
    await on.publish(sampleForm({ identity: 'low', fee: 0 }));
    expect(await of(none)).toMatchObject({ ok: true });
    const identification = { offered: async () => [] };
    expect(await of({ identification })).toMatchObject({ reason: 'not_offered' });
  });

  test('is handed in by the person alone', async () => {
    const id = await begun();
    const holder = { ...token(), case: id, identified: null } as unknown as ApplicantViewer;
    expect(await on.cases.handIn(holder, on.office, id)).toMatchObject({ reason: 'not_found' });
    expect(await on.cases.open(token(), on.office, id)).toBeNull();
    expect(await on.cases.answer(token(), on.office, id, { 'qui.nom': 'X' })).toMatchObject({
      reason: 'not_found',
    });
    expect(await on.cases.handIn(holderOf(id), on.office, id)).toMatchObject({ ok: true });
  });
});

describe('what asks for an identity', () => {
  beforeEach(() => on.publish(sampleForm({ identity: 'low' })));

  test('opens to nobody until somebody makes it theirs, and then to them alone', async () => {
    const id = await begun();
    expect(await on.cases.open(holderOf(id), on.office, id)).toBeNull();
    const rosa = await somebody(id);
    expect(await on.cases.open(rosa, on.office, id)).toBeNull();
    expect(await on.cases.claim(holderOf(id), on.office, id)).toBe(false);
    expect(await on.cases.claim({ ...rosa, case: randomUUID() }, on.office, id)).toBe(false);
    expect(await on.cases.claim(rosa, on.office, id)).toBe(true);
    expect(await on.cases.claim(rosa, on.office, id)).toBe(true);
    expect((await on.cases.open(rosa, on.office, id))?.draft.answers).toEqual(NAMED);
    expect(await on.cases.claim(await somebody(id), on.office, id)).toBe(false);
    expect(await byToken.giveLink(token(), on.office, id)).toBeNull();
    expect(await on.cases.handIn(rosa, on.office, id)).toMatchObject({ ok: true });
  });

  test('is not made theirs by somebody of a lower level', async () => {
    await on.publish(sampleForm({ identity: 'high' }));
    const id = await begun();
    expect(await on.cases.claim(await somebody(id), on.office, id)).toBe(false);
  });
});

describe('the link', () => {
  test('is for the token that began the draft, with the scope, and on the trail', async () => {
    const id = await begun();
    const without = token(SCOPES.filter((each) => each !== 'contacts:write'));
    expect(await byToken.giveLink(without, on.office, id)).toBeNull();
    expect(await byToken.giveLink(token(SCOPES, 2), on.office, id)).toBeNull();
    const secret = (await byToken.giveLink(token(), on.office, id))!;
    expect((await on.cases.bySecret(secret))?.id).toBe(id);
    expect((await trail(id)).map(({ action }) => action)).toContain('case_link_given');
    await on.cases.handIn(holderOf(id), on.office, id);
    expect(await byToken.giveLink(token(), on.office, id)).toBeNull();
  });

  test('is not for what people began', async () => {
    const id = await handedInTo(on, on.office);
    expect(await byToken.giveLink(token(), on.office, id)).toBeNull();
  });
});

describe('where a case stands', () => {
  test('is for tokens of its office; a person’s draft is nobody’s', async () => {
    const id = await handedInTo(on, on.office);
    const found = await byToken.find(token(), on.office, id);
    expect(found).toMatchObject({ state: 'registered', steps: ['in-review'], externalId: null });
    expect(found?.number).toMatch(/^E2027/);
    const elsewhere = token(SCOPES, 1, on.elsewhere);
    expect(await byToken.find(elsewhere, on.elsewhere, id)).toBeNull();
    expect(await byToken.find(elsewhere, on.office, id)).toBeNull();
    const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
    const own = (await on.cases.begin(holderOf(''), on.office, what))!;
    expect(await byToken.find(token(), on.office, own)).toBeNull();
    expect(await byToken.find(token(), on.office, 'x')).toBeNull();
  });

  test('has answers only with the scope, and each look is on the trail', async () => {
    const id = await handedInTo(on, on.office);
    const without = token(['cases:read', 'cases:write', 'appointments:read']);
    expect(await byToken.answers(without, on.office, id)).toBeNull();
    expect((await trail(id)).map(({ action }) => action)).not.toContain('case_answers_read');
    const said = await byToken.answers(token(['answers:read']), on.office, id);
    expect(said).toMatchObject({
      answers: { qui: { nom: 'Rosa Soler' } },
      applicant: { name: 'Rosa Soler', masked: null },
    });
    expect((await trail(id)).map(({ action }) => action)).toContain('case_answers_read');
    expect(await byToken.answers(token(), on.office, await begun())).toBeNull();
  });

  test('is listed in the order in which they were handed in, page by page', async () => {
    await on.publish(sampleForm({ identity: 'none' }));
    clock.set('2027-03-01T09:00:00+01:00');
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      ids.push(await handedInTo(on, on.office));
      clock.advance({ hours: 12 });
    }
    const day = (text: string) => Temporal.PlainDate.from(text);
    const filter = { from: day('2027-03-01'), to: day('2027-03-02') };
    const first = await byToken.list(token(), on.office, filter, { most: 2 });
    expect(first.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const { handedInAt, id } = first[1]!;
    const after = { start: handedInAt!.toString(), id };
    const rest = await byToken.list(token(), on.office, filter, { after, most: 2 });
    expect(rest.map((each) => each.id)).toEqual(ids.slice(2));
    const none = await byToken.list(
      token(),
      on.office,
      { ...filter, state: 'granted' },
      { most: 9 },
    );
    expect(none).toEqual([]);
    clock.set('2027-04-01T09:00:00+01:00');
  });
});

describe('a step', () => {
  test('is one of the office’s plain steps, from the state that the token saw', async () => {
    const id = await handedInTo(on, on.office);
    const move = (from: string, to: string, viewer = token()) =>
      byToken.move(viewer, on.office, id, { from, to });
    expect(await move('registered', 'withdrawn')).toMatchObject({ reason: 'not_allowed' });
    expect(await move('in-review', 'granted')).toMatchObject({ reason: 'changed' });
    expect(await move('registered', 'in-review', token(SCOPES, 1, on.elsewhere))).toMatchObject({
      reason: 'not_found',
    });
    const done = await move('registered', 'in-review');
    expect(done).toMatchObject({ ok: true, moved: { state: 'in-review', steps: [] } });
    expect(await move('registered', 'in-review')).toMatchObject({ reason: 'changed' });
    for (const to of ['granted', 'refused', 'to-amend', 'withdrawn', 'registered'])
      expect(await move('in-review', to)).toMatchObject({ reason: 'not_allowed' });
    expect((await trail(id)).at(-1)).toMatchObject({ action: 'case_moved', actor: 'token:1' });
  });

  test('is seen by officials, and opens to them as it is', async () => {
    const id = await handedInTo(on, on.office);
    await byToken.move(token(), on.office, id, { from: 'registered', to: 'in-review' });
    const official = await officialOf(on, on.office, 'coordinator');
    expect((await on.cases.open(official, on.office, id))?.case.state).toBe('in-review');
  });

  test('never closes a case, by whatever name', async () => {
    const states = {
      start: 'registered',
      names: { noted: { ca: 'Anotat' }, visit: { ca: 'Visita' } },
      transitions: [
        { from: 'registered', to: 'visit', who: 'office' },
        { from: 'visit', to: 'noted', who: 'office' },
        { from: 'visit', to: 'registered', who: 'habilitated' },
      ],
    };
    await on.publish(sampleForm({ states }));
    const id = await handedInTo(on, on.office);
    const found = await byToken.find(token(), on.office, id);
    expect(found?.steps).toEqual(['visit']);
    await byToken.move(token(), on.office, id, { from: 'registered', to: 'visit' });
    for (const to of ['noted', 'registered'])
      expect(await byToken.move(token(), on.office, id, { from: 'visit', to })).toMatchObject({
        reason: 'not_allowed',
      });
  });
});
