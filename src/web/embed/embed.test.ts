import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startsIn, type TestTown, testTown } from '../citizen/testing.ts';
import { embedPages } from './routes.ts';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());

/** Opens the routes, with a counter of look-ups of free times. `instead`: replaces the town's answers. */
function open(instead: Partial<TestTown['deps']['slots']> = {}) {
  let searches = 0;
  const slots = { ...town.deps.slots, ...instead };
  const counted: typeof slots = {
    ...slots,
    search: (...asked) => {
      searches++;
      return slots.search(...asked);
    },
  };
  const app = new Hono().route(
    '/',
    embedPages({ ...town.deps, slots: counted, config: { trustedProxies: 1 } }),
  );
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(`/embed/${path}`, { headers: { 'X-Forwarded-For': '192.0.2.1', ...headers } });
  return { get, searches: () => searches };
}

const VOLANT = 'ca/oac/volant-padro.json';

test('the first times equal the first ones of the booking page', async () => {
  const answer = await open().get(`${VOLANT}?channel=video&language=es`);
  const { times, how, lang } = await answer.json();
  const offered = startsIn(
    (await town.get('/ca/oac/volant-padro/times?channel=video&language=es')).html,
  );
  expect(times.map((each: { start: string }) => each.start)).toEqual(offered.slice(0, 5));
  expect([lang, how]).toEqual(['ca', 'Videotrucada, 20 minuts']);
  for (const { href, start } of times) {
    const at = `start=${encodeURIComponent(start)}`;
    expect(href).toBe(`http://localhost/ca/oac/volant-padro/times?channel=video&language=es&${at}`);
    const page = await town.get(href.slice('http://localhost'.length));
    expect(page.status).toBe(200);
    expect(page.html).toContain(`value="${start}" checked`);
  }
});

test('an unavailable choice counts as absent; an unavailable language becomes the page’s own', async () => {
  const { get, searches } = open();
  const asked = [
    '',
    '?channel=fax',
    '?language=xx',
    '?channel=fax&language=%00',
    `?language=${'x'.repeat(900)}`,
  ];
  const answers = await Promise.all(asked.map(async (each) => (await get(VOLANT + each)).text()));
  expect(new Set(answers).size).toBe(1);
  expect(searches()).toBe(1);
});

test('the look-up happens once in half a minute, and an unchanged answer isn’t sent again', async () => {
  const { get, searches } = open();
  const first = await get(VOLANT);
  expect(first.headers.get('Cache-Control')).toBe('public, max-age=30');
  const tag = first.headers.get('ETag') ?? '';
  const again = await get(VOLANT, { 'If-None-Match': tag });
  expect([again.status, await again.text(), searches()]).toEqual([304, '', 1]);
  town.clock.advance({ seconds: 31 });
  expect((await get(VOLANT)).status).toBe(200);
  expect(searches()).toBe(2);
});

test.each([
  'ca/oac/no-such-thing.json',
  'ca/nowhere/volant-padro.json',
  'fr/oac/volant-padro.json',
  'ca/oac/volant-padro',
  'ca/oac/..%2f..%2fetc.json',
])('%s is not found', async (path) => {
  expect((await open().get(path)).status).toBe(404);
});

test('one address has a limit, with the time to return; others are not affected', async () => {
  const { get } = open();
  let refused: Response | null = null;
  for (let index = 0; index < 100 && !refused; index++) {
    const answer = await get(VOLANT);
    if (answer.status === 429) refused = answer;
  }
  expect(Number(refused?.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect((await get(VOLANT, { 'X-Forwarded-For': '192.0.2.9' })).status).toBe(200);
});

test('without free times it says so and leads to the other ways', async () => {
  const { get } = open({ search: async () => ({ ok: true, slots: [] }) });
  const { times, none, more } = await (await get('en/oac/volant-padro.json')).json();
  expect(times).toEqual([]);
  expect(none).toBe('There are no free times right now.');
  expect(more.href).toMatch(/\/en\/oac\/volant-padro$/);
});

test('a link to the chat says whether somebody can answer now, about a topic or any', async () => {
  const padro = { code: 'padro', name: {}, languages: ['ca' as const], opensAt: null };
  const deps = { ...town.deps, config: { trustedProxies: 1 } };
  const ask = async (isThere: boolean, query = '') => {
    const chats = { openTopics: async () => (isThere ? [padro] : []) };
    const app = new Hono().route('/', embedPages({ ...deps, chats }));
    return (await app.request(`/embed/ca/oac/chat.json${query}`)).json();
  };
  expect(await ask(true)).toEqual({
    ...{ lang: 'ca', title: 'Xat', how: 'Ara hi ha algú que et pot respondre.', times: [] },
    none: null,
    more: { text: 'Escriu-nos ara al xat', href: 'http://localhost/ca/oac/chat' },
  });
  const works = await ask(true, '?topic=obres');
  expect([works.how, works.none]).toEqual(['', 'Ara no hi ha ningú que pugui respondre al xat.']);
  expect(works.more.href).toBe('http://localhost/ca/oac/chat?topic=obres');
  expect((await ask(true, '?topic=padro')).none).toBeNull();
  expect((await ask(false)).more.text).toBe('Deixa un missatge');
});
