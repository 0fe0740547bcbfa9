import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { ALBERT, type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let albert: string;
const LONG = 'x'.repeat(2000);
const LIST = '/console/oac/webhooks';
const GOOD = [
  ['url', 'https://crm.example.cat/avisos?clau=abc'],
  ['kinds', 'booked'],
  ['kinds', 'cancelled'],
  ['personal', 'no'],
];

const get = (path: string, cookie = albert) => world.app.request(path, { headers: { cookie } });
const send = (path: string, fields: string[][], cookie = albert) =>
  world.app.request(path, {
    method: 'POST',
    headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
const html = async (path: string, language = 'en') => {
  const answer = await get(path, `${albert}; staff_language=${language}`);
  expect(answer.status).toBe(200);
  return answer.text();
};
/** Adds a webhook; returns its page. */
async function add(fields = GOOD): Promise<string> {
  const answer = await send(LIST, fields);
  expect(answer.status).toBe(303);
  return (answer.headers.get('Location') ?? '').replace(/\?.*/, '');
}
const act = (page: string, ...fields: string[][]) => send(page, fields);

beforeAll(async () => {
  world = await consoleWorld();
  albert = await world.signIn(ALBERT);
});
afterAll(() => world.close());

describe('webhooks in the console', () => {
  test('are for the office’s administrators: the others find no such page and change nothing', async () => {
    const page = await add();
    // An agent, a coordinator, and an agent who coordinates another office.
    for (const email of [MARTA, NURIA, LAIA]) {
      const cookie = await world.signIn(email);
      for (const path of [LIST, page]) expect((await get(path, cookie)).status, email).toBe(404);
      for (const [path, fields] of [
        [LIST, GOOD],
        ...['secret', 'test', 'pause', 'rotate', 'end'].map((each) => [page, [['act', each]]]),
      ] as [string, string[][]][])
        expect((await send(path, fields, cookie)).status, email).toBe(404);
      expect(await (await get('/console/oac', cookie)).text()).not.toContain(LIST);
    }
    expect((await get(LIST, '')).status).toBe(303);
    expect((await send(page, [['act', 'end']], '')).status).toBe(401);
    expect(await html('/console/oac/admin')).toContain(LIST);
    expect(await html(page)).toContain('✓</span>Working');
    await act(page, ['act', 'end']);
  });

  test('of another office are not found for this one’s administrator', async () => {
    const page = await add();
    const id = page.split('/').at(-1);
    await within(world.database.kysely, INSTALLATION, (tx) =>
      sql`update webhook set office_id = (select id from office where code = 'hisenda') where id = ${id}`.execute(
        tx,
      ),
    );
    expect((await get(page)).status).toBe(404);
    for (const each of ['secret', 'test', 'end'])
      expect((await act(page, ['act', each])).status).toBe(404);
    expect(await html(LIST)).not.toContain(id);
    expect((await get('/console/hisenda/webhooks')).status).toBe(404);
    for (const strange of ['nothing', '00000000-0000-4000-8000-000000000000'])
      expect((await get(`${LIST}/${strange}`)).status).toBe(404);
  });

  test('are added, show their state, and can be ended', async () => {
    const page = await add([...GOOD.slice(0, 3), ['personal', 'yes']]);
    const list = await html(LIST);
    expect(list).toContain('https://crm.example.cat/avisos?clau=abc');
    expect(list).toContain('Booked, Cancelled');
    expect(await html(page)).toContain('Name, e-mail and phone');
    await act(page, ['act', 'pause']);
    expect(await html(page)).toContain('It has been paused since Monday 30 November at 7:00.');
    await act(page, ['act', 'resume']);
    expect(await html(page)).not.toContain('paused since');
    const ended = await act(page, ['act', 'end']);
    expect(ended.headers.get('Location')).toBe(`${LIST}?done=end`);
    expect((await get(page)).status).toBe(404);
  });

  test('show their secret on request, the same each time, until it is replaced', async () => {
    const page = await add();
    expect(await html(page)).not.toContain('whsec_');
    const secret = async () =>
      /whsec_[A-Za-z0-9+/]{32}/.exec(await (await act(page, ['act', 'secret'])).text())?.[0];
    const first = await secret();
    expect(first).toBeDefined();
    expect(await secret()).toBe(first);
    await act(page, ['act', 'rotate']);
    const second = await secret();
    expect(second).not.toBe(first);
    const wait = 'The old secret works until Tuesday 1 December at 7:00.';
    expect(await html(page)).toContain(wait);
    await act(page, ['act', 'rotate']); // pressed twice
    expect(await secret()).toBe(second);
    await act(page, ['act', 'end']);
  });

  test('are changed with the same id and secret; pending messages go to the new address at once', async () => {
    const page = await add();
    const secret = async () =>
      /whsec_[^<]+/.exec(await (await act(page, ['act', 'secret'])).text())?.[0];
    const first = await secret();
    await act(page, ['act', 'test']);
    const { kysely } = world.database;
    const failing = `update webhook set failing_since = '2026-11-27T08:00:00Z' where ended_at is null`;
    const later = `update webhook_delivery set next_try_at = '2026-12-01T08:00:00Z' where failed_at is null`;
    await within(kysely, INSTALLATION, (tx) => sql.raw(failing).execute(tx));
    await within(kysely, INSTALLATION, (tx) => sql.raw(later).execute(tx));
    expect(await html(page)).toContain(`href="${page}/change"`);
    expect(await html(`${page}/change`)).toContain(
      'value="https://crm.example.cat/avisos?clau=abc"',
    );

    const wrong = await send(`${page}/change`, [['url', 'http://crm.example.cat']]);
    expect(wrong.status).toBe(422);
    const said = await wrong.text();
    for (const field of ['url', 'kinds']) expect(said).toContain(`href="#${field}"`);
    expect(await faultsOf(said)).toEqual([]);

    const elsewhere = [
      ['url', 'https://nou.example.cat/avisos'],
      ['kinds', 'moved'],
      ['personal', 'yes'],
    ];
    const done = await send(`${page}/change`, elsewhere);
    expect(done.headers.get('Location')).toBe(`${page}?done=change`);
    const changed = await html(page);
    for (const words of ['https://nou.example.cat/avisos', 'Moved', 'Name, e-mail', 'Working'])
      expect(changed).toContain(words);
    expect(await secret()).toBe(first);
    const due = await within(kysely, INSTALLATION, (tx) =>
      tx
        .selectFrom('webhook_delivery')
        .select('next_try_at')
        .where('failed_at', 'is', null)
        .execute(),
    );
    expect(due.map((each) => each.next_try_at.toString())).toEqual(['2026-11-30T06:00:00Z']);
    const told = await within(kysely, INSTALLATION, (tx) =>
      tx.selectFrom('audit').select('data').where('action', '=', 'webhook_changed').execute(),
    );
    expect(told.map((each) => each.data)).toEqual([
      {
        webhook: page.split('/').at(-1),
        ...{ host: 'nou.example.cat', kinds: ['moved'], personal: true },
        was: { host: 'crm.example.cat', kinds: ['booked', 'cancelled'], personal: false },
      },
    ]);

    const laia = await world.signIn(LAIA);
    expect((await get(`${page}/change`, laia)).status).toBe(404);
    expect((await send(`${page}/change`, elsewhere, laia)).status).toBe(404);
    await act(page, ['act', 'end']);
    expect((await send(`${page}/change`, elsewhere)).status).toBe(404);
  });

  test('show their deliveries, and repeat them', async () => {
    const page = await add();
    await act(page, ['act', 'test']);
    const { reference } = await world.book('09:10');
    const waiting = await html(page);
    expect(waiting).toContain(reference);
    expect(waiting.match(/Waiting/g)).toHaveLength(2);
    expect(waiting).not.toContain('Send again');
    await within(world.database.kysely, INSTALLATION, (tx) =>
      sql`update webhook_delivery set status = 500, millis = 12, attempts = 10, last_error = 'status',
        failed_at = '2026-11-30T08:00:00Z' where event_id is not null`.execute(tx),
    );
    const failed = await html(page);
    expect(failed).toContain('500, in 12 ms');
    expect(failed).toContain('10 attempts');
    const delivery = /name="delivery" value="([^"]+)"/.exec(failed)?.[1] ?? '';
    const again = [
      ['act', 'again'],
      ['delivery', delivery],
    ];
    expect((await act(page, ...again)).headers.get('Location')).toBe(`${page}?done=again`);
    expect((await html(page)).match(/Waiting/g)).toHaveLength(2);
    expect((await act(page, ...again)).status).toBe(404);
    await act(page, ['act', 'end']);
  });

  test.each([
    ['', 'Enter the address.'],
    ['crm', 'This isn’t a web address.'],
    ['ftp://crm.example.cat', 'This isn’t a web address.'],
    ['http://crm.example.cat', 'It must begin with https://'],
    ['http://127.0.0.1:8080', 'It must begin with https://'],
    ['https://user:pass@crm.example.cat', 'Take the user and password out'],
    [`https://crm.example.cat/${LONG}`, 'The address is too long.'],
  ])('refuse an address and lose nothing typed (%#)', async (url, why) => {
    const answer = await send(
      LIST,
      [
        ['url', url],
        ['kinds', 'moved'],
        ['personal', 'yes'],
      ],
      `${albert}; staff_language=en`,
    );
    expect(answer.status).toBe(422);
    const page = await answer.text();
    expect(page).toContain(why);
    expect(page).toContain(url && `value="${url}"`);
    expect(page).toMatch(/value="moved" checked/);
    expect(page).toMatch(/value="yes" checked/);
    expect(await faultsOf(page)).toEqual([]);
  });

  test('need at least one event, and are twenty at most', async () => {
    expect((await send(LIST, GOOD.slice(0, 1))).status).toBe(422);
    expect((await send(LIST, [...GOOD.slice(0, 1), ['kinds', 'saved']])).status).toBe(422);
    const pages = [];
    for (let nth = 0; nth < 20; nth++) pages.push(await add());
    expect((await send(LIST, GOOD)).status).toBe(422);
    for (const page of pages) await act(page, ['act', 'end']);
  });

  test('are on the trail: the action and the webhook, never the address or the secret', async () => {
    const page = await add();
    for (const each of ['secret', 'test', 'rotate', 'pause', 'resume', 'end'])
      await act(page, ['act', each]);
    const { rows } = await within(world.database.kysely, INSTALLATION, (tx) =>
      sql<{ action: string; data: object }>`
        select action, data from audit where data->>'webhook' = ${page.split('/').at(-1)} order by id`.execute(
        tx,
      ),
    );
    expect(rows.map((each) => each.action)).toEqual([
      ...['webhook_created', 'webhook_secret_shown', 'webhook_tested', 'webhook_rotated'],
      ...['webhook_paused', 'webhook_resumed', 'webhook_ended'],
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/whsec_|clau/);
    expect(await html('/console/oac/audit')).toContain('Looked at a webhook’s secret');
  });

  test.each(LANGUAGES)('are valid HTML in %s', async (language) => {
    const page = await add();
    await act(page, ['act', 'test']);
    for (const path of [LIST, `${page}?done=add`, page]) {
      const text = await html(path, language);
      expect(await faultsOf(text)).toEqual([]);
      expect(text).not.toMatch(/undefined|webhooks\.\w+\./);
    }
    await act(page, ['act', 'end']);
  });
});
