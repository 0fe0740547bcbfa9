import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import {
  NO_RADICALE,
  openRadicale,
  PASSWORD,
  type Radicale,
} from '../../../lib/testing/radicale.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { ALBERT, type ConsoleWorld, consoleWorld, JORDI, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let radicale: Radicale;
let marta: string;
let albert: string;
const BASE = '/console/oac/calendars';
const OWN = `${BASE}/own`;

const get = (path: string, cookie: string) => world.app.request(path, { headers: { cookie } });
const html = async (path: string, cookie: string, language = 'en') =>
  (await get(path, `${cookie}; staff_language=${language}`)).text();
const send = (path: string, fields: string[][], cookie = marta) =>
  world.app.request(path, {
    method: 'POST',
    headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
const draft = (address: string, more: Record<string, string> = {}) => [
  ...Object.entries({ act: 'connect', address, username: 'marta', password: PASSWORD, ...more }),
  ['choice', 'reads'],
];
const run = (statement: ReturnType<typeof sql>) =>
  within(world.database.kysely, INSTALLATION, (tx) => statement.execute(tx));

beforeAll(async () => {
  world = await consoleWorld();
  marta = await world.signIn(MARTA);
  albert = await world.signIn(ALBERT);
  if (!NO_RADICALE) radicale = await openRadicale(['marta', 'taula']);
}, 60_000);
afterAll(async () => {
  await radicale?.[Symbol.asyncDispose]();
  await world?.close();
});

describe.skipIf(NO_RADICALE)('connected calendars in the console', () => {
  test('an agent connects their own, sees how it stands, and nobody else can change it', async () => {
    const calendar = await radicale.calendar('marta', 'feina');
    expect(await html(OWN, marta)).toContain('Connect your calendar');
    const refused = await send(OWN, draft(calendar, { password: 'not this one' }));
    expect(refused.status).toBe(422);
    const shown = await refused.text();
    expect(shown).not.toContain('not this one');
    expect(shown).toContain(calendar);
    const connected = await send(OWN, draft(calendar));
    expect(connected.headers.get('Location')).toBe(`${OWN}?done=connected`);
    expect(await html(OWN, marta)).toContain('Not read yet');
    await world.calendarConnections.sync();
    const page = await html(OWN, marta);
    expect(page).toContain('Working');
    expect(page).toContain('Mon 30 Nov, 7:00');
    expect(page).not.toContain(PASSWORD);
    const [{ id }] = (await run(sql`select id from calendar_connection`)).rows as [{ id: string }];
    const [{ sealed }] = (await run(sql`select sealed from calendar_connection`)).rows as [
      { sealed: Buffer },
    ];
    expect(sealed.toString('latin1')).not.toContain(PASSWORD);
    // Colleagues see that it is there; not even an administrator opens or changes it.
    const nuria = await world.signIn(NURIA);
    expect(await html(BASE, nuria)).toContain('Working');
    expect(await html(BASE, await world.signIn(JORDI))).not.toContain('Working');
    for (const act of ['change', 'password', 'hurry', 'choose', 'end'])
      expect(
        (
          await send(
            `${BASE}/connected/${id}`,
            [
              ['act', act],
              ['choice', 'writes'],
            ],
            albert,
          )
        ).status,
        act,
      ).not.toBe(200);
    expect((await get(`${BASE}/connected/${id}`, albert)).status).toBe(404);
    expect(
      (
        await send(
          BASE,
          [
            ['act', 'disconnect'],
            ['calendar', id],
          ],
          nuria,
        )
      ).status,
    ).toBe(404);
  });

  test('changes are checked; an administrator connects a desk’s, and ends a colleague’s', async () => {
    const [{ id } = { id: '' }] = (
      await run(
        sql`select id from calendar_connection where staff_id is not null and ended_at is null`,
      )
    ).rows as { id: string }[];
    if (id) {
      expect(
        (
          await send(
            BASE,
            [
              ['act', 'disconnect'],
              ['calendar', id],
            ],
            albert,
          )
        ).status,
      ).toBe(303);
      await world.calendarConnections.sync();
    }
    const calendar = await radicale.calendar('taula', 'taula-2');
    const fields = [...draft(calendar, { username: 'taula' }), ['desk', 'taula-2']];
    const made = await send(`${BASE}/connect`, fields, albert);
    const page = (made.headers.get('Location') ?? '').replace(/\?.*/, '');
    expect(page).toMatch(/connected\/[\da-f-]{36}$/);
    const again = await send(`${BASE}/connect`, fields, albert);
    expect([again.status, await again.text()]).toEqual([
      422,
      expect.stringContaining('Desconnecta’l primer'),
    ]);
    expect((await send(page, [['act', 'change']], albert)).status).toBe(422);
    const changed = await send(
      page,
      [
        ['act', 'change'],
        ['choice', 'reads'],
        ['choice', 'writes'],
      ],
      albert,
    );
    expect(changed.headers.get('Location')).toBe(`${page}?done=changed`);
    expect(
      (
        await send(
          page,
          [
            ['act', 'password'],
            ['password', 'x'],
          ],
          albert,
        )
      ).status,
    ).toBe(422);
    expect(
      (await send(`${BASE}/connect`, [...draft('https://10.1.2.3/'), ['desk', 'taula-3']], albert))
        .status,
    ).toBe(422);
    expect((await send(`${BASE}/connect`, fields)).status).toBe(404);
    for (const language of LANGUAGES) {
      for (const path of [BASE, page, `${BASE}/connect`])
        expect(await faultsOf(await html(path, albert, language))).toEqual([]);
      expect(await faultsOf(await html(OWN, marta, language))).toEqual([]);
    }
    for (const trouble of [
      'refused',
      'gone',
      'away',
      'throttled',
      'address',
      'certificate',
      'odd',
    ]) {
      await run(sql`update calendar_connection set trouble = ${trouble}, skipped = 2`);
      expect(await faultsOf(await html(page, albert))).toEqual([]);
    }
    expect((await send(page, [['act', 'end']], albert)).headers.get('Location')).toBe(
      `${BASE}?done=disconnected`,
    );
    expect((await get(page, albert)).status).toBe(404);
  });
});
