import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { jpg } from '../../../features/service/documents/checks/testing/files.ts';
import { exif } from '../../../features/service/photos/testing.ts';
import { TEST_AREAS } from '../../../features/service/requests/testing.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { faultsOf, type TestTown, testTown, WEDNESDAY } from '../testing.ts';

let town: TestTown;

beforeAll(async () => {
  town = await testTown();
  await within(town.database.kysely, INSTALLATION, (tx) =>
    tx
      .updateTable('town')
      .set({ areas: JSON.stringify(TEST_AREAS) })
      .execute(),
  );
});
afterAll(() => town.close());
beforeEach(() => town.clock.set(WEDNESDAY));

const LIST = '/ca/oac/requests';
const VIEW = '2.100000,41.500000,2.200000,41.600000';
let people = 0;

/** Begins a request of a type, and returns the address of its page. */
async function begin(type: string, language = 'ca'): Promise<string> {
  const { path } = await town.post(`/${language}/oac/requests`, { type });
  return path.split('/').slice(0, 4).join('/');
}

/** Writes one to its last page. */
async function write(type = 'fanal', address = 'Plaça Major, 1') {
  const page = await begin(type);
  await town.post(`${page}/where`, { address, area: '', point: '41.55, 2.15' });
  await town.post(`${page}/what`, { text: 'No s’encén', 'q-que-passa': 'apagat' });
  people++;
  const email = `rosa.${people}@example.cat`;
  await town.post(`${page}/contact`, { tellBy: 'email', name: 'Rosa Soler', email, phone: '' });
  return page;
}

const send = async (page: string) => town.submit(`${page}/check`, {});
const referenceIn = (html: string) => /\b[A-Z0-9]{3}-[A-Z0-9]{3}\b/.exec(html)![0];

async function staffOf(): Promise<StaffViewer> {
  const office = (await town.deps.offices.find('oac'))!;
  return { kind: 'staff', staff: 1, name: 'A', office: office.id, role: 'coordinator', desk: null };
}

/** Takes a step as whoever coordinates. */
async function step(
  page: string,
  what: { step: 'ask' | 'answer' | 'begin'; words?: string },
): Promise<void> {
  const secret = page.split('/').at(-1)!;
  const office = (await town.deps.offices.find('oac'))!;
  const { id } = (await town.deps.requests.bySecret(secret))!;
  const viewer = await staffOf();
  const { row } = (await town.deps.requests.work(viewer, office, id))!;
  await town.deps.requests.step(viewer, office, id, { ...what, seen: row.version });
}

describe('what can be told', () => {
  test('is listed by groups, found by other words, and linked from the home pages', async () => {
    const list = await town.get(LIST);
    expect(await faultsOf(list.html)).toEqual([]);
    expect(list.html).toContain('Carrers i places');
    const found = await town.get(`${LIST}?q=bombeta`);
    expect(found.html).toContain('N’hi ha un amb «bombeta»');
    expect(found.html).not.toContain('Clot o vorera');
    expect((await town.get(`${LIST}?q=zzz`)).html).toContain('No n’hi ha cap');
    for (const home of ['/ca', '/ca/oac'])
      expect((await town.get(home)).html).toContain(`href="${LIST}"`);
    expect((await town.post(LIST, { type: 'res' })).status).toBe(404);
  });

  test('is on a map that is drawn here', async () => {
    const map = await town.get(`${LIST}/map.svg?view=${VIEW}&at=41.55,2.15`);
    expect(map.headers.get('Content-Type')).toBe('image/svg+xml');
    expect(map.html).toContain('Les Eres');
    expect(map.html).toContain('<circle');
    expect(map.html).not.toMatch(/href|script|http(?!:\/\/www\.w3\.org)/);
  });
});

describe('a request is written page by page', () => {
  test('to the end, in each language, without a fault', async () => {
    for (const language of LANGUAGES) {
      const page = await begin('fanal', language);
      const steps = ['where', 'what', 'photos', 'contact'];
      for (const name of steps) {
        const { html, status } = await town.get(`${page}/${name}`);
        expect([name, status, await faultsOf(html)]).toEqual([name, 200, []]);
      }
    }
    const page = await write();
    const check = await town.get(`${page}/check`);
    expect(await faultsOf(check.html)).toEqual([]);
    for (const each of ['Plaça Major, 1', 'Centre', 'No s’encén', 'Està apagat', 'Rosa Soler'])
      expect(check.html).toContain(each);
    const sent = await send(page);
    expect(sent.path).toBe(`${page}?done=sent`);
    expect(sent.html).toContain('T’hem enviat un missatge');
    expect(await faultsOf(sent.html)).toEqual([]);
    // Ten working days after Wednesday 25 November, of which two are holidays.
    expect(sent.html).toContain('Et respondrem com a molt tard');
    const again = await send(page);
    expect(referenceIn(again.html)).toBe(referenceIn(sent.html));
    expect((await town.get(`${page}/what`)).path).toBe(page);
  });

  test('and loses nothing that is wrong: each mistake stands at its field', async () => {
    const page = await begin('fanal');
    const where = await town.post(`${page}/where`, { address: '', area: '', point: '' });
    expect(where.html).toContain('href="#address"');
    const far = await town.post(`${page}/where`, { address: 'Lluny', area: '', point: '40, 2' });
    expect(far.html).toContain('Aquest lloc no és del municipi');
    expect(far.html).toContain('value="Lluny"');
    await town.post(`${page}/where`, { address: 'Plaça', area: 'centre', point: '' });
    const what = await town.post(`${page}/what`, { text: 'Fosc' });
    expect(what.html).toContain('href="#q-que-passa"');
    expect(what.html).toContain('>Fosc</textarea>');
    const contact = { tellBy: 'email', name: 'Rosa', email: 'rosa@', phone: '' };
    const wrong = await town.post(`${page}/contact`, contact);
    expect(wrong.html).toContain('href="#email"');
    expect(wrong.html).toContain('value="rosa@"');
    // Whoever opens the last page first is led to what lacks.
    expect((await town.get(`${page}/check`)).path).toBe(`${page}/what`);
  });

  test('without scripts at a point of the map: a click keeps what was typed, a key chooses none', async () => {
    const page = await begin('clot');
    const typed = { address: 'Al mig', area: '', point: '', view: VIEW };
    const click = { 'map-small.x': '132', 'map-small.y': '66' };
    const at = await town.submit(`${page}/where`, { ...typed, ...click });
    expect(at.path).toBe(`${page}/where#map`);
    expect(at.html).toContain('value="41.575, 2.15"');
    expect(at.html).toContain('value="Al mig"');
    const none = { 'map-large.x': '0', 'map-large.y': '0' };
    const nowhere = { ...typed, address: '', ...none };
    expect((await town.post(`${page}/where`, nowhere)).status).toBe(422);
    const byKey = await town.post(`${page}/where`, { ...typed, ...none });
    expect([byKey.status, byKey.path]).toEqual([303, `${page}/similar`]);
  });

  test('and Enter in a field goes on: the map is not the first button of its form', async () => {
    const { html } = await town.get(`${await begin('clot')}/where`);
    const form = /<form class="form"[\s\S]*?<\/form>/.exec(html)![0];
    const [first] = /<[^>]* type="(?:submit|image)"[^>]*>/.exec(form)!;
    expect(first).toContain('<button');
  });

  test('without saying who it is, where the type allows it', async () => {
    const page = await begin('suggeriment');
    await town.post(`${page}/what`, { text: 'Més ombra' });
    await town.post(`${page}/contact`, {
      tellBy: 'anonymous',
      name: 'No em diguis',
      email: 'x@y.cat',
    });
    const sent = await send(page);
    expect(sent.html).toContain('Guarda l’adreça d’aquesta pàgina');
    const other = await begin('consulta');
    expect((await town.get(`${other}/contact`)).html).not.toContain('value="anonymous"');
  });

  test('with hostile words, which are only words', async () => {
    const page = await write('clot');
    const text = '<script>alert(1)</script>\u202egnirts "&\u0000';
    await town.post(`${page}/what`, { text });
    const { html } = await town.get(`${page}/check`);
    expect(html).toContain('&lt;script>alert(1)');
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('\u202e');
  });
});

/** Sends a photo as a browser without scripts does. */
function sendPhoto(page: string, bytes: Uint8Array, name = 'foto.jpg') {
  const body = new FormData();
  body.append('file', new File([new Uint8Array(bytes)], name, { type: 'image/jpeg' }));
  body.append('add', '1');
  const request = new Request('http://x', { method: 'POST', body });
  return (async () => {
    const raw = Buffer.from(await request.arrayBuffer());
    const headers = {
      'Content-Type': request.headers.get('Content-Type')!,
      'Content-Length': String(raw.length),
    };
    return town.send(`${page}/photos`, { method: 'POST', headers, body: raw });
  })();
}

describe('photos', () => {
  test('are taken without what their camera wrote, up to so many, and taken out again', async () => {
    const page = await begin('fanal');
    const picture = jpg(40, 30, exif(6));
    for (let nth = 0; nth < 3; nth++) await sendPhoto(page, picture);
    const full = await town.get(`${page}/photos`);
    expect(full.html).toContain('Ja hi ha les 3 fotos');
    expect(await faultsOf(full.html)).toEqual([]);
    const [, photo = ''] = /name="remove" value="([^"]+)"/.exec(full.html)!;
    await town.post(`${page}/photos`, { remove: photo });
    expect((await town.get(`${page}/photos`)).html).not.toContain(photo);
  });

  test.each([
    ['text', Buffer.from('<svg onload="alert(1)">'), 'Això no és una foto'],
    ['nothing', Buffer.alloc(0), 'El fitxer és buit'],
  ])('that are %s are refused at their field', async (_, bytes, words) => {
    const page = await begin('fanal');
    const refused = await sendPhoto(page, bytes);
    expect(refused.status).toBe(422);
    expect(refused.html).toContain(words);
  });
});

describe('what others told near by', () => {
  test('is shown before another one is made, and can be followed and left', async () => {
    const first = await write('senyal', 'Al semàfor de la Maria');
    const { html } = await send(first);
    const reference = referenceIn(html);
    const page = await begin('senyal');
    const to = await town.submit(`${page}/where`, {
      address: '',
      area: '',
      point: '41.5501, 2.15',
    });
    expect(to.path).toBe(`${page}/similar`);
    expect(to.html).toContain('A menys de 50 metres');
    expect(to.html).not.toContain('Maria');
    expect(await faultsOf(to.html)).toEqual([]);
    const nothing = await town.post(`${page}/similar`, { same: '', tellBy: 'page' });
    expect(nothing.status).toBe(422);
    const typed = { same: reference, tellBy: 'email', email: 'pau@example.cat', phone: '' };
    // Only the message has the link of an address.
    const asked = await town.submit(`${page}/similar`, typed);
    expect(asked.html).toContain('Mira els missatges');
    expect(await faultsOf(asked.html)).toEqual([]);
    const follow = await town.submit(`${page}/similar`, { ...typed, tellBy: 'page' });
    expect(follow.html).toContain('t’hi hem sumat');
    expect(await faultsOf(follow.html)).toEqual([]);
    const at = follow.path.split('?')[0]!;
    expect(follow.html).not.toContain('Maria');
    const left = await town.submit(at, {});
    expect(left.html).toContain('Ja no ho segueixes');
    // Where there is nothing like it, the page is left out.
    const far = await begin('senyal');
    const { path } = await town.post(`${far}/where`, {
      address: '',
      area: '',
      point: '41.58, 2.11',
    });
    expect((await town.get(path)).path).toBe(`${far}/what`);
  });

  test('of a type that isn’t public is told to nobody', async () => {
    await send(await write('plagues', 'Carrer Nou, 3'));
    const page = await begin('plagues');
    const { path } = await town.post(`${page}/where`, {
      address: 'Carrer Nou, 3',
      area: '',
      point: '',
    });
    expect(path).toBe(`${page}/what`);
  });
});

describe('one’s own page', () => {
  test('answers what the office asked, is answered, reopened and withdrawn', async () => {
    const page = await write();
    await send(page);
    await step(page, { step: 'ask', words: 'Quin és?' });
    const asked = await town.get(page);
    expect(asked.html).toContain('Quin és?');
    expect(await faultsOf(asked.html)).toEqual([]);
    expect((await town.post(page, { text: '' })).html).toContain('Primer escriu alguna cosa');
    expect((await town.submit(page, { text: 'El del mig' })).html).toContain('El del mig');
    await step(page, { step: 'answer', words: 'Reparat' });
    const answered = await town.get(page);
    expect(answered.html).toContain('Reparat');
    expect(answered.html).toContain(`${page}/reopen`);
    const survey = await town.get(`${page}/survey`);
    expect(await faultsOf(survey.html)).toEqual([]);
    expect((await town.post(`${page}/survey`, {})).status).toBe(422);
    expect((await town.submit(`${page}/survey`, { score: '9', solved: 'yes' })).html).toContain(
      'Gràcies per dir-nos',
    );
    expect((await town.post(`${page}/reopen`, { text: ' ' })).status).toBe(422);
    const reopened = await town.submit(`${page}/reopen`, { text: 'Torna a fallar' });
    expect(reopened.html).toContain('Torna a estar oberta');
    expect(await faultsOf((await town.get(`${page}/withdraw`)).html)).toEqual([]);
    const withdrawn = await town.submit(`${page}/withdraw`, {});
    expect(withdrawn.html).toContain('Retirada');
    expect((await town.get(`${page}/withdraw`)).path).toBe(page);
  });

  test('says that the office is late, once its term has passed', async () => {
    const page = await write();
    await send(page);
    town.clock.set('2026-12-10T23:30:00+01:00');
    expect((await town.get(page)).html).toContain('Et respondrem com a molt tard');
    town.clock.set('2026-12-11T00:30:00+01:00');
    const { html } = await town.get(page);
    expect(html).toContain('i anem tard');
    expect(html).not.toContain('Et respondrem');
  });

  test('taken back, is told to those who follow it as another’s', async () => {
    const page = await write('arbre', 'Parc del Nord');
    const reference = referenceIn((await send(page)).html);
    const made = await town.deps.requests.follow(
      (await town.deps.offices.find('oac'))!,
      reference,
      {
        ...{ tellBy: 'page', email: '', phone: '', language: 'ca' },
      },
    );
    const secret = made.ok ? made.secret : null;
    await town.submit(`/ca/follow/${secret}`, {});
    expect((await town.submit(`${page}/withdraw`, {})).html).toContain('La vas retirar');
    const { html } = await town.get(`/ca/follow/${secret}`);
    expect(html).toContain('Qui l’havia enviada la va retirar.');
    expect(html).not.toContain('La vas retirar');
  });

  test('is nobody’s by another secret, and can be found again by its address alone', async () => {
    expect((await town.get('/ca/request/secret')).status).toBe(404);
    expect((await town.get('/ca/follow/secret')).status).toBe(404);
    const lost = await town.get(`${LIST}/lost`);
    expect(await faultsOf(lost.html)).toEqual([]);
    expect((await town.post(`${LIST}/lost`, { contact: 'rosa' })).status).toBe(422);
    const sent = await town.submit(`${LIST}/lost`, { contact: 'nobody@example.cat' });
    expect(sent.path).toBe(`${LIST}/lost?sent=1`);
  });
});
