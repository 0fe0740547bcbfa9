import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { formSchema } from '../../../domain/form/schema.ts';
import { packageOf } from './bag.ts';
import { type Content, measured } from './content.ts';
import {
  officeDocuments,
  type Packing,
  paperDocuments,
  peopleDocument,
  registryDocument,
} from './documents.ts';
import { KIND_OF } from './rules.ts';

const AT = Temporal.Instant.from('2027-02-01T08:00:00Z');
const form = formSchema.parse({
  procedure: 'volant-padro',
  steps: [{ id: 'local', questions: [{ id: 'planol', type: 'file', label: { ca: 'Plànol' } }] }],
});
const file = { document: 'a1', name: 'Plànol.pdf', sha256: 'ab', size: 4 };

/** A file of two parts. `on`: hears of each part that is read. */
const partsOf = (on: (nth: number) => void = () => {}) =>
  async function* () {
    for (const [nth, part] of ['pl', 'an'].entries()) {
      on(nth);
      yield Buffer.from(part);
    }
  };

/** The papers of a case with this file, which can be opened, or not. */
const papers = (read: () => AsyncIterable<Buffer>, isThere = true) =>
  paperDocuments(
    {
      cases: {
        openPaper: async () =>
          isThere
            ? {
                ...{ id: 'a1', name: file.name, type: 'application/pdf', size: 4 },
                ...{ madeAt: AT, code: null, read },
              }
            : null,
      },
    },
    {
      work: { form: { form }, opened: { case: { id: 'c1' } } },
      handedIn: [{ answers: { local: { planol: [file] } } }],
    } as unknown as Packing,
  );

const facts = {
  ...{ case: '6b1f2a34-0000-4000-8000-000000000091', reference: 'K7M-2QX', dir3: 'L01080193' },
  ...{ town: 'Vilaclara', office: 'OAC', timeZone: 'Europe/Madrid', classification: '812' },
  ...{ openedAt: AT, closedAt: AT, interested: [], at: AT },
};

test('a paper is read once to be packed, none of it stays, and it is sent while it is read again', async () => {
  const heard: number[] = [];
  const { documents } = await papers(partsOf((nth) => heard.push(nth)));
  expect(heard).toEqual([0, 1]);
  const made = await packageOf(documents, facts, async () => Buffer.from('signed'));
  expect(heard).toEqual([0, 1]);
  const there = made.files.find(({ path }) => path.endsWith('0001-Planol.pdf'))!;
  const hash = createHash('sha256').update('plan').digest('hex');
  expect(there.content).toMatchObject({ size: 4, sha256: hash });
  const sending = there.content.read()[Symbol.asyncIterator]();
  await sending.next();
  expect(heard).toEqual([0, 1, 0]);
});

test('a paper of a citizen is of no kind that we could know: it is not something that was seized', async () => {
  const { documents } = await papers(partsOf());
  const made = await packageOf(documents, facts, async () => Buffer.from('signed'));
  const metadata = made.files.find(({ path }) => path === 'data/metadata/0001.xml')!;
  const text = Buffer.concat(await Array.fromAsync(metadata.content.read())).toString();
  expect(text).toContain('<enidocmeta:TipoDocumental>TD99<');
  expect(text).toContain('<enidocmeta:ValorEstadoElaboracion>EE99<');
  // The reply to a request is an allegation (TD16), an application one (TD14).
  expect(KIND_OF).toMatchObject({ application: 'TD14', amendment: 'TD16', withdrawal: 'TD18' });
});

test('a paper that can’t be opened is named', async () => {
  const { documents, missing } = await papers(partsOf(), false);
  expect([documents, missing]).toEqual([[], ['Plànol.pdf (SHA-256 ab)']]);
});

test('a file that is another one when it is sent is not sent whole', async () => {
  let isFirst = true;
  const content = await measured(async function* () {
    yield Buffer.from(isFirst ? 'before' : 'after');
    isFirst = false;
  });
  await expect(Array.fromAsync(content.read())).rejects.toThrow('was changed');
});

const read = async (content: Content) =>
  Buffer.concat(await Array.fromAsync(content.read())).toString();

test('who was identified is in it with the evidence of the provider as it came, once', async () => {
  const known = {
    ...{ id: 'i1', provider: 'valid', method: 'idcatmobil', level: 'substantial', at: AT },
    of: { scheme: 'dni', country: 'ES', identifier: '12345678Z' },
    name: { full: 'Rosa Soler' },
  };
  const evidence = [
    { type: 'application/json', bytes: Buffer.from('{"sub":1}') },
    { type: 'application/samlassertion+xml', bytes: Buffer.from('<Assertion/>') },
  ];
  const packed = await peopleDocument(
    { identification: { of: async () => known, evidence: async () => ({ evidence }) } } as never,
    {
      handedIn: [1, 2].map(() => ({ record: { applicant: { identification: 'i1' } } })),
      at: AT,
    } as unknown as Packing,
  );
  expect(packed.interested).toEqual(['12345678Z']);
  const [list, ...files] = packed.documents;
  expect(JSON.parse(await read(list!.content))).toMatchObject([
    { id: 'i1', evidence: ['identificacio-1-1.json', 'identificacio-1-2.xml'] },
  ]);
  expect(await Promise.all(files.map(({ content }) => read(content)))).toEqual([
    '{"sub":1}',
    '<Assertion/>',
  ]);
});

test('what e-NOTUM proves is in it, a file for each time that it was handed over', async () => {
  const packed = await officeDocuments(
    {
      caseMessages: { ofCase: async () => null },
      caseDesk: { decisionFile: async () => null },
      officials: { namesOf: async () => new Map() },
      notifications: {
        evidence: async () => null,
        theirEvidence: async () => ({ files: [Buffer.from('<A/>'), Buffer.from('<B/>')] }),
      },
    } as never,
    {
      at: AT,
      work: { opened: { case: { id: 'c1' } }, amendments: [], reports: [], events: [] },
    } as unknown as Packing,
    [],
  );
  expect(packed.map(({ name, kind }) => [name, kind])).toEqual([
    ['notificacio-enotum-1.xml', 'TD09'],
    ['notificacio-enotum-2.xml', 'TD09'],
    ['historial.json', 'TD12'],
  ]);
  expect(await read(packed[1]!.content)).toBe('<B/>');
});

test('the entries in the registry of the town are in it beside ours; without such a registry nothing is', async () => {
  const entry = { year: 2027, number: 7, kind: 'entry', content: 'ab', at: AT };
  const packing = {
    at: AT,
    handedIn: ['a1', 'a2'].map((about) => ({ about, entry })),
  } as unknown as Packing;
  const there = (of: string) => (of === 'a1' ? { number: '2027/1' } : null);
  const [document, ...others] = await registryDocument(
    { outsideRegistering: { of: async (_: unknown, about: string) => there(about) } } as never,
    packing,
  );
  expect(others).toEqual([]);
  expect(JSON.parse(await read(document!.content))).toMatchObject([
    { content: 'ab', there: { number: '2027/1' } },
  ]);
  expect(
    await registryDocument({ outsideRegistering: { of: async () => null } } as never, packing),
  ).toEqual([]);
});
