import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { formSchema } from '../../../domain/form/schema.ts';
import { packageOf } from './bag.ts';
import { measured } from './content.ts';
import { type Packing, paperDocuments } from './documents.ts';
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
