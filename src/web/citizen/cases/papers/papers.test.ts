import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { identified, identifyIn } from '../../../testing/identified.ts';
import { faultsOf, type TestTown, testTown, WEDNESDAY } from '../../testing.ts';
import { APPLY, fileOf, formOf, linkTo, publish, sendFiles } from '../testing.ts';

const ROSA = '12345678Z';
let town: TestTown;

beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());

const label = (ca: string) => ({ ca, es: `${ca} (es)`, en: `${ca} (en)`, eu: `${ca} (eu)` });
const FORM = formOf({
  title: label('Terrassa'),
  steps: [
    {
      id: 'local',
      questions: [
        { id: 'planol', type: 'file', required: true, megabytes: 1, label: label('El plànol') },
      ],
    },
    {
      id: 'junts',
      together: true,
      questions: [
        { id: 'nom', type: 'text', required: true, label: label('Nom') },
        { id: 'fotos', type: 'file', most: 2, accept: ['png', 'jpg'], label: label('Fotos') },
      ],
    },
  ],
});

beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  await publish(town, FORM);
});

const begin = async () => (await town.post(APPLY, {})).path;
const PDF = fileOf('pdf');
const plan = { field: 'q-planol_', name: 'Plànol.pdf', bytes: PDF };
const seenIn = (html: string) => /name="seen" value="(\d+)"/.exec(html)?.[1] ?? '';
const pass = () => town.deps.documents.pass();

test('a question for a file takes it without scripts, tells how it stands, and lets it be taken out', async () => {
  const at = `${await begin()}/local/planol`;
  const empty = await town.get(at);
  expect(empty.html).toContain('enctype="multipart/form-data"');
  expect(empty.html).toContain('PDF, JPG, PNG');
  expect(await faultsOf(empty.html)).toEqual([]);
  const added = await sendFiles(town, at, { attach: 'planol' }, [plan]);
  expect([added.status, added.path]).toEqual([303, at]);
  const checking = await town.get(at);
  expect(checking.html).toContain('Plànol.pdf');
  expect(checking.html).toContain('L’estem revisant');
  expect(await faultsOf(checking.html)).toEqual([]);
  await pass();
  const clean = await town.get(at);
  expect(clean.html).toContain('Rebut');
  expect(clean.html).toContain('primer treu aquest');
  const [, drop = ''] = /name="drop" value="([^"]+)"/.exec(clean.html) ?? [];
  const removed = await sendFiles(town, at, { drop }, []);
  expect([removed.status, removed.path]).toEqual([303, at]);
  expect((await town.get(at)).html).not.toContain('Plànol.pdf');
});

test('going on sends what was chosen, and asks for what is missing', async () => {
  const secret = await begin();
  const at = `${secret}/local/planol`;
  const missing = await sendFiles(town, at, {}, []);
  expect(missing.status).toBe(422);
  expect(missing.html).toContain('href="#q-planol_"');
  const none = await sendFiles(town, at, { attach: 'planol' }, []);
  expect(none.html).toContain('Tria primer el fitxer');
  expect(await faultsOf(none.html)).toEqual([]);
  const next = await sendFiles(town, at, {}, [plan]);
  expect([next.status, next.path]).toEqual([303, `${secret}/junts`]);
});

test.each([
  [
    'another kind',
    { ...plan, name: 'a.gif', bytes: new Uint8Array(Buffer.from('GIF89a')) },
    'pdf, jpg, png',
  ],
  ['an empty file', { ...plan, bytes: new Uint8Array() }, 'Aquest fitxer és buit'],
  ['one that is too large', { ...plan, bytes: new Uint8Array(1_000_050).fill(37) }, '1 MB'],
  ['far too much at once', { ...plan, bytes: new Uint8Array(20_100_000) }, 'd’un en un'],
])('%s is refused in words, on the page', async (_, file, words) => {
  const at = `${await begin()}/local/planol`;
  const bytes = file.bytes.length > 1_000_000 ? withHead(file.bytes) : file.bytes;
  const page = await sendFiles(town, at, {}, [{ ...file, bytes }]);
  expect(page.status).toBe(422);
  expect(page.html).toContain('href="#q-planol_"');
  expect(page.html).toContain(words);
  expect(await faultsOf(page.html)).toEqual([]);
});

const withHead = (bytes: Uint8Array<ArrayBuffer>) => {
  bytes.set(PDF);
  return bytes;
};

test('beside other questions, what was typed is kept with the files', async () => {
  const secret = await begin();
  const at = `${secret}/junts`;
  const photo = (name: string) => ({ field: 'q-fotos_', name, bytes: fileOf('png') });
  const sent = await sendFiles(town, at, { 'q-nom_': 'Rosa', attach: 'fotos' }, [
    photo('a.png'),
    photo('b.png'),
  ]);
  expect(sent.path).toBe(at);
  const page = await town.get(at);
  expect(page.html).toContain('value="Rosa"');
  for (const name of ['a.png', 'b.png']) expect(page.html).toContain(name);
  expect(await faultsOf(page.html)).toEqual([]);
  const third = await sendFiles(town, at, { 'q-nom_': 'Rosa Puig' }, [photo('c.png')]);
  expect(third.status).toBe(422);
  expect((await town.get(at)).html).toContain('value="Rosa Puig"');
});

test('of several files, those that can’t be are named, and the others stay', async () => {
  const at = `${await begin()}/junts`;
  const photo = (name: string, bytes = fileOf('png')) => ({ field: 'q-fotos_', name, bytes });
  const page = await sendFiles(town, at, { 'q-nom_': 'Rosa', attach: 'fotos' }, [
    photo('buida.png', new Uint8Array()),
    photo('bona.png'),
    photo('altra.gif', new Uint8Array(Buffer.from('GIF89a'))),
  ]);
  expect(page.status).toBe(422);
  expect(page.html).toContain('«buida.png»: Aquest fitxer és buit');
  expect(page.html).toContain('«altra.gif» no és de cap');
  expect(page.html).toContain('bona.png');
  expect(await faultsOf(page.html)).toEqual([]);
  const after = await town.get(at);
  expect(after.html).toContain('bona.png');
  expect(after.html).not.toContain('buida.png');
});

test('what its check refused must be changed before it is handed in', async () => {
  const secret = await begin();
  await sendFiles(town, `${secret}/local/planol`, {}, [{ ...plan, name: 'virus.pdf' }]);
  await sendFiles(town, `${secret}/junts`, { 'q-nom_': 'Rosa' }, []);
  const shown = await town.get(`${secret}/check`);
  const early = await town.post(`${secret}/check`, { seen: seenIn(shown.html) });
  expect(early.status).toBe(422);
  expect(early.html).toContain('Encara estem revisant «virus.pdf»');
  await pass();
  const check = await town.get(`${secret}/check`);
  expect(linkTo(check.html, /primera que falta/)).toBe(`${secret}/local/planol`);
  const page = await town.get(`${secret}/local/planol`);
  expect(page.html).toContain('Té un virus');
  expect(await faultsOf(page.html)).toEqual([]);
  const on = await sendFiles(town, `${secret}/local/planol`, {}, []);
  expect(on.status).toBe(422);
  expect(on.html).toContain('«virus.pdf» no ens serveix');
});

test('whose session has ended finds what was typed, and chooses the files again', async () => {
  await publish(town, { ...FORM, identity: 'low' });
  const browser = await identified(town, ROSA);
  const secret = (await browser.post(APPLY)).path;
  town.clock.advance({ minutes: 45 });
  const photo = { field: 'q-fotos_', name: 'a.png', bytes: fileOf('png') };
  const fields = { 'q-nom_': 'Rosa Puig' };
  const ended = await sendFiles(browser, `${secret}/junts`, fields, [photo]);
  expect(ended.path).toContain('/ca/identify?');
  const next = new URL(ended.path, 'http://localhost').searchParams.get('next') ?? '';
  // Nobody else finds it there, and a browser without a session keeps nothing.
  const other = await identified(town, ROSA);
  expect((await other.get(next)).html).not.toContain('Rosa Puig');
  await identifyIn(browser, ROSA);
  const back = await browser.get(next);
  expect(back.html).toContain('value="Rosa Puig"');
  expect(back.html).toContain('els fitxers, torna’ls a triar');
  expect(back.html).not.toContain('a.png');
  expect(await faultsOf(back.html)).toEqual([]);
});

test('whose session has ended reads that what was too large did not reach us', async () => {
  await publish(town, { ...FORM, identity: 'low' });
  const browser = await identified(town, ROSA);
  const secret = (await browser.post(APPLY)).path;
  town.clock.advance({ minutes: 45 });
  const photo = { field: 'q-fotos_', name: 'a.png', bytes: new Uint8Array(40_100_000) };
  const ended = await sendFiles(browser, `${secret}/junts`, { 'q-nom_': 'Rosa Puig' }, [photo]);
  const next = new URL(ended.path, 'http://localhost').searchParams.get('next') ?? '';
  await identifyIn(browser, ROSA);
  const back = await browser.get(next);
  expect([back.status, back.path]).toEqual([200, next]);
  expect(back.html).toContain('el que vas enviar no ens ha arribat');
  expect(back.html).not.toContain('El que havies escrit hi és');
  expect(await faultsOf(back.html)).toEqual([]);
});

test('only the identified person opens a paper again', async () => {
  await publish(town, { ...FORM, identity: 'low' });
  const browser = await identified(town, ROSA);
  const secret = (await browser.post(APPLY)).path;
  await sendFiles(browser, `${secret}/local/planol`, {}, [plan]);
  await pass();
  const page = await browser.get(`${secret}/local/planol`);
  const [, document = ''] = /name="drop" value="planol ([^"]+)"/.exec(page.html) ?? [];
  const file = `${secret}/download/${document}`;
  expect((await town.get(file)).path).toContain('/ca/identify?');
  const sent = await browser.get(file);
  expect(sent.status).toBe(200);
  expect(sent.headers.get('Content-Disposition')).toContain('attachment');
  expect((await browser.get(`${secret}/download/${crypto.randomUUID()}`)).status).toBe(404);
});

test('what nobody identified for opens to nobody on-line, also who identifies with its link', async () => {
  const secret = await begin();
  await sendFiles(town, `${secret}/local/planol`, {}, [plan]);
  await sendFiles(town, `${secret}/junts`, { 'q-nom_': 'Rosa' }, []);
  await pass();
  const page = await town.get(`${secret}/local/planol`);
  const [, document = ''] = /name="drop" value="planol ([^"]+)"/.exec(page.html) ?? [];
  const browser = await identified(town, ROSA);
  const draft = await browser.get(`${secret}/download/${document}`);
  expect([draft.status, draft.path]).toEqual([303, secret]);
  const check = await town.get(`${secret}/check`);
  await town.post(`${secret}/check`, { seen: seenIn(check.html) });
  for (const each of [town, browser]) {
    const done = await each.get(`${secret}/done`);
    expect(done.html).toContain('Plànol.pdf');
    expect(done.html).toContain('l’oficina els pot obrir');
    expect(done.html).not.toContain(`download/${document}`);
    expect((await each.get(`${secret}/download/${document}`)).status).toBe(303);
  }
});
