import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { bookThrough, type Page, type TestTown, testTown, WEDNESDAY } from './testing.ts';

let town: TestTown;
let manage: string;
beforeAll(async () => {
  town = await testTown();
  town.clock.set(WEDNESDAY);
  ({ manage } = await bookThrough(town));
});
afterAll(() => town.close());
beforeEach(() => town.clock.set(WEDNESDAY));

const TYPED = 'Mercè Vilà i Prat';
const WRONG = { name: TYPED, phone: '12', email: 'maria@example.cat' };

/** Sends a form; returns the redirect itself. */
async function send(path: string, form: Record<string, string>): Promise<Page> {
  const body = new URLSearchParams(form);
  const answer = await town.fetch(new Request(`http://localhost${path}`, { method: 'POST', body }));
  const { status, headers } = answer;
  return { status, headers, path: headers.get('Location') ?? path, html: await answer.text() };
}
const actionIn = ({ html }: Page): string =>
  /<form[^>]*action="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
const draftsKept = () =>
  within(town.database.kysely, INSTALLATION, (tx) => tx.selectFrom('draft').selectAll().execute());

test('a form with mistakes leads to an address that shows them, as often as it is asked for', async () => {
  const path = `${manage}/contact`;
  const answer = await send(path, WRONG);
  expect([answer.status, answer.html]).toEqual([303, '']);
  expect(answer.path).toMatch(new RegExp(`^${path}\\?draft=[\\w-]{32}$`));
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
  for (let times = 0; times < 2; times++) {
    const page = await town.get(answer.path);
    expect(page.status).toBe(422);
    expect(page.html).toContain(`value="${TYPED}"`);
    expect(page.html).toContain('<a href="#phone">');
    expect(page.headers.get('Cache-Control')).toBe('no-store');
    expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  }
});

test('nothing that was typed is in the address, nor readable in the database', async () => {
  const { path } = await send(`${manage}/contact`, WRONG);
  expect(decodeURIComponent(path)).not.toContain('Merc');
  const rows = await draftsKept();
  expect(rows.length).toBeGreaterThan(0);
  for (const { sealed } of rows) {
    expect(sealed.includes('Merc')).toBe(false);
    expect(sealed.subarray(0, 3).toString('hex')).not.toBe('1f8b08'); // not merely compressed
  }
});

test('a mended form deletes what was kept, and its address shows the plain form', async () => {
  const path = `${manage}/contact`;
  const first = await send(path, WRONG);
  const page = await town.get(first.path);
  expect(actionIn(page)).toBe(first.path);
  const second = await send(actionIn(page), { ...WRONG, phone: '13' });
  expect(second.path).not.toBe(first.path);
  expect((await town.get(first.path)).html).not.toContain(TYPED); // the newer one took its place
  const again = await town.get(second.path);
  expect(again.html).toContain('value="13"');
  const done = await send(actionIn(again), { ...WRONG, name: 'Maria Puig', phone: '612 345 679' });
  expect(done.path).toContain('?done=contact');
  const plain = await town.get(second.path);
  expect(plain.status).toBe(200);
  expect(plain.html).toContain('value="612 34 56 79"');
  expect(plain.html).not.toContain('id="errors"');
});

test('after ten minutes there is nothing', async () => {
  const { path } = await send(`${manage}/cancel`, { reason: 'x'.repeat(600) });
  town.clock.advance({ minutes: 9 });
  expect((await town.get(path)).status).toBe(422);
  town.clock.advance({ minutes: 2 });
  expect((await town.get(path)).status).toBe(200);
  await town.deps.drafts.sweep();
  expect(await draftsKept()).toEqual([]);
});

test('only our own pages lead there: neither a link elsewhere, nor a typed address', async () => {
  const { path } = await send(`${manage}/contact`, WRONG);
  for (const site of ['cross-site', 'same-site', 'none'])
    expect((await town.get(path, { 'Sec-Fetch-Site': site })).html, site).not.toContain(TYPED);
  expect((await town.get(path, { 'Sec-Fetch-Site': 'same-origin' })).html).toContain(TYPED);
});

test('it belongs to its address, and a foreign or cut secret opens nothing', async () => {
  const { path } = await send(`${manage}/contact`, WRONG);
  const query = path.slice(path.indexOf('?'));
  for (const other of [
    `${manage}/cancel${query}`,
    `${manage.replace('/ca/', '/es/')}/contact${query}`,
    `${manage}/contact${query.slice(0, -1)}`,
    `${manage}/contact?draft=`,
  ])
    expect((await town.get(other)).html, other).not.toContain(TYPED);
  expect((await town.get(`${manage.slice(0, -3)}xyz/contact${query}`)).status).toBe(404);
});

test.each([
  ['/ca/lost-link', { contact: 'mercè@' }, 'value="mercè@"'],
  ['/ca/verify', { code: 'nothing' }, '<a href="#code">'],
  [
    '/ca/oac/volant-padro/waiting?channel=phone&language=ca',
    { name: TYPED, phone: '1', email: '' },
    `value="${TYPED}"`,
  ],
])('%s keeps what was typed, and its own parameters', async (path, form, kept) => {
  const answer = await send(path, form);
  expect([answer.status, answer.path]).toEqual([303, expect.stringContaining(path)]);
  const page = await town.get(answer.path);
  expect(page.html).toContain(kept);
  expect(page.html).toContain(`draft=${/draft=([\w-]+)/.exec(answer.path)?.[1]}"`);
});

test('an answer that a browser may get compressed is sent so', async () => {
  const { path } = await send(`${manage}/contact`, WRONG);
  const { headers } = await town.get(path, { 'Accept-Encoding': 'gzip' });
  expect([headers.get('Content-Encoding'), headers.get('Vary')]).toEqual([
    'gzip',
    'Accept-Encoding',
  ]);
});
