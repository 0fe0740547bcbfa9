import { afterAll, beforeAll, expect, test } from 'vitest';
import { COSIGNED, PARTNERS, staffOf } from '../../../features/service/cases/testing.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { identified } from '../../testing/identified.ts';
import { APPLY, formOf, linkTo, publish } from '../cases/testing.ts';
import { faultsOf, type TestTown, testTown } from '../testing.ts';
import { answerAs, viewerFor } from './testing.ts';

const ROSA = '12345678Z';
const JORDI = '99999999R';
const OTHER = 'X0000000T';
let town: TestTown;

const FORM = {
  ...COSIGNED,
  identity: 'low',
  sign: 'session',
  cosigners: { ...COSIGNED.cosigners, email: 'correu' },
  steps: [
    {
      id: 'socis',
      questions: [
        { ...PARTNERS, questions: [...PARTNERS.questions, { id: 'correu', type: 'email' }] },
      ],
    },
    { id: 'local', questions: [{ id: 'rotul', type: 'text' }] },
  ],
};

beforeAll(async () => {
  town = await testTown();
  await publish(town, formOf(FORM));
});
afterAll(() => town.close());

interface Partner {
  nom: string;
  nif: string;
  correu?: string;
}
const PERE: Partner = { nom: 'Jordi Mas', nif: JORDI, correu: 'jordi@example.cat' };

/** What Rosa handed in with partners: its address, and the links of the partners. */
async function handedIn(partners: readonly Partner[]) {
  const rosa = await identified(town, ROSA);
  const at = (await rosa.post(APPLY)).path;
  const id = await answerAs(town, at, { 'socis.qui': partners, 'local.rotul': 'Bar Pi' });
  const { html } = await rosa.get(`${at}/check`);
  const seen = /name="seen" value="(\d+)"/.exec(html)?.[1] ?? '';
  await rosa.post(`${at}/check`, { seen });
  const done = await rosa.get(`${at}/done`);
  const links = [...done.html.matchAll(/value="[^"]*(\/ca\/cosign\/[^"]+)"/g)].map(([, to]) => to!);
  const state = async () => (await town.deps.cases.bySecret(at.split('/').at(-1) ?? ''))?.state;
  return { rosa, at, id, done, links, state };
}

const hashIn = (html: string) => /name="hash" value="([\da-f]{64})"/.exec(html)?.[1] ?? '';

test('a case waits for whoever must sign, too; their signature is registered, and takes it on', async () => {
  const { rosa, at, done, links, state, id } = await handedIn([PERE]);
  expect(await faultsOf(done.html)).toEqual([]);
  expect(done.html).toContain('Pendent dels socis');
  expect(done.html).toContain('encara no ha signat');
  expect(links).toHaveLength(1);
  const [notice] = await within(town.database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('notice')
      .select(['recipient', 'facts'])
      .where('case_id', '=', id)
      .where('recipient', '=', 'jordi@example.cat')
      .execute(),
  );
  expect(notice?.facts).toMatchObject({ news: 'cosign' });
  const jordi = await identified(town, JORDI);
  const page = await jordi.get(links[0]!);
  expect(page.status).toBe(200);
  expect(await faultsOf(page.html)).toEqual([]);
  expect(page.html).toContain('Bar Pi');
  expect(await state()).toBe('socis');
  const wrong = await jordi.post(links[0]!, { act: 'sign', hash: '0'.repeat(64) });
  const again = await jordi.get(wrong.path);
  expect(again.status).toBe(409);
  expect(again.html).toContain('Torna’l a llegir abans de signar');
  expect(await state()).toBe('socis');
  await jordi.post(links[0]!, { act: 'sign', hash: hashIn(page.html) });
  expect(await state()).toBe('registered');
  const after = await jordi.get(links[0]!);
  expect(after.html).toMatch(/Entrada E\d{10}/);
  expect(await faultsOf(after.html)).toEqual([]);
  // Twice changes nothing.
  await jordi.post(links[0]!, { act: 'decline' });
  const now = await rosa.get(`${at}/done`);
  expect(now.html).toContain('va signar el');
  expect(now.html).not.toContain('/ca/cosign/');
});

test('a signature has a receipt for whoever signed alone, and for the office', async () => {
  const { rosa, at, links, id } = await handedIn([PERE, { nom: 'Amina', nif: OTHER }]);
  const [link = '', others = ''] = links;
  const jordi = await identified(town, JORDI);
  expect((await jordi.get(`${link}/receipt`)).path).toBe(link);
  await jordi.post(link, { act: 'sign', hash: hashIn((await jordi.get(link)).html) });
  const signed = await jordi.get(link);
  expect(linkTo(signed.html, /rebut sencer/)).toBe(`${link}/receipt`);
  const [number = ''] = /E2026\d{6}/.exec(signed.html) ?? [];
  const page = await jordi.get(`${link}/receipt`);
  expect(await faultsOf(page.html)).toEqual([]);
  for (const each of ['Jordi', 'La signatura del que es va presentar', 'Bar Pi', number])
    expect(page.html).toContain(each);
  expect(page.html).not.toContain('Rosa');
  const code = /code=([0-9A-Z]{28})/.exec(page.html)?.[1] ?? '';
  expect((await town.post('/ca/verify', { code })).html).toContain('La signatura del que');
  // Neither whoever applied nor another one who must sign has it, and it opens nothing of theirs.
  expect((await rosa.get(`${at}/receipt/${number}`)).status).toBe(404);
  expect((await rosa.get(`${link}/receipt`)).html).not.toContain('Bar Pi');
  const amina = await identified(town, OTHER);
  expect((await amina.get(`${link}/receipt/file`)).html).not.toContain('Bar Pi');
  expect((await amina.get(`${others}/receipt`)).path).toBe(others);
  expect((await jordi.get(`${at}/receipt`)).html).not.toContain('Bar Pi');
  expect((await rosa.get(`${at}/done`)).html).not.toContain(`receipt/${number}`);
  const office = (await town.deps.offices.find('oac'))!;
  const seen = await town.deps.receipts.of(staffOf(office, 'coordinator'), office, id, number);
  expect(seen?.issued).not.toBeNull();
});

test('two partners: the last signature takes it on, and who declines leaves it waiting', async () => {
  const { rosa, at, links, state } = await handedIn([PERE, { nom: 'Amina', nif: OTHER }]);
  const jordi = await identified(town, JORDI);
  await jordi.post(links[0]!, { act: 'sign', hash: hashIn((await jordi.get(links[0]!)).html) });
  expect(await state()).toBe('socis');
  const amina = await identified(town, OTHER);
  await amina.post(links[1]!, { act: 'decline' });
  expect(await state()).toBe('socis');
  expect((await rosa.get(`${at}/done`)).html).toContain('no signa');
});

test('the link alone, another person and a low level show nothing of it', async () => {
  const { links } = await handedIn([PERE]);
  const [link = ''] = links;
  const alone = await town.get(link);
  expect(alone.path).toContain('/ca/identify?');
  for (const browser of [await identified(town, ROSA), await identified(town, OTHER)]) {
    const page = await browser.get(link);
    expect(page.html).not.toContain('Bar Pi');
    expect(page.status).toBe(403);
    expect(page.html).toContain('Això ho ha de signar una altra persona');
    expect((await browser.post(link, { act: 'sign', hash: '0'.repeat(64) })).path).toBe(link);
    expect((await browser.get(link)).html).not.toContain('Bar Pi');
  }
  const low = await identified(town, JORDI, 'low');
  expect((await low.get(link)).path).toContain('/ca/identify?');
  const unknown = await town.get(link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')));
  expect(unknown.status).toBe(404);
});

test('whoever applies signs by handing it in, and can’t name themselves', async () => {
  const { rosa, at, links, state } = await handedIn([PERE, { nom: 'Rosa Soler', nif: ROSA }]);
  expect(links).toEqual([]);
  expect(await state()).toBe('draft');
  const check = await rosa.get(`${at}/check`);
  expect(check.html).not.toContain('name="seen"');
  const item = await rosa.get(`${at}/socis/qui/2`);
  expect(item.html).toContain('Tu ja signes en presentar-ho');
  expect(await faultsOf(item.html)).toEqual([]);
  // Nor by another page, or where it is paid.
  const office = (await town.deps.offices.find('oac'))!;
  const found = (await town.deps.cases.bySecret(at.split('/').at(-1) ?? ''))!;
  const viewer = await viewerFor(town, found);
  expect(await town.deps.cases.handIn(viewer, office, found.id)).toMatchObject({
    reason: 'invalid',
    mistakes: [{ path: ['socis', 'qui', 1, 'nif'], key: 'form.error.cosigner' }],
  });
});
