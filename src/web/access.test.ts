import { readFile } from 'node:fs/promises';
import { type Context, Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formSchema } from '../domain/form/schema.ts';
import { SCOPES } from '../domain/scopes.ts';
import { makeToken } from '../features/foundation/tokens/testing.ts';
import { DEMO_TOWN } from '../paths.ts';
import { clientAddress } from './address.ts';
import { createApp } from './app.ts';
import { openAssets } from './assets.ts';
import { feedGuards } from './calendars/feed.ts';
import { citizenGuards } from './citizen/guards.ts';
import { visits } from './citizen/visits.ts';
import { staffGuards } from './console/guards.ts';
import { type Guards, mount, open, type Policy, type Route, type StaffPolicy } from './routes.ts';
import { readSoftware } from './software.ts';
import { UNGUARDED } from './testing/guards.ts';
import { type Instance, openInstance } from './testing/instance.ts';
import { type Asker, HERE, IDENTIFIED, isAllowed, OWNER, THERE } from './testing/matrix.ts';
import {
  addressIn,
  isStaffs,
  type Mounted,
  mounted,
  PARAMETERS,
  SECRETS,
} from './testing/mounted.ts';
import { peopled } from './testing/peopled.ts';
import { unknownWorld, type World } from './testing/worlds.ts';

/*
 * Asks for every mounted route as every kind of viewer: role × office × endpoint. Two places only say
 * what each viewer may do:
 * the policy in the table of contents, and the meaning of each policy (testing/matrix.ts). A refused
 * request must get exactly the answer of something that doesn't exist.
 */

/** Codes are names that people choose: two offices may have the same one. */
const CODES = new Set<keyof World>(['office', 'procedure', 'desk', 'version']);

/** Things of one person, which are not found for anybody else with a session. */
const isOwned = ({ path }: Mounted): boolean =>
  path.includes('/passkey/:id') || path.includes('/:request');

/** What nobody has in these worlds: nobody gets in. */
const NOBODYS = new Set(['/console/:office/chats/:chat/files/:file']);

/** Actions that can be done once: only the first request gets in. */
const ONCE = new Set([
  'POST /console/:office/desk-away/:absence',
  'POST /console/:office/admin/tokens/:token/end',
]);

/** Requests that need a query, a form or JSON to get in. */
const SENT: Record<string, Record<string, string>> = {
  'GET /console/:office/search': { q: 'Rosa' },
  'GET /console/:office/chats/:chat/lines': { after: '0' },
  'POST /:language/:office/requests': { type: 'fanal' },
  'POST /console/:office/appointment/:id/attempt': { outcome: 'busy', number: '1' },
  'POST /console/:office/appointment/:id/undo': { step: 'begin' },
  'POST /console/:office/appointment/:id/contact/vouch': { address: 'phone', 'how-phone': 'shown' },
  'POST /console/:office/appointment/:id/documents/:document': { act: 'accept' },
  'POST /console/:office/webhooks/:id': { act: 'pause' },
  'PATCH /api/v1/offices/:office/appointments/:id': { channel: 'phone' },
  'POST /api/v1/offices/:office/cases/:id/transitions': { from: 'registered', to: 'in-review' },
};

let house: Instance;
let people: Asker[];
let routes: Mounted[];
let here: World | undefined;
let there: World | undefined;
let tokens: Record<'here' | 'there' | 'revoked', string>;
/** For each scope: a token of the same office that has all other scopes. */
let without: Record<string, string>;
/** The scope that each route of the API needs, by its method and path. */
let scopes: Record<string, string>;

beforeAll(async () => {
  house = await openInstance(await readFile(DEMO_TOWN, 'utf8'), '2026-11-30T08:00:00+01:00');
  ({ here, there, people } = await peopled(house));
  routes = mounted(house.app);
  const { tokens: service, offices, forms } = house.context;
  const steps = [{ id: 'a', questions: [{ id: 'b', type: 'yesno' }] }];
  const form = formSchema.parse({ procedure: here.procedure, steps });
  await forms.publish({ kind: 'system', why: 'operator' }, (await offices.find(HERE))!, form);
  const make = async (code: string) => makeToken(service, (await offices.find(code))!);
  const revoked = await make(HERE);
  tokens = {
    here: (await make(HERE)).token,
    there: (await make(THERE)).token,
    revoked: revoked.token,
  };
  await service.revoke((await offices.find(HERE))!, revoked.id);
  without = {};
  for (const scope of SCOPES) {
    const others = SCOPES.filter((each) => each !== scope);
    const made = await makeToken(service, (await offices.find(HERE))!, { scopes: others });
    without[scope] = made.token;
  }
  scopes = await declaredScopes();
}, 120_000);
afterAll(() => house?.close());

/** Returns the scope that the OpenAPI document declares for each operation, by method and mounted path. */
async function declaredScopes(): Promise<Record<string, string>> {
  const response = await house.app.request('/api/v1/openapi.json');
  type Declared = { security?: { token?: string[] }[] };
  const document = (await response.json()) as { paths: Record<string, Record<string, Declared>> };
  return Object.fromEntries(
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { security }]) => [
        `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        security?.[0]?.token?.[0] ?? '',
      ]),
    ),
  );
}

interface Answer {
  status: number;
  /** The target of a redirect, if any, and the page without the values from the address. */
  shape: string;
}

async function ask(
  route: Mounted,
  world: World,
  headers: Record<string, string>,
  app: Hono = house.app,
): Promise<Answer> {
  const address = addressIn(route.path, world);
  const isJson = route.policy === 'token';
  const sent = SENT[`${route.method} ${route.path}`] ?? {};
  const text = isJson ? JSON.stringify(sent) : new URLSearchParams(sent).toString();
  const isGet = route.method === 'GET';
  const type = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
  const response = await app.request(isGet && text.length > 2 ? `${address}?${text}` : address, {
    method: route.method,
    headers: { 'Accept-Language': 'ca', ...(!isGet && { 'Content-Type': type }), ...headers },
    ...(!isGet && { body: text }),
  });
  const isStream = response.headers.get('Content-Type')?.startsWith('text/event-stream');
  if (isStream) await response.body?.cancel();
  let shape = `${response.headers.get('Location') ?? ''}\n${isStream ? 'stream' : await response.text()}`;
  // A number is no sign of an address: many pages contain it.
  const named = Object.values(world).filter((each) => !/^\d*$/.test(each));
  for (const each of [encodeURIComponent(address), address, ...named])
    shape = shape.replaceAll(each, '…');
  return { status: response.status, shape };
}

/** Returns the result as one word. */
function verdict({ status, shape }: Answer): string {
  if (status === 401 || (status === 303 && shape.startsWith('/staff/sign-in'))) return 'sign in';
  if (status === 404) return 'not there';
  return status >= 500 || status === 403 || status === 429 ? String(status) : 'in';
}

const may = (asker: Asker, route: Mounted & { policy: StaffPolicy }, world: World): boolean =>
  isAllowed(route.policy, asker, world) &&
  !NOBODYS.has(route.path) &&
  (!isOwned(route) || asker.name === OWNER);

const isOfOffice = ({ path }: Mounted): boolean => path.includes('/:office');
const worldsOf = (route: Mounted): World[] => (isOfOffice(route) ? [here!, there!] : [here!]);

/**
 * Returns all rows of the offices, except the access trail and presence: a request itself changes these two.
 */
async function everything(): Promise<string> {
  const { pool } = house.database;
  const client = await pool.connect();
  try {
    await client.query("begin; set local app.office = '*'");
    const { rows: tables } = await client.query<{ name: string }>(
      "select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'office_id' and table_name not in ('audit', 'presence', 'presence_event') order by 1",
    );
    const sums: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ sum: string }>(
        `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from "${name}" t`,
      );
      sums.push(`${name} ${rows[0]?.sum}`);
    }
    return sums.join('\n');
  } finally {
    await client.query('rollback');
    client.release();
  }
}

describe('every route', () => {
  test('has a policy, and a value for each of its parameters', () => {
    expect(routes.filter((each) => (each.policy as string) === 'none')).toEqual([]);
    for (const route of routes.filter((each) => isStaffs(each) || each.policy === 'token'))
      expect(addressIn(route.path, here!)).not.toContain(':');
    expect(routes.length).toBeGreaterThan(80);
  });
});

/* First, because later tests change the desk of an appointment. */
describe('the guards alone, before handlers that let everybody in,', () => {
  /** Mounts the routes of these policies with these guards. */
  const guardedApp = (policies: (route: Mounted) => boolean, guards: Guards): Hono => {
    const app = new Hono();
    const handle = (c: Context) => c.text('in');
    mount(
      app,
      routes.filter(policies).map((each) => ({ ...each, handle }) as Route),
      guards,
    );
    return app;
  };
  const deps = () => {
    const { context } = house;
    const { baseUrl, trustedProxies } = context.config;
    const web = { assets: openAssets('/nowhere'), keepsPage: false, software: readSoftware() };
    const addressOf = (c: Context) => clientAddress(c, trustedProxies);
    return { ...context, ...web, baseUrl, addressOf, senderOf: () => Buffer.alloc(16) };
  };

  test('decide which staff get in, except for the things of one person', async () => {
    const app = guardedApp(isStaffs, staffGuards(deps()));
    const wrong: string[] = [];
    for (const route of routes.filter(isStaffs)) {
      for (const asker of people) {
        for (const world of worldsOf(route)) {
          const expected = isAllowed(route.policy, asker, world)
            ? 'in'
            : asker.isSignedIn
              ? 'not there'
              : 'sign in';
          const answer = await ask(route, world, { cookie: asker.cookie }, app);
          if (verdict(answer) !== expected)
            wrong.push(
              `${route.method} ${route.path} of ${world.office}, ${asker.name}: ${answer.status}`,
            );
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 240_000);

  test('decide which secrets open a citizen’s page', async () => {
    const citizen = deps();
    const { find } = visits(citizen);
    const guards = { of: { ...citizenGuards(citizen, find).of, ...feedGuards(citizen).of } };
    const app = guardedApp((each) => each.policy in SECRETS, guards);
    const wrong: string[] = [];
    for (const route of routes.filter(
      (each) => each.policy in SECRETS && each.policy !== 'journey',
    )) {
      const own = SECRETS[route.policy as keyof typeof SECRETS];
      const said = `${route.method} ${route.path}`;
      if (verdict(await ask(route, here!, {}, app)) !== 'in') wrong.push(`${said}, its secret`);
      for (const each of ['appointment', 'office', ...Object.values(SECRETS)] as const) {
        if (each === own) continue;
        const answer = await ask(route, { ...here!, [own]: here![each] }, {}, app);
        if (verdict(answer) !== 'not there') wrong.push(`${said}, the ${each}: ${answer.status}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  test('exist for every policy in use: a route without a guard is not mounted', () => {
    const handle = (c: Context) => c.text('in');
    const route = { method: 'GET', path: '/', policy: 'administrator', handle } as const;
    expect(() => mount(new Hono(), [route], { of: { open } })).toThrow('has no guard');
    const without = { ...route, policy: undefined as unknown as Policy };
    expect(() => mount(new Hono(), [without], { of: { open } })).toThrow('has no guard');
  });
});

describe('the console', () => {
  // The guards refuse before the handlers run. Without guards, the services must refuse the same requests.
  test.each([
    ['', () => house.app],
    [
      ', without the guards',
      () => createApp(house.context, { publicDir: '/nowhere', guards: UNGUARDED }),
    ],
  ])(
    'refuses viewers without permission as if nothing existed, and changes nothing%s',
    async (_, appOf) => {
      const app = appOf();
      const before = await everything();
      const nowhere = unknownWorld('no-such-office', 'nothing');
      const wrong: string[] = [];
      for (const route of routes.filter(isStaffs)) {
        const nothing = new Map<boolean, Answer>();
        for (const asker of people) {
          const headers = { cookie: asker.cookie };
          for (const world of worldsOf(route).filter((each) => !may(asker, route, each))) {
            const { isSignedIn } = asker;
            const none = nothing.get(isSignedIn) ?? (await ask(route, nowhere, headers, app));
            nothing.set(isSignedIn, none);
            const answer = await ask(route, world, headers, app);
            const said = `${route.method} ${route.path} of ${world.office}, ${asker.name}`;
            if (verdict(answer) !== (isSignedIn ? 'not there' : 'sign in'))
              wrong.push(`${said}: ${answer.status}`);
            else if (answer.status !== none.status || answer.shape !== none.shape)
              wrong.push(`${said}: not as what doesn’t exist`);
          }
        }
      }
      expect(wrong).toEqual([]);
      expect(await everything()).toBe(before);
    },
    240_000,
  );

  test('answers for a thing of another office, inside the own office, as for a missing one', async () => {
    const before = await everything();
    const wrong: string[] = [];
    for (const route of routes.filter(isStaffs)) {
      const named = Object.entries(PARAMETERS).filter(
        ([segment, what]) => !CODES.has(what) && route.path.includes(`/${segment}`),
      );
      if (named.length === 0 || !isOfOffice(route)) continue;
      const unknown = unknownWorld(HERE, 'nothing');
      const foreign = { ...there!, office: HERE };
      for (const asker of people.filter((each) => isAllowed(route.policy, each, here!))) {
        const [one, other] = [
          await ask(route, foreign, { cookie: asker.cookie }),
          await ask(route, unknown, { cookie: asker.cookie }),
        ];
        const said = `${route.method} ${route.path}, ${asker.name}`;
        if (verdict(one) !== 'not there') wrong.push(`${said}: ${one.status}`);
        else if (one.status !== other.status || one.shape !== other.shape)
          wrong.push(`${said}: not as what doesn’t exist`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await everything()).toBe(before);
  }, 240_000);

  test('lets in everybody else', async () => {
    const wrong: string[] = [];
    const inOrder = routes.filter(isStaffs).sort((a, b) => a.method.localeCompare(b.method));
    for (const route of inOrder) {
      const done = new Set<string>();
      for (const asker of people) {
        const open = worldsOf(route).filter((each) => !done.has(each.office));
        for (const world of open.filter((each) => may(asker, route, each))) {
          const answer = await ask(route, world, { cookie: asker.cookie });
          const said = `${route.method} ${route.path} of ${world.office}, ${asker.name}`;
          if (verdict(answer) !== 'in') wrong.push(`${said}: ${answer.status}`);
          if (ONCE.has(`${route.method} ${route.path}`)) done.add(world.office);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 240_000);
});

describe('the API', () => {
  test('opens the token’s own office, and nothing else', async () => {
    const wrong: string[] = [];
    const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
    const session = people.find((each) => each.name === 'administrator')!;
    const strangers = {
      nobody: {},
      'a revoked token': bearer(tokens.revoked),
      'a session': { cookie: session.cookie },
      'a citizen’s secret': bearer(here!.secret),
    };
    for (const route of routes.filter((each) => each.policy === 'token')) {
      const said = `${route.method} ${route.path}`;
      for (const [name, headers] of Object.entries(strangers)) {
        const answer = await ask(route, here!, headers);
        if (answer.status !== 401) wrong.push(`${said}, ${name}: ${answer.status}`);
      }
      const nowhere = await ask(
        route,
        unknownWorld('no-such-office', 'nothing'),
        bearer(tokens.there),
      );
      const foreign = await ask(route, here!, bearer(tokens.there));
      if (foreign.status !== 404 || foreign.shape !== nowhere.shape)
        wrong.push(`${said}, another office’s token: ${foreign.status}`);
      if (route.path.includes(':id')) {
        const [one, other] = [
          await ask(route, { ...there!, office: HERE }, bearer(tokens.here)),
          await ask(route, unknownWorld(HERE, 'nothing'), bearer(tokens.here)),
        ];
        if (one.status !== other.status || one.shape !== other.shape || verdict(one) === 'in')
          wrong.push(`${said}, another office’s id: ${one.status}`);
      }
      const scope = scopes[said] ?? '';
      const narrow = await ask(route, here!, bearer(without[scope] ?? ''));
      if (narrow.status !== 403 || !narrow.shape.includes(scope))
        wrong.push(`${said}, without its scope: ${narrow.status}`);
      const own = await ask(route, here!, bearer(tokens.here));
      if (own.status === 401 || verdict(own) !== 'in')
        wrong.push(`${said}, its own: ${own.status}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});

describe('the citizen’s side', () => {
  test('opens with a secret of the right kind, and is not found for everybody else', async () => {
    const wrong: string[] = [];
    for (const route of routes) {
      if (!(route.policy in SECRETS)) continue;
      const own = SECRETS[route.policy as keyof typeof SECRETS];
      const said = `${route.method} ${route.path}`;
      const unknown = await ask(route, { ...here!, [own]: unknownWorld(HERE, '')[own] }, {});
      if (verdict(unknown) !== 'not there')
        wrong.push(`${said}, an unknown secret: ${unknown.status}`);
      const others = Object.values(SECRETS).filter((each) => each !== own);
      for (const each of [...others, 'appointment', 'office'] as const) {
        const answer = await ask(route, { ...here!, [own]: here![each] }, {});
        if (answer.status !== unknown.status || answer.shape !== unknown.shape)
          wrong.push(`${said}, the ${each} in its place: ${answer.status}`);
      }
    }
    for (const route of routes.filter((each) => each.method === 'GET' && each.policy in SECRETS)) {
      const answer = await ask(route, here!, {});
      if (verdict(answer) !== 'in') wrong.push(`${route.path}, its secret: ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});

describe('a folder', () => {
  test('opens for whoever is identified, and asks everybody else to identify', async () => {
    const wrong: string[] = [];
    const ofPeople = routes.filter((each) => each.policy === 'person');
    for (const route of ofPeople)
      for (const asker of people) {
        // Last of all, since it ends the session.
        if (asker.name === IDENTIFIED && route.method === 'POST' && route.path.includes('erase'))
          continue;
        // What is notified is somebody's: src/web/citizen/notifications/notifications.test.ts has a person of each kind.
        if (asker.name === IDENTIFIED && route.path.includes('/:notification')) continue;
        const { status, shape } = await ask(route, here!, { cookie: asker.cookie });
        const isAsked = status === 303 && shape.startsWith('/ca/identify');
        if (isAsked === (asker.name === IDENTIFIED) || status >= 400)
          wrong.push(`${route.method} ${route.path}, ${asker.name}: ${status}`);
      }
    expect(ofPeople.length).toBeGreaterThan(8);
    expect(wrong).toEqual([]);
  }, 60_000);
});
