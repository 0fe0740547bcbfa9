import { readFile } from 'node:fs/promises';
import { HonoRequest } from 'hono/request';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, type MockInstance, test, vi } from 'vitest';
import { SCOPES } from '../domain/scopes.ts';
import { makeToken } from '../features/foundation/tokens/testing.ts';
import { DEMO_TOWN } from '../paths.ts';
import { type Instance, openInstance } from './testing/instance.ts';
import { HERE, IDENTIFIED, isAllowed } from './testing/matrix.ts';
import { addressIn, isStaffs, type Mounted, mounted } from './testing/mounted.ts';
import { type Peopled, peopled } from './testing/peopled.ts';

/* Asks for every page with parameters that nobody would type: whichever parameter it reads has this value. */

const ID = '0198f3a0-0000-7000-8000-000000000000';
const VALUES = [
  // Days and moments that a calendar has, and PostgreSQL or the days beside them have not.
  ...['0000-01-01', '9999-12-31', '9999-12-31T23:59:59Z'],
  // Places in lists.
  ...[`0000-01-01T00:00:00Z_${ID}`, `2026-12-24T09:30:00Z[u-ca=iso8601]_${ID}`, '0000-01-01_AB-1'],
  ...['-1', '99999999999999999999', 'a\u0000b'],
];

/** Parameters that nearly all pages read: they say what was done before, and in which language or with whom a page is looked at. */
const COMMON = new Set<unknown>(['done', 'draft', 'interpreter', 'language']);

const errors: string[] = [];
const log = pino({ level: 'error' }, { write: (line) => void errors.push(line) });
let house: Instance;
let town: Peopled;
let token: string;
beforeAll(async () => {
  house = await openInstance(await readFile(DEMO_TOWN, 'utf8'), '2026-11-30T08:00:00+01:00', {
    log,
  });
  town = await peopled(house);
  const { tokens, offices } = house.context;
  token = (await makeToken(tokens, (await offices.find(HERE))!, { scopes: SCOPES })).token;
}, 240_000);
afterAll(() => house?.close());

/** Returns what lets a request in. */
function headersOf(route: Mounted): Record<string, string> {
  if (route.policy === 'token') return { Authorization: `Bearer ${token}` };
  const asker = town.people.find((each) =>
    isStaffs(route) ? isAllowed(route.policy, each, town.here) : each.name === IDENTIFIED,
  );
  return asker ? { cookie: asker.cookie } : {};
}

/**
 * Returns those that read a parameter of their own. What reads the whole query isn't among them: Open311 has a test of its own (open311/fuzz.test.ts), and so has the API (api/fuzz.test.ts).
 */
async function readers(): Promise<Mounted[]> {
  const pages = mounted(house.app).filter(
    ({ method, path }) => method === 'GET' && !path.startsWith('/open311/'),
  );
  const found: Mounted[] = [];
  for (const route of pages) {
    const given = give('');
    await ask(route, 'x');
    if (given.mock.calls.flat().some((name) => !COMMON.has(name))) found.push(route);
    given.mockRestore();
  }
  return found;
}

/** Gives a value to every parameter that a page reads. */
function give(value: string): MockInstance {
  const given = vi.spyOn(HonoRequest.prototype, 'query');
  return given.mockImplementation(((name?: string) => (name === undefined ? {} : value)) as never);
}

async function ask(route: Mounted, otherwise: string): Promise<number> {
  const headers = headersOf(route);
  const response = await house.app.request(addressIn(route.path, town.here, otherwise), {
    headers,
  });
  await response.body?.cancel();
  return response.status;
}

test('no page fails, whatever the parameters of its address are', async () => {
  const routes = await readers();
  expect(routes.length).toBeGreaterThan(50);
  const wrong: string[] = [];
  for (const value of VALUES) {
    const given = give(value);
    for (const route of routes) {
      const status = await ask(route, encodeURIComponent(value));
      if (status >= 500) wrong.push(`${route.path}, given ${JSON.stringify(value)}: ${status}`);
      for (const each of errors.splice(0)) wrong.push(each);
    }
    given.mockRestore();
  }
  expect(wrong).toEqual([]);
}, 240_000);
