import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { ALBERT, type ConsoleWorld, codeOf, consoleWorld, NURIA } from '../testing.ts';

type Fields = [name: string, text: string][];

let world: ConsoleWorld;
let albert: string;

const get = (path: string) => world.app.request(path, { headers: { cookie: albert } });
const send = (path: string, fields: Fields, more = '') =>
  world.app.request(path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { cookie: albert + more },
  });
const among = (sql: string, values: unknown[] = []) =>
  world.staff.transaction((client) => client.query(sql, values));
/** Moves the last second factor this many minutes into the past. */
const age = (minutes: number) =>
  among('update session set "confirmedAt" = now() - make_interval(mins => $1)', [minutes]);
/** Returns the number of trail entries. */
const trail = () =>
  within(world.database.kysely, INSTALLATION, async (tx) => {
    const counted = tx.selectFrom('audit').select((eb) => eb.fn.countAll<string>().as('all'));
    return Number((await counted.executeTakeFirstOrThrow()).all);
  });
const code = (): [string, string] => {
  const found = world.access.find((each) => each.email === ALBERT);
  return ['code', codeOf(found?.totpSecret ?? '')];
};
/** Returns the fields that go along with the code. */
const along = (page: string): Fields => {
  const at = page.indexOf('one-time-code');
  const form = page.slice(page.lastIndexOf('<form', at), at).replaceAll('&amp;', '&');
  return [...form.matchAll(/type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g)].map(
    ([, name = '', text = '']) => [name, text],
  );
};

beforeAll(async () => {
  world = await consoleWorld();
  albert = await world.signIn(ALBERT);
  await within(world.database.kysely, INSTALLATION, (tx) =>
    tx.updateTable('staff').set({ operator: true }).where('email', '=', ALBERT).execute(),
  );
});
afterAll(() => world.close());
beforeEach(() => among('delete from used_code'));

const invited = (email: string, role = 'administrator'): Fields => [
  ...([
    ['email', email],
    ['name', 'Anna Puig & Co'],
  ] as Fields),
  ...([
    ['role', role],
    ['agent', ''],
  ] as Fields),
];
const webhook: Fields = [
  ['url', 'https://crm.example.cat/?a=1&b=2'],
  ['kinds', 'booked'],
  ['kinds', 'moved'],
  ['personal', 'yes'],
];
const pathIn = async (list: string, pattern: RegExp) =>
  pattern.exec(await (await get(list)).text())?.[0] ?? '';
const webhookPage = () => pathIn('/console/oac/webhooks', /\/console\/oac\/webhooks\/[\w-]{36}/);
/** Returns the page of a coordinator. */
const postPage = async () => {
  const { id } = await within(world.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('staff').select('id').where('email', '=', NURIA).executeTakeFirstOrThrow(),
  );
  return `/console/oac/people/${id}`;
};

describe('an action that gives access needs a recent second factor', () => {
  test.each([
    [
      'a token',
      async () => [
        '/console/oac/admin/tokens',
        [
          ['name', 'CRM & co'],
          ['scopes', 'slots:read'],
        ],
      ],
    ],
    ['a webhook', async () => ['/console/oac/webhooks', webhook]],
    ['a webhook’s secret', async () => [await webhookPage(), [['act', 'secret']]]],
    ['a webhook that leads elsewhere', async () => [`${await webhookPage()}/change`, webhook]],
    ['a webhook’s new secret', async () => [await webhookPage(), [['act', 'rotate']]]],
    ['an administrator', async () => ['/console/oac/people', invited('a@vilaprova.example')]],
    [
      'an administrator of another office',
      async () => ['/staff/people', [...invited('b@vilaprova.example'), ['office', 'hisenda']]],
    ],
    [
      'somebody who becomes one',
      async () => [
        await postPage(),
        [
          ['role', 'administrator'],
          ['agent', ''],
          ['was', 'coordinator:'],
        ],
      ],
    ],
    [
      'another e-mail address',
      async () => [
        `${(await postPage()).replace('/console/oac', '/staff')}/email`,
        [['email', 'nuria.nova@vilaprova.example']],
      ],
    ],
  ] as [string, () => Promise<[string, Fields]>][])(
    '%s, and nothing typed is lost',
    async (_, made) => {
      const [path, fields] = await made();
      await age(11);
      const before = await trail();
      const asked = await send(path, fields);
      expect(asked.status).toBe(200);
      const page = await asked.text();
      expect(page).toContain('autocomplete="one-time-code"');
      expect(page).toContain(`action="${path}"`);
      expect(along(page)).toEqual(fields);
      expect((await send(path, [...fields, ['code', '000000']])).status).toBe(422);
      expect(await trail()).toBe(before);

      const done = await send(path, [...fields, code()]);
      expect([200, 303]).toContain(done.status);
      expect(await trail()).toBeGreaterThan(before);
    },
  );

  test('and not again for ten minutes, nor for an action that gives no access', async () => {
    await age(9);
    const list = '/console/oac/people';
    expect((await send(list, invited('c@vilaprova.example'))).status).toBe(303);
    await age(11);
    expect((await send(list, invited('d@vilaprova.example', 'agent'))).status).toBe(303);
    expect((await send(await webhookPage(), [['act', 'pause']])).status).toBe(303);
  });

  test.each(LANGUAGES)('is asked for in valid HTML: %s', async (language) => {
    await age(11);
    const asked = await send('/console/oac/webhooks', webhook, `; staff_language=${language}`);
    const page = await asked.text();
    // A repeated field goes along with each of its values.
    const faults = (await faultsOf(page)).filter((each) => !each.includes('name "kinds"'));
    expect(faults).toEqual([]);
    expect(page).not.toMatch(/undefined|account\.\w+\./);
  });

  test('and nothing typed is lost after too many wrong codes either', async () => {
    await age(11);
    const wrong = () => send('/console/oac/webhooks', [...webhook, ['code', '000000']]);
    let asked = await wrong();
    for (let nth = 0; nth < 10 && asked.status === 422; nth++) asked = await wrong();
    expect(asked.status).toBe(429);
    expect(Number(asked.headers.get('Retry-After'))).toBeGreaterThan(0);
    const page = await asked.text();
    expect(page).toContain('S’han fet massa intents');
    expect(along(page)).toEqual(webhook);
  });
});
