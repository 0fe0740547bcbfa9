import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heic, jpg, png } from '../../../features/service/documents/checks/testing/files.ts';
import { exif } from '../../../features/service/photos/testing.ts';
import { within } from '../../../lib/db/database.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { faultsOf, MARIA, startsIn, type TestTown, TIMES, testTown } from '../testing.ts';

let town: TestTown;
let papers: string;

beforeAll(async () => {
  town = await testTown();
  const start = startsIn((await town.get(TIMES)).html)[0] ?? '';
  const details = await town.submit(TIMES, { start });
  const check = await town.submit(details.path, MARIA);
  const confirmed = await town.submit(check.path, {});
  papers = confirmed.path.replace('/confirmed', '/documents');
});
afterAll(() => town.close());

/** Sends files with the page's form, as a browser without scripts does. */
async function hand(files: Record<string, Buffer>, join: boolean) {
  const form = new FormData();
  for (const [name, bytes] of Object.entries(files))
    form.append('file', new File([new Uint8Array(bytes)], name));
  if (join) form.set('join', 'yes');
  const request = new Request('http://localhost/', { method: 'POST', body: form });
  const body = await request.arrayBuffer();
  const headers = {
    'Content-Type': request.headers.get('Content-Type') ?? '',
    'Content-Length': String(body.byteLength),
  };
  return town.send(`${papers}?for=identitat`, { method: 'POST', body, headers });
}

/** Returns the documents that a coordinator finds. */
async function there() {
  await town.deps.documents.pass();
  const office = (await town.deps.offices.find('oac'))!;
  const viewer: StaffViewer = {
    ...{ kind: 'staff', staff: 0, name: '', office: office.id, role: 'coordinator', desk: null },
  };
  const { id } = await within(town.database.kysely, office.id, (tx) =>
    tx.selectFrom('appointment').select('id').executeTakeFirstOrThrow(),
  );
  const entries = (await town.deps.documents.list(viewer, office, id)) ?? [];
  return Promise.all(
    entries.map(async ({ id: document, name, requested }) => {
      const opened = await town.deps.documents.open(viewer, office, id, document);
      return { name, requested, bytes: Buffer.concat(await Array.fromAsync(opened!.read())) };
    }),
  );
}

const front = jpg(400, 300, exif(6));
const back = png(40, 30);

test('without a script, a ticked box joins photos into one PDF, in their order; otherwise they stay apart', async () => {
  const refused = await hand({ 'dni.jpg': front, 'dni.heic': heic() }, true);
  expect(refused.status).toBe(422);
  expect(refused.html).toContain('«dni.heic» no es pot ajuntar');
  expect(refused.html).toContain('href="#file-identitat"');
  expect(await faultsOf(refused.html)).toEqual([]);
  expect(await there()).toEqual([]);

  expect((await hand({ 'cara.jpg': front, 'dors.png': back }, true)).status).toBe(303);
  const [one, ...none] = await there();
  expect([one?.name, one?.requested, none]).toEqual(['Fotos.pdf', 'identitat', []]);
  const read = await getDocument({ data: new Uint8Array(one!.bytes), verbosity: 0 }).promise;
  const pages = [await read.getPage(1), await read.getPage(2)];
  const isLying = pages.map(({ view: [, , width = 0, height = 0] }) => width > height);
  expect([read.numPages, isLying]).toEqual([2, [false, true]]);

  expect((await hand({ 'cara.jpg': front, 'dors.png': back }, false)).status).toBe(303);
  const apart = new Map((await there()).map(({ name, bytes }) => [name, bytes]));
  expect(apart.size).toBe(3);
  expect([apart.get('cara.jpg'), apart.get('dors.png')]).toEqual([front, back]);
});
