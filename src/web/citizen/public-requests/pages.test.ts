import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { requesterOf } from '../../../features/service/requests/testing.ts';
import { PIXEL } from '../../../formats/town-file/testing.ts';
import { within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf, type TestTown, testTown } from '../testing.ts';
import { numberedOf } from './map.tsx';

let town: TestTown;
let office: Office;
beforeAll(async () => {
  town = await testTown();
  office = (await town.deps.offices.find('oac'))!;
}, 60_000);
afterAll(() => town.close());

let people = 0;
/** Sends a street light that is out. Returns its reference and id. */
async function sent(text = 'No va') {
  const { requests } = town.deps;
  // What a list sums up may be a minute old.
  town.clock.advance({ minutes: 2 });
  const { id } = (await requests.begin(office, { type: 'fanal', language: 'ca' }))!;
  const own = requesterOf(id);
  people++;
  const point = { lat: 41.5523456, lon: 2.1523456 };
  const put = await requests.writePlace(own, office, id, { point, address: 'Major 7', area: null });
  const answers = { 'que-passa': ['apagat'] };
  await requests.writeText(own, office, id, { text, answers });
  const contact = { tellBy: 'email', isAnonymous: false, name: 'Rosa Soler', phone: '' };
  await requests.writeContact(own, office, id, { ...contact, email: `r${people}@example.cat` });
  const done = await requests.send(own, office, id);
  if (!put.ok || !done.ok) throw new Error(JSON.stringify([put, done]));
  return { id, own, reference: done.row.reference };
}

describe('what people have told the office', () => {
  test('is an empty list at first, in every language', async () => {
    for (const language of LANGUAGES) {
      const { status, html } = await town.get(`/${language}/oac/requests/map`);
      expect([language, status]).toEqual([language, 200]);
      expect(await faultsOf(html)).toEqual([]);
      expect(html).not.toContain('<svg class="town-map"');
    }
  });

  test('has where and how, and nobody’s words, place in words or name', async () => {
    const { reference } = await sent('Sóc la Rosa, del tercer');
    for (const path of ['', `/${reference}`]) {
      const { status, html } = await town.get(`/ca/oac/requests/map${path}`);
      expect(status).toBe(200);
      expect(html).toContain(reference);
      expect(html).toContain('town-map');
      for (const secret of ['Rosa', 'tercer', 'Major 7', '41.5523', 'example.cat'])
        expect(html).not.toContain(secret);
      expect(await faultsOf(html)).toEqual([]);
    }
  });

  test('has the words that an official passed', async () => {
    const { id, reference } = await sent('Fa dies que no va');
    const page = `/en/oac/requests/map/${reference}`;
    expect((await town.get(page)).html).not.toContain('Fa dies');
    await within(town.database.kysely, office.id, async (tx) => {
      await tx.updateTable('request').set({ shown_text: true }).where('id', '=', id).execute();
    });
    expect((await town.get(page)).html).toContain('Fa dies que no va');
    expect((await town.get(`${page}/photos/${id}`)).status).toBe(404);
  });

  test('is followed by whoever has seen it too, while it is open, and by nobody with a bad address', async () => {
    const { id, reference, own } = await sent();
    const at = `/ca/oac/requests/map/${reference}`;
    expect((await town.get(at)).html).toContain(`${at}/follow`);
    const page = await town.get(`${at}/follow`);
    expect(await faultsOf(page.html)).toEqual([]);
    const follow = (fields: Record<string, string>) =>
      town.post(`${at}/follow`, { tellBy: 'page', email: '', phone: '', ...fields });
    expect((await follow({ tellBy: 'email', email: 'no' })).html).toContain('aria-invalid');
    const told = await follow({ tellBy: 'email', email: 'pau@example.cat' });
    expect(told.path).toBe(`${at}?done=followed`);
    expect((await town.get(told.path)).html).toContain('role="status"');
    const followed = await follow({});
    expect(followed.path).toMatch(/^\/ca\/follow\//);
    await town.get(followed.path);
    const look = (await town.deps.requests.own(own, office, id))!;
    // Only whoever opened their link is counted, here the one without an address.
    expect(look.followers).toBe(1);
    await within(town.database.kysely, office.id, (tx) =>
      tx
        .updateTable('request')
        .set({ state: 'answered', closed_at: town.clock.now().toString() })
        .where('id', '=', id)
        .execute(),
    );
    expect((await town.get(`${at}/follow`)).status).toBe(404);
    expect((await follow({})).status).toBe(404);
    expect((await town.get(`/ca/oac/requests/map/AAA-AAA/follow`)).status).toBe(404);
  });

  test('has photos that an official passed, in their sides, which caches may keep', async () => {
    const { requests, documents } = town.deps as TestTown['deps'] & {
      documents: { pass(): Promise<void> };
    };
    const begun = (await requests.begin(office, { type: 'fanal', language: 'ca' }))!;
    const own = requesterOf(begun.id);
    const place = { point: { lat: 41.5523456, lon: 2.1523456 }, address: '', area: null };
    await requests.writePlace(own, office, begun.id, place);
    await requests.writeText(own, office, begun.id, {
      ...{ text: 'No va', answers: { 'que-passa': ['apagat'] } },
    });
    const nobody = { tellBy: 'page', isAnonymous: true, name: '', email: '', phone: '' };
    await requests.writeContact(own, office, begun.id, nobody);
    const added = await requests.addPhoto(own, office, begun.id, PIXEL);
    if (!added.ok) throw new Error(added.reason);
    const done = await requests.send(own, office, begun.id);
    if (!done.ok) throw new Error(done.reason);
    await documents.pass();
    const viewer = {
      kind: 'staff',
      staff: 1,
      name: 'A',
      office: office.id,
      role: 'coordinator',
      desk: null,
    } as const;
    const seen = done.row.version;
    const passed = { text: false, photos: [added.photo], seen };
    expect(await requests.show(viewer, office, begun.id, passed)).toMatchObject({ ok: true });
    const at = `/ca/oac/requests/map/${done.row.reference}`;
    expect((await town.get(at)).html).toMatch(/<img[^>]* loading="lazy"[^>]* width="1" height="1"/);
    const photo = await town.send(`${at}/photos/${added.photo}`, {});
    expect(photo.headers.get('Cache-Control')).toBe('public, max-age=3600');
    expect(photo.headers.get('Content-Disposition')).toContain('attachment');
  });

  test('is chosen by type, state and month', async () => {
    const { reference } = await sent();
    const has = async (query: string) =>
      (await town.get(`/ca/oac/requests/map?${query}`)).html.includes(reference);
    const month = town.clock.now().toString().slice(0, 7);
    expect(await has(`type=fanal&standing=open&month=${month}`)).toBe(true);
    expect(await has('standing=closed')).toBe(false);
    expect(await has('month=2000-01&type=nothing&area=%3Cb%3E')).toBe(true);
    const beyond = await town.get('/ca/oac/requests/map?after=2000-01-01_AAA-AAA');
    expect(beyond.status).toBe(303);
    for (const nowhere of ['after=2000-99-01_AAA-AAA', 'after=x', 'page=99'])
      expect((await town.get(`/ca/oac/requests/map?${nowhere}`)).status).toBe(200);
  });

  test('is not there once its person took it back, nor in another office', async () => {
    const { id, own, reference } = await sent();
    expect((await town.get(`/ca/hisenda/requests/map/${reference}`)).status).toBe(404);
    await town.deps.requests.withdraw(own, office, id);
    expect((await town.get(`/ca/oac/requests/map/${reference}`)).status).toBe(404);
  });
});

describe('the map', () => {
  test('joins the numbers of one place', () => {
    const point = { lat: 41.5, lon: 2.1 };
    expect(numberedOf([{ point }, { point: null }, { point: { ...point } }], 26)).toEqual([
      { point, numbers: [26, 28] },
    ]);
  });
});
