import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { identified, identifyIn } from '../../../testing/identified.ts';
import { faultsOf, type TestTown, testTown, WEDNESDAY } from '../../testing.ts';
import { APPLY, formOf, linkTo, PROCEDURE, publish } from '../testing.ts';

const ROSA = '12345678Z';
const JORDI = '99999999R';
/** Somebody with the certificate of an organisation. */
const COMPANY = '00000000T';
const LIST = '/ca/folder/representations';
let town: TestTown;

beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());

const FORM = {
  identity: 'substantial',
  sign: 'session',
  steps: [
    { id: 'local', questions: [{ id: 'rotul', type: 'text', required: true }] },
    {
      id: 'gent',
      questions: [{ id: 'qui', type: 'group', questions: [{ id: 'nom', type: 'text' }] }],
    },
  ],
};

beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  await publish(town, formOf(FORM));
});

const rosas = () => identified(town, ROSA);
const keyIn = (html: string) => /name="item" value="([^"]+)"/.exec(html)?.[1] ?? '';
const nextOf = (path: string) => new URL(path, 'http://localhost').searchParams.get('next') ?? '';

describe('what was typed when the session had ended', () => {
  test('is kept for the browser whose session it was, never by whoever has the link alone', async () => {
    const rosa = await rosas();
    const at = (await rosa.post(APPLY)).path;
    const here = `${at}/local/rotul`;
    // Without a session nothing is kept.
    const stranger = await town.post(here, { 'q-rotul_': 'Escrit per un altre' });
    expect(stranger.path).toMatch(/^\/ca\/identify\?/);
    expect(nextOf(stranger.path)).toBe(here);
    // With the cookie of some session that has ended, it is kept for that browser.
    const other = await identified(town, JORDI);
    town.clock.advance({ minutes: 45 });
    const next = nextOf((await other.post(here, { 'q-rotul_': 'Escrit per en Jordi' })).path);
    await identifyIn(rosa, ROSA);
    const page = await rosa.get(next);
    expect(page.status).toBe(200);
    expect(page.html).not.toContain('Escrit per');
    expect(page.html).not.toContain('La sessió s’havia tancat');
  });

  test('is there after a change of language, and in its own thing of a group', async () => {
    const rosa = await rosas();
    const at = (await rosa.post(APPLY)).path;
    const list = `${at}/gent/qui`;
    await rosa.post(list, { add: 'yes' });
    await rosa.post(list, { add: 'yes' });
    const first = keyIn((await rosa.get(`${list}/1`)).html);
    const second = keyIn((await rosa.get(`${list}/2`)).html);
    const laptop = await rosas();
    town.clock.advance({ minutes: 45 });
    const typed = { item: second, 'q-nom_': 'Amina Escrit' };
    const next = nextOf((await rosa.post(`${list}/2`, typed)).path);
    await identifyIn(laptop, ROSA);
    await laptop.post(list, { remove: first });
    await identifyIn(rosa, ROSA);
    const back = await rosa.get(next.replace('/ca/', '/es/'));
    expect(back.html).toContain('value="Amina Escrit"');
    expect(keyIn(back.html)).toBe(second);
    expect(back.html).toContain(`action="${list.replace('/ca/', '/es/')}/1"`);
    // Another tab removes it, too: it is in nobody else's place, and can be read.
    await laptop.post(list, { add: 'yes' });
    await laptop.post(list, { remove: second });
    const gone = await rosa.get(next);
    expect(gone.html).toContain('ja no hi és');
    expect(gone.html).toContain('Amina Escrit');
    expect(gone.html).not.toContain('value="Amina Escrit"');
    expect(await faultsOf(gone.html)).toEqual([]);
    expect((await rosa.get(`${list}/1`)).html).not.toContain('Amina Escrit');
  });
});

describe('whoever stands in for another', () => {
  test('begins and hands in nothing, and finds the ways out', async () => {
    const jordi = await identified(town, JORDI);
    const given = { name: 'Rosa Soler', identifier: ROSA, until: '2027-11-20', scope: 'all' };
    await jordi.post(`${LIST}/give?office=oac`, given);
    const rosa = await rosas();
    const at = (await rosa.post(APPLY)).path;
    await rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
    const which = /name="which" value="([^"]+)"/.exec((await rosa.get(LIST)).html)?.[1] ?? '';
    await rosa.post(LIST, { do: 'act', which });
    for (const page of [await rosa.get(APPLY), await rosa.get((await rosa.post(APPLY)).path)]) {
      expect(page.status).toBe(409);
      expect(page.html).toContain('Ara actues en nom de Jordi Pons');
      expect(page.html).toContain('Deixa d’actuar en nom de Jordi Pons');
      expect(linkTo(page.html, /Demana cita/)).toBe(`/ca/oac/${PROCEDURE}`);
      expect(await faultsOf(page.html)).toEqual([]);
    }
    const check = await rosa.get(`${at}/check`);
    expect(check.html).not.toContain('name="seen"');
    expect(check.html).toContain('Ara actues en nom de Jordi Pons');
    expect((await rosa.post(`${at}/check`, { seen: '1' })).path).not.toContain('/done');
    await rosa.post(LIST, { do: 'stop' });
    const own = await rosa.get(`${at}/check`);
    const [, seen = ''] = /name="seen" value="(\d+)"/.exec(own.html) ?? [];
    expect((await rosa.post(`${at}/check`, { seen })).path).toBe(`${at}/done`);
  });

  test('by the certificate of an organisation, too', async () => {
    const company = await identified(town, COMPANY);
    const page = await company.get((await company.post(APPLY)).path);
    expect(page.html).toContain('T’has identificat amb el certificat de');
    expect(linkTo(page.html, /Surt i identifica’t amb el teu/)).toBe('/ca/identify/leave');
  });
});

test('a case is handed in under the legal name, not under what somebody wants to be called', async () => {
  const rosa = await rosas();
  await rosa.post('/ca/folder/preferences', { called: 'Roseta', language: '' });
  const at = (await rosa.post(APPLY)).path;
  await rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
  expect((await rosa.get(`${at}/check`)).html).toContain(
    'Ho presentes com a Rosa Soler Vidal (***4567**)',
  );
});

test('the link to keep is that of the town, also behind a proxy', async () => {
  const rosa = await rosas();
  const at = (await rosa.post(APPLY)).path;
  const asked = new Request(`http://10.0.0.7:8080${at}`, { headers: { Cookie: rosa.cookie() } });
  const html = await (await town.fetch(asked)).text();
  expect(html).toContain(`value="http://localhost${at}"`);
});
