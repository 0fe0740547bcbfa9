import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { LANGUAGES, type Language } from '../../../lib/i18n/languages.ts';
import { NO_TOOLS, run, testFolder, testSeal } from '../../../lib/seal/testing.ts';
import type { Seal } from '../../../lib/seal/types.ts';
import { purposeKey } from '../../../lib/secrets.ts';
import { pdfText } from '../../../lib/testing/pdf.ts';
import type { ApplicantViewer, StaffViewer } from '../../../lib/viewer.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createForms } from '../../foundation/forms/service.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createRegistry } from '../../foundation/registry/service.ts';
import { type Cases, createCases } from '../cases/service.ts';
import { testOfficials } from '../cases/testing.ts';
import { testCasePapers } from '../documents/testing.ts';
import { grouped } from '../verification/rules.ts';
import { createIssuing } from '../verification/service.ts';
import { createReceipts, type Receipts } from './service.ts';

const MORNING = '2027-02-06T09:30:15+01:00';
const clock = handClock(MORNING);
const OPERATOR = { kind: 'system', why: 'operator' } as const;
const ROSA = 'Rosa Soler i Puig';
const folder = testFolder();
let database: TestDatabase;
let office: Office;
let elsewhere: Office;
let cases: Cases;
let receipts: Receipts;
let seal: Seal;
/** What makes a seal of the town fail; null: nothing. */
let failure: Error | null;
const unissued: unknown[] = [];

const named = (text: string) =>
  Object.fromEntries(LANGUAGES.map((each) => [each, `${text} ${each}`]));

const FORM = formSchema.parse({
  procedure: 'volant-padro',
  identity: 'none',
  sign: 'none',
  steps: [
    {
      id: 'local',
      title: named('El local'),
      questions: [
        { id: 'rotul', type: 'text', label: named('Nom del local'), required: true, max: 2000 },
        { id: 'obert', type: 'yesno', label: named('Ja és obert?') },
      ],
    },
  ],
  declarations: [{ id: 'veritat', text: named('Tot el que dic és cert.') }],
  decision: { months: 3, silence: 'refused' },
});

beforeAll(async () => {
  database = await testDatabase();
  const db = database.kysely;
  const offices = createOffices(db);
  office = await offices.byId(await testOffice(db));
  elsewhere = await offices.byId(await testOffice(db, { code: 'hisenda' }));
  const unit = testUnit(db, clock);
  const key = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]);
  const { keyring, papers } = testCasePapers(database, clock);
  const forms = createForms({ db, unit });
  const registry = createRegistry({ db, clock, unit });
  await forms.publish(OPERATOR, office, FORM);
  const identification = {
    of: async () => null,
    person: async () => null,
    openSaid: async () => null,
  };
  const parts = { db, unit, keyring, forms, officials: testOfficials };
  cases = createCases({ ...parts, papers, clock, offices, registry, key, identification });
  seal = await testSeal(clock);
  const failing: Seal = {
    ...seal,
    seal: (digest) => (failure ? Promise.reject(failure) : seal.seal(digest)),
  };
  const issuing = createIssuing({
    offices,
    clock,
    seal: failing,
    baseUrl: 'https://cita.vila.cat',
  });
  receipts = createReceipts({
    ...{ ...parts, clock, offices, cases, issuing, cosigning: { signed: async () => null } },
    onUnissued: (error) => unissued.push(error),
  });
});
afterAll(async () => {
  folder[Symbol.dispose]();
  await database.close();
});
beforeEach(() => {
  clock.set(MORNING);
  failure = null;
});

const holder = (id: string): ApplicantViewer => ({ kind: 'applicant', case: id, identified: null });
const staff = (role: StaffViewer['role'], of = office): StaffViewer => ({
  ...({ kind: 'staff', staff: 1, name: 'Núria', role, desk: null } as const),
  office: of.id,
});

async function handedIn(language: Language = 'ca', rotul = ROSA): Promise<string> {
  const what = { procedure: 'volant-padro', door: 'online', language } as const;
  const id = (await cases.begin(holder(''), office, what))!;
  const answers = { 'local.rotul': rotul, 'local.obert': true, 'declarations.veritat': true };
  await cases.answer(holder(id), office, id, answers);
  expect(await cases.handIn(holder(id), office, id)).toMatchObject({ ok: true });
  return id;
}
const receiptOf = async (id: string) => (await receipts.of(holder(id), office, id))!;
const plain = async (bytes: Buffer) => (await pdfText(bytes)).text.replaceAll(/\s+/g, ' ');

describe('a receipt', () => {
  test('has what the law demands: number, instant, office, what was handed in, its hash, the term', async () => {
    const id = await handedIn();
    const { entry, issued } = await receiptOf(id);
    const text = await plain(issued!.document);
    for (const each of [
      'E2027',
      '9:30:15 (UTC+01:00)',
      'dissabte',
      // What comes on a Saturday counts on the Monday (art. 31.2.b).
      'dilluns, 8 de febrer',
      'Nom del local ca: Rosa Soler i Puig',
      'Ja és obert? ca: Sí',
      'Tot el que dic és cert. ca',
      'Tenim 3 mesos per respondre’t: fins dilluns, 10 de maig',
      'vol dir que no',
      grouped(issued!.code),
      'https://cita.vila.cat/ca/verify',
    ])
      expect(text).toContain(each);
    expect(text.replaceAll(' ', '')).toContain(entry.content);
  });

  test('is issued once, also when two ask at once, and every later reader gets its bytes', async () => {
    const id = await handedIn();
    const both = await Promise.all([receiptOf(id), receiptOf(id)]);
    const [first, second] = both.map(({ issued }) => issued!.document);
    expect(first!.equals(second!)).toBe(true);
    clock.advance({ hours: 48 });
    const seen = await receipts.of(staff('coordinator'), office, id);
    expect(seen?.issued?.document.equals(first!)).toBe(true);
    const hash = createHash('sha256').update(first!).digest('hex');
    const trail = await trailOf(id, 'case_receipt_issued');
    expect(trail).toMatchObject([{ actor: 'system', data: { case: id, hash } }]);
  });

  test.each(LANGUAGES)(
    'is accessible in %s, with long answers, and has no letter missing',
    async (language) => {
      const long = `${'Un rètol llarguíssim amb ñ, ç i l·l. '.repeat(50)}Fi`;
      const id = await handedIn(language, long);
      const { document } = (await receiptOf(id)).issued!;
      const read = await pdfText(document);
      expect(read).toMatchObject({ isTagged: true, language });
      expect(read.title).toMatch(/E2027\d{6}/);
      expect(read.outline.length).toBeGreaterThan(4);
      // The answer goes on after the foot of a page.
      expect(read.text.split('llarguíssim').length - 1).toBe(50);
      expect(read.text).toContain('Fi');
      expect(read.text).not.toContain('[U+');
    },
  );

  test.skipIf(NO_TOOLS)('is sealed as pdfsig finds, and tagged as pdfinfo finds', async () => {
    const { document } = (await receiptOf(await handedIn())).issued!;
    const path = folder.at('receipt.pdf', document);
    const report = run('pdfsig', '-nocert', path);
    expect(report).toContain('Signature is Valid.');
    expect(report).toContain('Total document signed');
    expect(run('pdfinfo', path)).toMatch(/^Tagged:\s+yes$/m);
  });

  test('is shown without its document while the seal can’t be used, and issued later', async () => {
    const id = await handedIn();
    failure = new Error('the token is away');
    expect(await receiptOf(id)).toMatchObject({ issued: null });
    expect(unissued.at(-1)).toBe(failure);
    failure = null;
    expect((await receiptOf(id)).issued).not.toBeNull();
  });

  test('is of nobody else: another case, another office, a draft', async () => {
    const [id, other] = [await handedIn(), await handedIn()];
    expect(await receipts.of(holder(other), office, id)).toBeNull();
    expect(await receipts.of(holder(id), elsewhere, id)).toBeNull();
    expect(await receipts.of(staff('coordinator', elsewhere), elsewhere, id)).toBeNull();
    expect(await receipts.of(staff('agent'), office, id)).not.toBeNull();
    const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
    const draft = (await cases.begin(holder(''), office, what))!;
    expect(await receipts.of(holder(draft), office, draft)).toBeNull();
  });
});

describe('what nobody asked for', () => {
  const kept = async (...ids: string[]) => {
    const rows = await within(database.kysely, office.id, (tx) =>
      tx.selectFrom('case_receipt').select('case_id').where('case_id', 'in', ids).execute(),
    );
    return rows.map(({ case_id }) => case_id).toSorted();
  };
  /** Issues what the tests before have left. */
  const issueAll = async () => {
    clock.advance({ minutes: 2 });
    while ((await receipts.issueMissing()) > 0);
  };

  test('is issued a minute after its entry, once, also when two servers do it and somebody asks', async () => {
    await issueAll();
    const [id, other] = [await handedIn(), await handedIn('es')];
    expect(await receipts.issueMissing()).toBe(0);
    clock.advance({ seconds: 61 });
    await Promise.all([receipts.issueMissing(), receipts.issueMissing(), receiptOf(id)]);
    expect(await kept(id, other)).toEqual([id, other].toSorted());
    for (const each of [id, other]) {
      const trail = await trailOf(each, 'case_receipt_issued');
      expect(trail).toMatchObject([{ actor: 'system' }]);
      expect(await trailOf(each, 'case_read')).toEqual([]);
    }
    expect(await receipts.issueMissing()).toBe(0);
  });

  test('waits while the seal can’t be used, after a few tries in each pass, and is issued later', async () => {
    await issueAll();
    const ids: string[] = [];
    for (let nth = 0; nth < 7; nth++) ids.push(await handedIn());
    clock.advance({ minutes: 2 });
    failure = new Error('the token is away');
    unissued.length = 0;
    await expect(receipts.issueMissing()).rejects.toThrow('Some receipts were not issued');
    expect(unissued).toHaveLength(5);
    expect(await kept(...ids)).toEqual([]);
    failure = null;
    expect(await receipts.issueMissing()).toBe(7);
    expect(await kept(...ids)).toEqual(ids.toSorted());
  });
});

describe('the code of a receipt', () => {
  test('tells what it proves, without the person, and opens the original', async () => {
    const id = await handedIn();
    const { issued, entry } = await receiptOf(id);
    const { code, document } = issued!;
    const verified = await receipts.verify(code);
    expect(verified).toMatchObject({
      receipt: { content: entry.content, at: entry.at },
      what: {
        ...{ standing: 'here', type: 'application/pdf', size: document.length },
        sha256: createHash('sha256').update(document).digest('hex'),
        seal: { issuer: 'Test CA' },
      },
    });
    expect(JSON.stringify(verified)).not.toContain(ROSA);
    const original = await receipts.openByCode(code);
    expect(Buffer.concat(await Array.fromAsync(original!.read())).equals(document)).toBe(true);
    expect(await trailOf(id, 'case_receipt_verified')).toMatchObject([
      { actor: 'verifier', data: { fetched: false } },
      { actor: 'verifier', data: { fetched: true } },
    ]);
  });

  test('opens nothing when it is of no receipt', async () => {
    expect(await receipts.verify('K7QF0M3XK7QF0M3XK7QF0M3XK7QF')).toBeNull();
    expect(await receipts.openByCode('K7QF0M3XK7QF0M3XK7QF0M3XK7QF')).toBeNull();
  });

  test('and the document are nowhere in clear', async () => {
    const id = await handedIn();
    const { code } = (await receiptOf(id)).issued!;
    const row = await within(database.kysely, office.id, (tx) =>
      tx.selectFrom('case_receipt').selectAll().where('case_id', '=', id).executeTakeFirstOrThrow(),
    );
    expect(row.code.includes(code)).toBe(false);
    expect(row.document.includes('%PDF')).toBe(false);
  });
});

const trailOf = (id: string, action: string) =>
  within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('audit')
      .select(['actor', 'data'])
      .where('action', '=', action)
      .where('data', '@>', JSON.stringify({ case: id }) as never)
      .orderBy('id')
      .execute(),
  );
