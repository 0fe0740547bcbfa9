import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { exportTown, planTown } from '../../features/booking/administration/service.ts';
import { png } from '../../features/service/documents/checks/testing/files.ts';
import { pictureOf } from '../../formats/town-file/look/logo.ts';
import { checkTownFile } from '../../formats/town-file/reading/check.ts';
import { PIXEL, SHIELD } from '../../formats/town-file/testing.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import { openAssets } from '../assets.ts';
import { faultsOf } from '../citizen/testing.ts';
import { ALBERT, type ConsoleWorld, consoleWorld } from '../console/testing.ts';
import { logoFiles } from '../files/logos.ts';
import { sendPage } from '../respond.tsx';
import { fieldsIn } from './testing.ts';

const say = translateTo('ca');
const ALT = { ca: 'Escut', es: 'Escudo', en: 'Coat of arms', eu: 'Armarria' };
const LOOK = '/console/oac/admin/look';
let world: ConsoleWorld;
let headers: Record<string, string>;
beforeAll(async () => {
  world = await consoleWorld();
  headers = { cookie: await world.signIn(ALBERT), 'Accept-Language': 'ca' };
}, 60_000);
afterAll(() => world?.close());

const form = async () => fieldsIn(await (await world.app.request(LOOK, { headers })).text());

/** Gets what citizens see of the office: one of its pages, and its logo. */
async function get(path: string): Promise<Response> {
  const site = new Hono();
  const { offices } = world;
  site.route('/', logoFiles({ offices }));
  site.get('/:language/oac', async (c) => {
    const [town, office] = [await offices.town(), await offices.find('oac')];
    const t = translateTo(c.req.param('language') as Language);
    return sendPage(c, openAssets('/nowhere'), { t, title: 'x', town, office, children: null });
  });
  return site.request(path);
}
const exported = async () => (await exportTown(world.database.kysely)) ?? '';
const logo = async () => parse(await exported()).offices.oac.look?.logo;

/** Sends the look's form as a browser does, with a file or none chosen. */
async function send(fields: URLSearchParams, file: Blob | null, more: Record<string, string> = {}) {
  const body = new FormData();
  for (const [name, text] of fields) body.append(name, text);
  for (const [name, text] of Object.entries({ act: 'save', ...more })) body.set(name, text);
  body.append('file', file ?? new Blob([]), file ? 'escut' : '');
  const encoded = new Response(body);
  const bytes = Buffer.from(await encoded.arrayBuffer());
  const sent = {
    ...headers,
    'Content-Type': encoded.headers.get('Content-Type') ?? '',
    'Content-Length': String(bytes.length),
  };
  const response = await world.app.request(LOOK, { method: 'POST', headers: sent, body: bytes });
  const to = response.headers.get('Location');
  const csp = response.headers.get('Content-Security-Policy');
  return { status: response.status, to, csp, html: await response.text() };
}

async function withAlt() {
  const fields = await form();
  for (const [language, text] of Object.entries(ALT)) fields.set(`look-logo-alt-${language}`, text);
  return fields;
}

const drawing = (text: string) => new Blob([text], { type: 'image/svg+xml' });

describe('a logo that is uploaded', () => {
  test('is on the citizen’s pages, in each language, and in the exported town file', async () => {
    expect(await send(await withAlt(), drawing(SHIELD))).toMatchObject({
      ...{ status: 303, to: `${LOOK}?done=saved` },
    });
    const html = await (await get('/es/oac')).text();
    const [, address = ''] = /<img src="([^"]+)" alt="Escudo"/.exec(html) ?? [];
    const served = await get(address);
    expect(served.status).toBe(200);
    expect(await served.text()).toBe(SHIELD);
    expect(Object.fromEntries(served.headers)).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-disposition': expect.stringMatching(/^attachment/),
      'content-security-policy': expect.stringMatching(/default-src 'none'.*sandbox/),
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const yaml = await exported();
    const data = `data:image/svg+xml;base64,${Buffer.from(SHIELD).toString('base64')}`;
    expect(parse(yaml).offices.oac.look.logo).toEqual({ url: data, alt: ALT });
    const checked = checkTownFile(yaml);
    if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
    expect(
      await planTown(
        world.database.kysely,
        checked.town,
        Temporal.Instant.from('2026-11-25T09:00:00Z'),
      ),
    ).toMatchObject({
      changes: [],
    });
  });

  test('is shown in a few words where it is recorded', async () => {
    const rows = await within(world.database.kysely, INSTALLATION, (tx) =>
      tx.selectFrom('audit').select('data').where('action', '=', 'declared').execute(),
    );
    const text = JSON.stringify(rows);
    expect(text).toContain('image/svg+xml, 0.');
    expect(text).not.toContain('base64');
  });

  test('stays when the rest of the form is changed', async () => {
    const before = await logo();
    const fields = await form();
    fields.set('look-logo-alt-ca', 'L’escut');
    expect((await send(fields, null)).to).toBe(`${LOOK}?done=saved`);
    expect(await logo()).toEqual({ ...before, alt: { ...ALT, ca: 'L’escut' } });
  });

  test('loses neither the typed values nor the previous logo when it is refused', async () => {
    const before = await logo();
    for (const [file, kind] of [
      [drawing('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'picture_active'],
      [drawing('<svg'), 'picture_broken'],
      [new Blob(['%PDF-1.7'], { type: 'image/png' }), 'picture_kind'],
      [new Blob([PIXEL, new Uint8Array(3_000_000)]), 'picture_large'],
      [new Blob([new Uint8Array(png(3_000, 50))]), 'picture_wide'],
    ] as const) {
      const max = kind === 'picture_wide' ? 2_000 : 100;
      const fields = await form();
      fields.set('look-logo-alt-ca', 'Una altra cosa');
      for (const act of ['save', 'look-at']) {
        const sent = await send(fields, file, { act });
        expect([kind, act, sent.status]).toEqual([kind, act, 422]);
        expect(sent.html).toContain(say(`admin.slip.${kind}`, { max }));
        expect(await faultsOf(sent.html)).toEqual([]);
        const again = fieldsIn(sent.html);
        expect(again.get('look-logo-alt-ca')).toBe('Una altra cosa');
        expect(again.get('look-logo-url-kept')).toBe(before.url);
      }
    }
    expect(await logo()).toEqual(before);
  });

  test('that can’t be read now leads back, where the browser still has the typed values', async () => {
    const begin = async (length: number, body: ReadableStream | string = 'x') => {
      const response = await world.app.request(LOOK, {
        method: 'POST',
        headers: {
          ...{ ...headers, 'Content-Length': String(length) },
          'Content-Type': 'multipart/form-data; boundary=x',
        },
        ...{ body, duplex: 'half' },
      } as RequestInit);
      return [response, await response.text()] as const;
    };
    const [large, tooLarge] = await begin(40_000_000);
    expect([large.status, large.headers.get('Retry-After')]).toEqual([413, null]);
    expect(tooLarge).toContain(say('admin.unread.too_large.text'));
    // One address may send one of two uploads, which waits for its remaining bytes.
    const rests = [new TransformStream(), new TransformStream()];
    const both = rests.map((each) => begin(20_000_000, each.readable));
    const [busy, later] = await Promise.race(both);
    expect([busy.status, busy.headers.get('Retry-After')]).toEqual([429, '20']);
    expect(later).toContain(say('admin.unread.busy.text'));
    for (const html of [tooLarge, later]) {
      expect(html).not.toContain('class="form admin"');
      expect(await faultsOf(html)).toEqual([]);
    }
    for (const each of rests) void each.writable.close();
    await Promise.all(both);
  });

  test('is kept when something else is refused', async () => {
    const fields = await form();
    fields.set('look-accent-light', '#ffcc00');
    const refused = await send(fields, new Blob([PIXEL]));
    expect(refused.status).toBe(422);
    expect(refused.csp).toContain("img-src 'self' data:");
    const again = fieldsIn(refused.html);
    again.set('look-accent-light', '#0b5d66');
    expect((await send(again, null)).to).toBe(`${LOOK}?done=saved`);
    const url = `data:image/png;base64,${PIXEL.toString('base64')}`;
    expect(await logo()).toMatchObject({ url });
  });

  test('disappears after a button and a save, and so does its address', async () => {
    const [, address = ''] =
      /<img src="(\/logo\/[^"]+)"/.exec(await (await get('/ca/oac')).text()) ?? [];
    expect((await get(address)).status).toBe(200);
    const cleared = await send(await form(), null, { act: 'clear:look-logo' });
    expect(cleared.status).toBe(200);
    expect((await send(fieldsIn(cleared.html), null)).to).toBe(`${LOOK}?done=saved`);
    expect(await logo()).toBeUndefined();
    expect((await get(address)).status).toBe(404);
    expect(await (await get('/ca/oac')).text()).not.toContain('<img');
  });

  test('may be an external address, which pages may then show', async () => {
    const fields = await withAlt();
    fields.set('look-logo-url', 'https://vilaclara.example/escut.svg');
    expect((await send(fields, null)).to).toBe(`${LOOK}?done=saved`);
    const shown = await get('/ca/oac');
    expect(await shown.text()).toContain('<img src="https://vilaclara.example/escut.svg"');
    expect(shown.headers.get('Content-Security-Policy')).toContain(
      "img-src 'self' https://vilaclara.example",
    );
  });

  test('is served for the documents of a closed office', async () => {
    const { to } = await send(await withAlt(), drawing(SHIELD));
    expect(to).toBe(`${LOOK}?done=saved`);
    const address = `/logo/${pictureOf((await logo()).url)?.name}`;
    const retire = (at: string | null) =>
      within(world.database.kysely, INSTALLATION, (tx) =>
        tx.updateTable('office').set({ retired_at: at }).where('code', '=', 'oac').execute(),
      );
    await retire('2026-11-25T09:00:00Z');
    const served = await get(address);
    await retire(null);
    expect(await served.text()).toBe(SHIELD);
  });

  test('says what it shows', async () => {
    const fields = await form();
    for (const language of Object.keys(ALT)) fields.set(`look-logo-alt-${language}`, '');
    const refused = await send(fields, drawing(SHIELD));
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('href="#look-logo-alt-ca"');
  });
});
