import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { digitsOf } from '../../../domain/one-time-code.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { dispositionOf } from '../../files/served.ts';
import {
  bookThrough,
  faultsOf,
  MARIA,
  type Page,
  type TestTown,
  testTown,
  WEDNESDAY,
} from '../testing.ts';

let town: TestTown;
let papers: string;
let nth = 0;
const key = installationKey(Buffer.alloc(32, 7));

beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());
beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  nth++;
  const person = { phone: `612 345 ${String(100 + nth)}`, email: `m${nth}@example.cat` };
  const { manage } = await bookThrough(town, { ...MARIA, ...person }, { nth });
  papers = `${manage}/documents`;
});

const hand = (file: Buffer | null, { line = '', name = 'DNI de la Maria.pdf' } = {}) => {
  const body = new FormData();
  body.set('file', file ? new File([new Uint8Array(file)], name) : new File([], ''));
  const request = new Request('http://localhost/', { method: 'POST', body });
  return request.arrayBuffer().then((bytes) =>
    town.send(`${papers}?for=${line}`, {
      method: 'POST',
      body: bytes,
      headers: {
        'Content-Type': request.headers.get('Content-Type') ?? '',
        'Content-Length': String(bytes.byteLength),
      },
    }),
  );
};
const lastCode = () =>
  within(town.database.kysely, INSTALLATION, async (tx) => {
    const row = await tx
      .selectFrom('notice')
      .select(['channel', 'facts'])
      .where('kind', '=', 'code')
      .where('recipient', '=', `+34612345${100 + nth}`)
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow();
    const { code } = row.facts as { code: string };
    return { channel: row.channel, digits: digitsOf(key, code) };
  });
const cookieIn = (page: Page) => page.headers.getSetCookie()[0]?.split(';')[0] ?? '';
async function unlock(): Promise<{ cookie: string }> {
  await town.post(`${papers}/code`, { next: 'documents' });
  const { digits } = await lastCode();
  return {
    cookie: cookieIn(await town.post(`${papers}/code`, { next: 'documents', code: digits })),
  };
}
const fileIn = (page: Page) =>
  /href="([^"]*\/documents\/[0-9a-f-]{36})"/.exec(page.html)?.[1] ?? '';

describe('without a script', () => {
  test('a form sends a document, and its line shows the state', async () => {
    expect((await town.get(papers)).html).toContain('Falta');
    const sent = await hand(randomBytes(150_000), { line: 'identitat' });
    expect([sent.status, sent.path]).toEqual([303, `${papers}?done=sent#done`]);
    const page = await town.get(`${papers}?done=sent`);
    expect(page.html).toContain('Ho hem rebut');
    expect(page.html).toContain('L’estem revisant');
    await town.deps.documents.pass();
    expect((await town.get(papers)).html).toContain('Rebut');
    expect(await faultsOf(page.html)).toEqual([]);
  });

  test.each([
    ['nothing chosen', null, 'Tria primer el fitxer'],
    ['an empty file', Buffer.alloc(0), 'Aquest fitxer és buit'],
    ['one that is too large', Buffer.alloc(25_000_001), 'És massa gran: pot fer 25 MB com a molt'],
  ])('%s is reported at its line', async (_, file, words) => {
    const page = await hand(file, { line: 'identitat' });
    expect(page.status).toBe(422);
    expect(page.html).toContain('href="#file-identitat"');
    expect(page.html).toContain(words);
    expect(await faultsOf(page.html)).toEqual([]);
  });
});

describe('the link alone', () => {
  test('shows neither a name nor a document', async () => {
    await hand(randomBytes(100));
    await town.deps.documents.pass();
    const page = await town.get(papers);
    expect(page.html).not.toContain('Maria');
    expect(fileIn(page)).toBe('');
    const { cookie } = await unlock();
    const file = fileIn(await town.get(papers, { cookie }));
    const refused = await town.get(file);
    expect([refused.status, refused.path]).toEqual([303, `${papers}/code?next=documents`]);
    const nowhere = await town.get(`${papers}/00000000-0000-4000-8000-000000000000`);
    expect([nowhere.status, nowhere.path]).toEqual([refused.status, refused.path]);
    const other = await town.get(file, {
      cookie: cookie.replace(/=.*/, '=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'),
    });
    expect(other.status).toBe(303);
  });

  test('abandons a running upload, and removes no arrived document', async () => {
    const tus = { 'Tus-Resumable': '1.0.0', 'Upload-Length': '10' };
    const { path } = await town.send(`${papers}/upload`, { method: 'POST', headers: tus });
    const id = path.split('/').at(-1) ?? '';
    const done = await town.post(`${papers}/${id}/withdraw`, {});
    expect(done.path).toBe(`${papers}?done=withdrawn#done`);
    expect((await town.send(path, { method: 'HEAD', headers: tus })).status).toBe(404);
    await hand(randomBytes(100));
    const { cookie } = await unlock();
    await town.deps.documents.pass();
    const file = fileIn(await town.get(papers, { cookie }));
    for (const each of [file, `${papers}/${id}`]) {
      const refused = await town.post(`${each}/withdraw`, {});
      expect([refused.status, refused.path]).toEqual([303, `${papers}/code?next=documents`]);
    }
    expect((await town.get(file, { cookie })).status).toBe(200);
  });

  test('can’t redirect the code to another address, once there are documents', async () => {
    const contact = papers.replace('/documents', '/contact');
    expect((await town.get(contact)).status).toBe(200);
    await hand(randomBytes(100));
    const asked = await town.get(contact);
    expect([asked.status, asked.path]).toEqual([303, `${papers}/code?next=contact`]);
    const changed = await town.post(contact, { ...MARIA, phone: '699 999 999' });
    expect(changed.path).toBe(`${papers}/code?next=contact`);
    const { cookie } = await unlock();
    expect((await town.get(contact, { cookie })).status).toBe(200);
  });

  test('keeps the proof when the citizen changes the telephone; codes to the previous one are void', async () => {
    await hand(randomBytes(100));
    const contact = papers.replace('/documents', '/contact');
    const { cookie } = await unlock();
    const isProved = async () =>
      (await town.get(papers, { cookie })).html.includes('DNI de la Maria');
    const change = (over: object) =>
      town.send(contact, {
        method: 'POST',
        headers: { cookie },
        body: new URLSearchParams({ ...MARIA, email: `m${nth}@example.cat`, ...over }),
      });
    const phone = `612 345 ${String(100 + nth)}`;
    await change({ name: 'Maria Puig i Roca', phone });
    expect(await isProved()).toBe(true);
    town.clock.advance({ minutes: 1 });
    await town.post(`${papers}/code`, { next: 'documents' });
    const { digits } = await lastCode();
    await change({ phone: `699 345 ${String(100 + nth)}` });
    expect(await isProved()).toBe(true);
    const late = await town.post(`${papers}/code`, { next: 'documents', code: digits });
    expect(late.html).toContain('ja no val');
  });
});

describe('the code', () => {
  test('goes by SMS, works once, and this browser needs it no more', async () => {
    const bytes = randomBytes(90_000);
    await hand(bytes);
    await town.deps.documents.pass();
    const before = await town.get(`${papers}/code`);
    expect(before.html).toContain('T’enviarem un SMS');
    expect(await faultsOf(before.html)).toEqual([]);
    const sent = await town.submit(`${papers}/code`, { next: 'documents' });
    expect(sent.html).toContain(`acabat en ${String(100 + nth)}`);
    expect(await faultsOf(sent.html)).toEqual([]);
    const { channel, digits } = await lastCode();
    expect(channel).toBe('sms');
    const right = await town.post(`${papers}/code`, { next: 'documents', code: digits });
    expect(right.path).toBe(`${papers}?done=unlocked`);
    expect(right.headers.getSetCookie()[0]).toMatch(/; HttpOnly; SameSite=Lax/);
    const cookie = cookieIn(right);
    const page = await town.get(papers, { cookie });
    expect(page.html).toContain('DNI de la Maria.pdf');
    expect(await faultsOf(page.html)).toEqual([]);
    const again = await town.post(`${papers}/code`, { next: 'documents', code: digits });
    expect(again.html).toContain('ja no val');
  });

  test('shows the remaining tries, and is sent once a minute', async () => {
    await town.post(`${papers}/code`, { next: 'documents' });
    const { digits } = await lastCode();
    const wrong = digits === '000000' ? '000001' : '000000';
    const tries: string[] = [];
    for (let left = 4; left >= 0; left--) {
      const page = await town.post(`${papers}/code`, { next: 'documents', code: wrong });
      expect(page.status).toBe(422);
      tries.push(/Et que[^.]*\.|no es pot tornar a provar/.exec(page.html)?.[0] ?? '');
    }
    expect(tries.at(0)).toBe('Et queden 4 intents.');
    expect(tries.at(-1)).toBe('no es pot tornar a provar');
    const late = await town.post(`${papers}/code`, { next: 'documents', code: digits });
    expect(late.html).toContain('ja no val');
    const soon = await town.post(`${papers}/code`, { next: 'documents' });
    expect(soon.html).toContain('En pots demanar un altre');
    town.clock.advance({ minutes: 1 });
    expect((await town.post(`${papers}/code`, { next: 'documents' })).status).toBe(303);
  });

  test('expires after ten minutes', async () => {
    await town.post(`${papers}/code`, { next: 'documents' });
    const { digits } = await lastCode();
    town.clock.advance({ minutes: 10 });
    const late = await town.post(`${papers}/code`, { next: 'documents', code: digits });
    expect(late.html).toContain('ja no val');
  });
});

test('a document is a download, never a page of ours', async () => {
  await hand(Buffer.from('<script>alert(1)</script>'), { name: 'dni "1".pdf' });
  await town.deps.documents.pass();
  const { cookie } = await unlock();
  const file = fileIn(await town.get(papers, { cookie }));
  const { headers, html } = await town.get(file, { cookie });
  expect(html).toBe('<script>alert(1)</script>');
  expect(headers.get('Content-Disposition')).toMatch(/^attachment; /);
  expect(headers.get('Content-Security-Policy')).toMatch(/^sandbox; default-src 'none'/);
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(headers.get('Cache-Control')).toBe('no-store');
  const taken = await town.send(`${file}/withdraw`, { method: 'POST', headers: { cookie } });
  expect(taken.path).toBe(`${papers}?done=withdrawn#done`);
  expect((await town.get(file, { cookie })).status).toBe(404);
});

test.each([
  ['dni.pdf', `attachment; filename="dni.pdf"; filename*=UTF-8''dni.pdf`],
  [
    'Certificat d’empadronament.pdf',
    `attachment; filename="Certificat d_empadronament.pdf"; filename*=UTF-8''Certificat%20d%E2%80%99empadronament.pdf`,
  ],
  ["a'b(c)*.pdf", `attachment; filename="a_b_c__.pdf"; filename*=UTF-8''a%27b%28c%29%2A.pdf`],
])('%s is named like this in a header', (name, header) => expect(dispositionOf(name)).toBe(header));

describe('another tus client', () => {
  test('sends a document in parts', async () => {
    const server = serve({ fetch: town.fetch, port: 0, hostname: '127.0.0.1' });
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const bytes = randomBytes(1_300_000);
    const reached: number[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        new Upload(bytes, {
          endpoint: `http://127.0.0.1:${port}${papers}/upload`,
          chunkSize: 500_000,
          metadata: { filename: 'padró.pdf', filetype: 'application/pdf', requested: 'identitat' },
          onChunkComplete: (_, accepted) => reached.push(accepted),
          onSuccess: () => resolve(),
          onError: reject,
        }).start();
      });
    } finally {
      server.close();
    }
    // Whole segments, and then the rest.
    expect(reached.slice(0, -1).every((each) => each % 65_536 === 0)).toBe(true);
    expect(reached.at(-1)).toBe(bytes.length);
    await town.deps.documents.pass();
    const { cookie } = await unlock();
    const page = await town.get(papers, { cookie });
    expect(page.html).toContain('padró.pdf');
  });

  test('gets a refusal with a code for the cause', async () => {
    const create = (headers: Record<string, string>) =>
      town.send(`${papers}/upload`, { method: 'POST', headers });
    const tus = { 'Tus-Resumable': '1.0.0' };
    expect((await create({ 'Upload-Length': '1' })).status).toBe(412);
    expect((await create(tus)).status).toBe(400);
    const large = await create({ ...tus, 'Upload-Length': '25000001' });
    expect([large.status, large.html]).toEqual([413, '{"reason":"too_large"}']);
    const { path } = await create({ ...tus, 'Upload-Length': '10' });
    const send = (offset: string, type = 'application/offset+octet-stream') =>
      town.send(path, {
        method: 'PATCH',
        body: '0123456789',
        headers: { ...tus, 'Content-Type': type, 'Upload-Offset': offset },
      });
    expect((await send('5')).status).toBe(409);
    expect((await send('0', 'text/plain')).status).toBe(415);
    expect((await send('x')).status).toBe(400);
    const done = await send('0');
    expect([done.status, done.headers.get('Upload-Offset')]).toEqual([204, '10']);
    expect((await send('10')).status).toBe(409);
    const head = await town.send(path, { method: 'HEAD', headers: tus });
    expect([head.status, head.headers.get('Upload-Offset')]).toEqual([200, '10']);
    const nowhere = path.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');
    expect((await town.send(nowhere, { method: 'HEAD', headers: tus })).status).toBe(404);
  });
});
