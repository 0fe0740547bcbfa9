import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Form, formSchema } from '../../../../domain/form/schema.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { memoryBlobs } from '../../../../lib/blobs/testing/memory.ts';
import { handClock } from '../../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { purposeKey } from '../../../../lib/secrets.ts';
import type { ApplicantViewer, StaffViewer } from '../../../../lib/viewer.ts';
import { testUnit } from '../../../foundation/audit/testing.ts';
import { createForms, type Forms } from '../../../foundation/forms/service.ts';
import { keepIdentification, recognise } from '../../../foundation/identification/persons.ts';
import { identifiedAs } from '../../../foundation/identification/testing.ts';
import { createOffices } from '../../../foundation/offices/service.ts';
import { testOffice } from '../../../foundation/offices/testing.ts';
import { createRegistry } from '../../../foundation/registry/service.ts';
import type { Documents } from '../../documents/service.ts';
import { testCasePapers, testDocuments } from '../../documents/testing.ts';
import { itemsOf, seenOf } from '../rules.ts';
import { type Cases, createCases, paperNews } from '../service.ts';
import { identificationFor, stepTo, testOfficials } from '../testing.ts';
import type { PaperAt } from './types.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
const OPERATOR = { kind: 'system', why: 'operator' } as const;
const blobs = memoryBlobs();
let database: TestDatabase;
const on = () => ({ db: database.kysely, clock });
let office: Office;
let forms: Forms;
let cases: Cases;
let documents: Documents;
let rosa: NonNullable<ApplicantViewer['identified']>;

const PLAN: PaperAt = { question: 'local.planol' };
const PHOTOS: PaperAt = { question: 'local.fotos' };

const form: Form = formSchema.parse({
  procedure: 'volant-padro',
  steps: [
    {
      id: 'local',
      questions: [
        { id: 'correu', type: 'email', label: { ca: 'Correu' }, from: 'contact.email' },
        { id: 'planol', type: 'file', label: { ca: 'Plànol' }, megabytes: 1 },
        { id: 'fotos', type: 'file', label: { ca: 'Fotos' }, most: 3, accept: ['png', 'pdf'] },
        {
          id: 'gent',
          type: 'group',
          label: { ca: 'Gent' },
          questions: [
            { id: 'nom', type: 'text', label: { ca: 'Nom' } },
            { id: 'dni', type: 'file', label: { ca: 'DNI' } },
          ],
        },
      ],
    },
  ],
});

beforeAll(async () => {
  database = await testDatabase();
  const db = database.kysely;
  const offices = createOffices(db);
  const settings = { uploads: { fileMegabytes: 5, files: 5, totalMegabytes: 5 } };
  office = await offices.byId(await testOffice(db, { settings }));
  const unit = testUnit(db, clock);
  const key = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]);
  forms = createForms({ db, unit });
  const registry = createRegistry({ db, clock, unit });
  const { keyring, papers } = testCasePapers(database, clock, blobs);
  documents = testDocuments(database, clock, blobs, { ofCase: paperNews({ keyring, forms }) });
  const identification = identificationFor(db, clock, key);
  cases = createCases({
    ...{ db, clock, unit, offices, forms, registry, key, keyring, papers },
    identification,
    officials: testOfficials,
  });
  rosa = await within(db, INSTALLATION, async (tx) => {
    const said = identifiedAs('12345678Z');
    const person = await recognise(tx, key, said, clock.now());
    const by = {
      ...({ provider: 'demo', kind: 'demo', level: 'substantial', purpose: 'session' } as const),
      transaction: null,
    };
    const { id } = await keepIdentification(tx, person, by, said, clock.now());
    return { person: person.person, identification: id, level: 'substantial' };
  });
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set(MORNING);
  blobs.all.clear();
  await forms.publish(OPERATOR, office, form);
});

const holder = (id: string, identified: ApplicantViewer['identified'] = null): ApplicantViewer => ({
  kind: 'applicant',
  case: id,
  identified,
});
const staff = (id = 1): StaffViewer => ({
  ...({ kind: 'staff', staff: id, name: 'Núria', role: 'agent', desk: null } as const),
  office: office.id,
});
const begin = async (viewer = holder('')) =>
  (await cases.begin(viewer, office, {
    procedure: 'volant-padro',
    door: 'online',
    language: 'ca',
  }))!;

const pdf = (bytes = 200_000) => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(bytes)]);
const add = (id: string, at: PaperAt, name: string, bytes = pdf()) =>
  cases.addPaper(holder(id), office, id, at, { name, type: 'application/pdf', bytes });
const opened = async (id: string) => (await cases.open(holder(id), office, id))!;
const answered = async (id: string) =>
  (await opened(id)).draft.answers['local'] as Record<string, { document: string }[]>;
const rowsOf = (id: string) =>
  within(database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('document').selectAll().where('case_id', '=', id).execute(),
  );
const onTrail = (action: string) =>
  within(database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('audit').select(['actor', 'data']).where('action', '=', action).execute(),
  );

describe('a paper', () => {
  test('is sealed, listed, checked, and named by its hash in the answers', async () => {
    const id = await begin();
    const bytes = pdf();
    expect(await add(id, PLAN, 'C:\\plànol.pdf', bytes)).toEqual({ ok: true });
    const { papers } = await opened(id);
    expect(papers).toMatchObject([{ name: 'plànol.pdf', state: 'checking', size: bytes.length }]);
    expect((await answered(id))['planol']).toEqual([
      {
        document: papers[0]?.id,
        name: 'plànol.pdf',
        kind: 'pdf',
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
    ]);
    for (const blob of blobs.all.values()) expect(blob.includes(bytes.subarray(0, 64))).toBe(false);
    await documents.pass();
    expect((await opened(id)).papers).toMatchObject([{ state: 'clean', type: 'application/pdf' }]);
  });

  test.each([
    ['of another kind', PLAN, 'a.pdf', Buffer.from('GIF89a'), 'form.error.fileKind'],
    [
      'named as another kind',
      PHOTOS,
      'a.png',
      Buffer.from('\xff\xd8\xff', 'latin1'),
      'form.error.fileKind',
    ],
    ['too large', PLAN, 'a.pdf', pdf(1_000_000), 'form.error.fileLarge'],
  ])(
    '%s is refused with the words for it, and nothing of it stays',
    async (_, at, name, bytes, key) => {
      const id = await begin();
      expect(await add(id, at, name, bytes)).toMatchObject({ reason: 'invalid', slips: [{ key }] });
      expect(await rowsOf(id)).toEqual([]);
      expect(blobs.all.size).toBe(0);
    },
  );

  test('that is empty, one too many, or more than the case may have is refused', async () => {
    const id = await begin();
    expect(await add(id, PLAN, 'a.pdf', Buffer.alloc(0))).toEqual({ ok: false, reason: 'empty' });
    await add(id, PLAN, 'a.pdf');
    const many = { reason: 'invalid', slips: [{ key: 'form.error.manyFiles' }] };
    expect(await add(id, PLAN, 'b.pdf')).toMatchObject(many);
    await add(id, PHOTOS, 'c.pdf', pdf(4_000_000));
    expect(await add(id, PHOTOS, 'd.pdf', pdf(1_000_000))).toEqual({ ok: false, reason: 'full' });
    expect(await add(id, { question: 'local.nom' }, 'e.pdf')).toMatchObject({ ok: false });
  });

  test('that no answer names leaves its room after some minutes, and no other does', async () => {
    const id = await begin();
    const of = holder(id);
    await cases.answerItem(of, office, id, { group: 'local.gent', do: 'add' });
    const [item] = itemsOf((await opened(id)).draft.answers, 'local.gent');
    await add(id, { question: 'local.gent.dni', item: item!.key }, 'dni.pdf', pdf(4_000_000));
    await add(id, PLAN, 'a.pdf');
    await cases.answerItem(of, office, id, { group: 'local.gent', key: item!.key, do: 'remove' });
    expect(await add(id, PHOTOS, 'b.pdf', pdf(4_000_000))).toEqual({ ok: false, reason: 'full' });
    clock.advance({ minutes: 5 });
    expect(await add(id, PHOTOS, 'b.pdf', pdf(4_000_000))).toEqual({ ok: true });
    const { planol, fotos } = await answered(id);
    const kept = [planol![0]!.document, fotos![0]!.document];
    expect((await rowsOf(id)).map((each) => each.id).sort()).toEqual(kept.sort());
  });

  test('of two that are added at once for one place, one stays', async () => {
    const id = await begin();
    const both = await Promise.all([add(id, PLAN, 'a.pdf'), add(id, PLAN, 'b.pdf')]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await rowsOf(id)).toHaveLength(1);
    expect((await answered(id))['planol']).toHaveLength(1);
  });

  test('answers a question of one thing of a group', async () => {
    const id = await begin();
    const of = holder(id);
    await cases.answerItem(of, office, id, { group: 'local.gent', do: 'add' });
    const [item] = itemsOf((await opened(id)).draft.answers, 'local.gent');
    const at = { question: 'local.gent.dni', item: item?.key ?? '' };
    expect(await add(id, at, 'dni.pdf')).toEqual({ ok: true });
    await cases.answerItem(of, office, id, {
      group: 'local.gent',
      key: item!.key,
      set: { nom: 'Rosa' },
    });
    const [now] = itemsOf((await opened(id)).draft.answers, 'local.gent');
    expect(now?.item).toMatchObject({ nom: 'Rosa', dni: [{ name: 'dni.pdf' }] });
    expect(await add(id, { ...at, item: 'other' }, 'dni.pdf')).toEqual({
      ok: false,
      reason: 'gone',
    });
    await cases.answerItem(of, office, id, { group: 'local.gent', key: item!.key, do: 'remove' });
    await cases.handIn(of, office, id);
    expect(await rowsOf(id)).toEqual([]);
  });

  test('is taken out and destroyed, where it is and nowhere else', async () => {
    const id = await begin();
    await add(id, PLAN, 'a.pdf');
    const document = (await answered(id))['planol']![0]!.document;
    const take = (at: PaperAt, viewer = holder(id)) =>
      cases.removePaper(viewer, office, id, at, document);
    expect(await take(PHOTOS)).toEqual({ ok: false, reason: 'gone' });
    expect(await take(PLAN, holder(await begin()))).toEqual({ ok: false, reason: 'not_found' });
    expect(await take(PLAN)).toEqual({ ok: true });
    expect(await take(PLAN)).toEqual({ ok: false, reason: 'gone' });
    expect(await rowsOf(id)).toEqual([]);
    expect(blobs.all.size).toBe(0);
    expect((await answered(id))['planol']).toBeUndefined();
  });

  test('comes into an answer by its bytes alone', async () => {
    const [mine, other] = [await begin(), await begin()];
    await add(other, PLAN, 'a.pdf');
    const stolen = (await answered(other))['planol'];
    await cases.answer(holder(mine), office, mine, { 'local.planol': stolen });
    await cases.answer(holder(mine), office, mine, {
      'local.gent': [{ nom: 'Rosa', dni: stolen }],
    });
    expect(await answered(mine)).toEqual({ planol: [], gent: [{ nom: 'Rosa', dni: [] }] });
  });
});

describe('a paper is opened', () => {
  test('by the staff who handle the case, each time on the trail, and once it was checked', async () => {
    const id = await begin();
    const bytes = pdf();
    await add(id, PLAN, 'a.pdf', bytes);
    await cases.handIn(holder(id), office, id);
    const { id: document } = (await opened(id)).papers[0]!;
    expect(await cases.openPaper(staff(), office, id, document)).toBeNull();
    await documents.pass();
    await cases.handIn(holder(id), office, id);
    const paper = await cases.openPaper(staff(7), office, id, document);
    const read: Buffer[] = [];
    for await (const part of paper!.read()) read.push(part);
    expect(Buffer.concat(read).equals(bytes)).toBe(true);
    const looks = (await onTrail('document_opened')).filter(({ data }) => data['case'] === id);
    expect(looks).toMatchObject([{ actor: 'staff:7', data: { document } }]);
    const elsewhere = { ...staff(), office: office.id + 1 };
    expect(await cases.openPaper(elsewhere, office, id, document)).toBeNull();
    const other = await begin();
    await cases.handIn(holder(other), office, other);
    expect(await cases.openPaper(staff(), office, other, document)).toBeNull();
  });

  test('by no staff while it is in a draft, though it was checked', async () => {
    const id = await begin();
    await add(id, PLAN, 'a.pdf');
    await documents.pass();
    const [paper] = (await opened(id)).papers;
    expect(paper?.state).toBe('clean');
    for (const viewer of [staff(), { ...staff(), role: 'coordinator' as const }])
      expect(await cases.openPaper(viewer, office, id, paper!.id)).toBeNull();
    const looks = await onTrail('document_opened');
    expect(looks.filter(({ data }) => data['case'] === id)).toEqual([]);
  });

  test('by the identified person whose it is, and not by a link', async () => {
    const own = await begin(holder('', rosa));
    const at = { name: 'a.pdf', type: '', bytes: pdf() };
    await cases.addPaper(holder(own, rosa), office, own, PLAN, at);
    await documents.pass();
    const { papers } = (await cases.open(holder(own, rosa), office, own))!;
    const document = papers[0]!.id;
    expect(await cases.openPaper(holder(own, rosa), office, own, document)).not.toBeNull();
    expect(await cases.openPaper(holder(own), office, own, document)).toBeNull();
    expect(await cases.openPaper(holder(own, rosa), office, own, 'abc')).toBeNull();
    const anybodys = await begin();
    await add(anybodys, PLAN, 'a.pdf');
    await documents.pass();
    const theirs = (await opened(anybodys)).papers[0]!.id;
    // Whoever identifies with the link of what nobody identified for is anybody, before and after it was handed in.
    for (const viewer of [holder(anybodys), holder(anybodys, rosa)])
      expect(await cases.openPaper(viewer, office, anybodys, theirs)).toBeNull();
    await cases.handIn(holder(anybodys, rosa), office, anybodys);
    expect(await cases.openPaper(holder(anybodys, rosa), office, anybodys, theirs)).toBeNull();
  });
});

describe('handing in', () => {
  const handIn = (id: string) => cases.handIn(holder(id), office, id);

  test('waits for a check, and not for longer than two minutes', async () => {
    const id = await begin();
    await add(id, PLAN, 'a.pdf');
    expect(await handIn(id)).toEqual({ ok: false, reason: 'checking', name: 'a.pdf' });
    clock.advance({ seconds: 119 });
    expect(await handIn(id)).toMatchObject({ reason: 'checking' });
    clock.advance({ seconds: 1 });
    expect(await handIn(id)).toMatchObject({ ok: true });
  });

  test('does not wait for an antivirus that is away, nor for a person who must look', async () => {
    const id = await begin();
    await add(id, PLAN, 'away.pdf');
    await add(id, PHOTOS, 'locked.pdf');
    await documents.pass();
    expect(await handIn(id)).toMatchObject({ ok: true });
  });

  test.each(['virus.pdf', 'odd.pdf'])('refuses what its check has refused: %s', async (name) => {
    const id = await begin();
    await add(id, PHOTOS, name);
    await documents.pass();
    expect(await handIn(id)).toMatchObject({
      reason: 'invalid',
      mistakes: [{ name: 'local.fotos', key: 'case.paper.refused', values: { name } }],
    });
  });

  test('names each paper with its hash in the record, keeps those, and takes no more', async () => {
    const id = await begin();
    const bytes = pdf();
    await add(id, PLAN, 'a.pdf', bytes);
    await documents.pass();
    expect(await handIn(id)).toMatchObject({ ok: true });
    const { record, papers } = await opened(id);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(record?.answers).toMatchObject({ local: { planol: [{ name: 'a.pdf', sha256 }] } });
    expect(papers).toMatchObject([{ state: 'clean' }]);
    expect(await add(id, PHOTOS, 'b.pdf')).toEqual({ ok: false, reason: 'handed_in' });
    const document = papers[0]!.id;
    expect(await cases.removePaper(holder(id), office, id, PLAN, document)).toMatchObject({
      reason: 'handed_in',
    });
  });
});

test('a draft is deleted with its papers, their keys and their bytes', async () => {
  const id = await begin();
  await add(id, PLAN, 'a.pdf');
  expect(await cases.discard(holder(id), office, id)).toBe(true);
  expect(await rowsOf(id)).toEqual([]);
  expect(blobs.all.size).toBe(0);
  const late = await begin();
  await add(late, PLAN, 'a.pdf');
  clock.advance({ hours: 24 * 31 });
  await cases.discardDrafts();
  expect(await rowsOf(late)).toEqual([]);
});

test('a draft whose fee is paid takes no paper, loses none, and is not deleted', async () => {
  const id = await begin();
  await add(id, PLAN, 'a.pdf');
  const document = (await answered(id))['planol']![0]!.document;
  await pay(id);
  expect(await add(id, PHOTOS, 'b.pdf')).toEqual({ ok: false, reason: 'handed_in' });
  const removed = await cases.removePaper(holder(id), office, id, PLAN, document);
  expect(removed).toEqual({ ok: false, reason: 'handed_in' });
  expect(await cases.discard(holder(id), office, id)).toBe(false);
  expect(await rowsOf(id)).toMatchObject([{ id: document, state: 'checking' }]);
});

/** Notes that the fee of a draft is paid. */
const pay = (id: string) =>
  within(database.kysely, INSTALLATION, async (tx) => {
    const { reference, procedure_id, version } = await tx
      .selectFrom('case_file')
      .select(['reference', 'procedure_id', 'version'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const at = clock.now().toString();
    await tx
      .insertInto('payment')
      .values({
        ...{ id: crypto.randomUUID(), office_id: office.id, case_id: id, reference, procedure_id },
        ...{ order_number: `2702${id.slice(0, 8)}`, cents: 100, version, state: 'paid' },
        ...{ begun_at: at, begun_by: 'citizen', decided_at: at },
      })
      .execute();
  });

describe('amending with papers', () => {
  const coordinator = (): StaffViewer => ({ ...staff(), role: 'coordinator' });
  const amend = (id: string) => cases.amend(holder(id), office, id);
  const open = (id: string, document: string, viewer: StaffViewer = coordinator()) =>
    cases.openPaper(viewer, office, id, document);
  const named = async (id: string) =>
    ((await cases.open(coordinator(), office, id))!.draft.answers['local'] as Answers)['planol'];
  type Answers = Record<string, { document: string; name: string }[]>;
  const corrected = async (id: string) =>
    ((await opened(id)).corrections!.answers['local'] as Answers)['planol']![0]!.document;

  /** A case that was handed in with a plan and a photo, of which the plan is asked for again. */
  async function asked(): Promise<{ id: string; plan: string; photo: string }> {
    const id = await begin();
    await add(id, PLAN, 'a.pdf');
    await add(id, PHOTOS, 'c.pdf');
    await documents.pass();
    expect(await cases.handIn(holder(id), office, id)).toMatchObject({ ok: true });
    await stepTo(on(), coordinator(), office, id, 'in-review');
    await askAgain(id);
    const { planol, fotos } = await answered(id);
    return { id, plan: planol![0]!.document, photo: fotos![0]!.document };
  }
  async function askAgain(id: string) {
    const seen = seenOf((await opened(id)).case);
    const points = [{ question: 'local.planol', text: 'No es llegeix.' }];
    expect(await cases.askToAmend(coordinator(), office, id, { points, seen })).toMatchObject({
      ok: true,
    });
  }

  test('takes another one in place of what was handed in, which stays with what it was handed in with', async () => {
    const { id, plan } = await asked();
    expect(await cases.removePaper(holder(id), office, id, PLAN, plan)).toEqual({ ok: true });
    expect(await add(id, PLAN, 'b.pdf')).toEqual({ ok: true });
    const added = await corrected(id);
    await documents.pass();
    // The office sees and opens what was handed in, and nothing else.
    expect(
      (await cases.open(coordinator(), office, id))!.papers.map((each) => each.id),
    ).not.toContain(added);
    expect(await open(id, added)).toBeNull();
    expect(await open(id, plan)).not.toBeNull();
    expect(await amend(id)).toMatchObject({ ok: true });
    expect(await named(id)).toMatchObject([{ document: added, name: 'b.pdf' }]);
    for (const document of [plan, added]) expect(await open(id, document)).not.toBeNull();
    // The same again: nothing that was ever handed in goes.
    await askAgain(id);
    await cases.removePaper(holder(id), office, id, PLAN, added);
    await add(id, PLAN, 'd.pdf');
    await documents.pass();
    expect(await amend(id)).toMatchObject({ ok: true });
    for (const document of [plan, added]) expect(await open(id, document)).not.toBeNull();
  });

  test('neither adds nor removes what nobody asks for', async () => {
    const { id, photo } = await asked();
    expect(await add(id, PHOTOS, 'b.pdf')).toEqual({ ok: false, reason: 'gone' });
    expect(await cases.removePaper(holder(id), office, id, PHOTOS, photo)).toEqual({
      ok: false,
      reason: 'gone',
    });
    expect(await rowsOf(id)).toHaveLength(2);
  });

  test('removes nothing that was handed in, also when it makes room', async () => {
    const { id, plan, photo } = await asked();
    await cases.removePaper(holder(id), office, id, PLAN, plan);
    clock.advance({ minutes: 5 });
    await add(id, PLAN, 'b.pdf');
    expect((await rowsOf(id)).map((each) => each.id)).toEqual(
      expect.arrayContaining([plan, photo, await corrected(id)]),
    );
  });

  test('waits for the check of what is new, and refuses it; what came meanwhile and is not handed in goes', async () => {
    const { id, plan } = await asked();
    await cases.removePaper(holder(id), office, id, PLAN, plan);
    await add(id, PLAN, 'virus.pdf');
    expect(await amend(id)).toEqual({ ok: false, reason: 'checking', name: 'virus.pdf' });
    await documents.pass();
    expect(await amend(id)).toMatchObject({
      reason: 'invalid',
      mistakes: [{ key: 'case.paper.refused' }],
    });
    const bad = await corrected(id);
    expect(await cases.removePaper(holder(id), office, id, PLAN, bad)).toEqual({ ok: true });
    expect((await rowsOf(id)).map((each) => each.id)).not.toContain(bad);
    await add(id, PLAN, 'b.pdf');
    await documents.pass();
    expect(await amend(id)).toMatchObject({ ok: true });
  });
});

describe('a paper that its check refuses after it was handed in', () => {
  const events = async (id: string) =>
    (await cases.history(holder(id), office, id))!.map(({ kind }) => kind);
  const notices = (id: string) =>
    within(database.kysely, office.id, (tx) =>
      tx
        .selectFrom('notice')
        .select(['recipient', 'facts'])
        .where('case_id', '=', id)
        .where('dropped_at', 'is', null)
        .execute(),
    );
  async function handedInLate(name: string, ...photos: string[]): Promise<string> {
    const id = await begin();
    await cases.answer(holder(id), office, id, { 'local.correu': 'rosa@example.cat' });
    await add(id, PLAN, name);
    for (const photo of photos) await add(id, PHOTOS, photo);
    clock.advance({ seconds: 120 });
    expect(await cases.handIn(holder(id), office, id)).toMatchObject({ ok: true });
    return id;
  }

  test.each(['virus.pdf', 'odd.pdf'])('is told to both, once: %s', async (name) => {
    const id = await handedInLate(name);
    await documents.pass();
    await documents.pass();
    expect(await events(id)).toEqual(['opened', 'handed_in', 'paper_refused']);
    expect(await notices(id)).toMatchObject([
      { recipient: 'rosa@example.cat', facts: { news: 'paper' } },
    ]);
    const { papers } = (await cases.open(staff(), office, id))!;
    expect(await cases.openPaper(staff(), office, id, papers[0]!.id)).toBeNull();
  });

  test('gets one notice with others of its case', async () => {
    const id = await handedInLate('virus.pdf', 'virus1.pdf', 'virus2.pdf');
    await documents.pass();
    expect((await events(id)).filter((kind) => kind === 'paper_refused')).toHaveLength(3);
    expect(await notices(id)).toMatchObject([{ facts: { news: 'paper' } }]);
  });

  test('is not told to the applicant of a closed case', async () => {
    const id = await handedInLate('virus.pdf');
    await stepTo(on(), holder(id), office, id, 'withdrawn');
    await documents.pass();
    expect(await events(id)).toContain('paper_refused');
    expect(await notices(id)).toEqual([]);
  });

  test('is told of what was handed in alone', async () => {
    const clean = await handedInLate('a.pdf');
    const draft = await begin();
    await add(draft, PLAN, 'virus.pdf');
    await documents.pass();
    expect(await events(clean)).toEqual(['opened', 'handed_in']);
    expect(await events(draft)).toEqual(['opened']);
    expect([...(await notices(clean)), ...(await notices(draft))]).toEqual([]);
  });

  test('does not hinder somebody who takes it out at the same time', async () => {
    const id = await begin();
    await add(id, PLAN, 'virus.pdf');
    const document = (await answered(id))['planol']![0]!.document;
    await Promise.all([
      documents.pass(),
      cases.removePaper(holder(id), office, id, PLAN, document),
    ]);
    expect(await rowsOf(id)).toEqual([]);
  });
});
