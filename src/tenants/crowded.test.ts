import { afterEach, expect, test } from 'vitest';
import type { Tenants } from './tenants.ts';
import { hostOf, World } from './testing.ts';

let tenants: Tenants;
afterEach(() => tenants.close());

/** `from`: the client's address; by default each test is one client. */
const request = async (name: string, path = '/ca', from = '192.0.2.1') =>
  tenants.fetch(new Request(`http://${hostOf(name)}${path}`), {
    incoming: { socket: { remoteAddress: from } },
  });
const statusOf = async (name: string, path = '/ca') => (await request(name, path)).status;
const names = (many: number) => Array.from({ length: many }, (_, index) => `town${index}`);
const turns = async () => {
  for (let left = 20; left > 0; left--) await new Promise(setImmediate);
};
const isAwake = (name: string) =>
  tenants.open().some(({ config }) => config.baseUrl.endsWith(hostOf(name)));

/** Lets a request wait until it is refused. */
async function refused(world: World, asked: Promise<number>): Promise<number> {
  let status: number | null = null;
  void asked.then((is) => {
    status = is;
  });
  while (status === null) await world.pass(tenants, 1);
  return status;
}

/** Opens a page of the console in each, which stays open. */
async function openConsoles(world: World, towns: readonly string[]): Promise<void> {
  for (const name of towns) {
    expect(await statusOf(name, '/console')).toBe(200);
    world.of(name).isWatched = true;
  }
}

test('work of sleeping towns is done in time, however many towns people use', async () => {
  const world = new World();
  tenants = world.tenants(names(60));
  await world.pass(tenants, 120);
  // All places that people may have, of forty.
  await openConsoles(world, names(36));
  expect(await refused(world, statusOf('town50'))).toBe(503);
  const before = world.opened.length;
  await world.pass(tenants, 4 * 3_600 + 600, 10);
  // Each of the others was due after one hour, and again after each hour.
  for (const name of names(60).slice(36)) {
    const woken = world.opened.slice(before).filter((host) => host === hostOf(name));
    expect(woken).toHaveLength(4);
  }
  expect(tenants.facts().overdueMs).toBe(0);
});

test('work has places that people don’t get, not even in a town that is awake for its work', async () => {
  const world = new World();
  // Four places, one of which is for work.
  tenants = world.tenants(names(5), { connections: 8 });
  await world.pass(tenants, 30);
  await openConsoles(world, names(3));
  world.of('town4').restsForMs = null;
  await world.pass(tenants, 3_700, 10);
  expect(isAwake('town4')).toBe(true);
  expect(await refused(world, statusOf('town4'))).toBe(503);
  world.of('town0').isWatched = false;
  world.now += 400_000;
  expect(await statusOf('town4')).toBe(200);
  expect(isAwake('town0')).toBe(false);
});

test('towns that another process serves take turns when they are too many, and leave places to the work of others', async () => {
  const world = new World();
  tenants = world.tenants(names(60));
  await world.pass(tenants, 120);
  for (const name of names(50)) world.seen.set(name, { name, isServed: true, writes: 1 });
  await world.pass(tenants, 120);
  for (let round = 0; round < 3; round++) {
    const before = new Set<string>();
    for (let step = 0; step < 120; step++) {
      await world.pass(tenants, 1);
      for (const { config } of tenants.open()) before.add(new URL(config.baseUrl).host);
    }
    for (const name of names(50)) expect(before).toContain(hostOf(name));
  }
  const opened = world.opened.length;
  await world.pass(tenants, 3_700, 5);
  for (const name of names(60).slice(50))
    expect(world.opened.slice(opened)).toContain(hostOf(name));
  expect(tenants.facts().states.awake).toBeLessThanOrEqual(40);
});

test('sleeping towns whose work finds no place are counted as overdue', async () => {
  const world = new World();
  tenants = world.tenants(names(3), { connections: 4 });
  await world.pass(tenants, 30);
  await openConsoles(world, names(2));
  await world.pass(tenants, 3_600 + 120, 10);
  expect(tenants.facts().overdueMs).toBeGreaterThan(60_000);
  const headers = { Authorization: 'Bearer a-token-of-monitoring' };
  const metrics = await tenants.fetch(new Request('http://10.0.0.1/metrics', { headers }));
  expect(await metrics.text()).toMatch(/finestreta_towns_overdue_seconds \d{2,}/);
});

test('many who wait for one town that is long in opening keep nobody from another', async () => {
  const world = new World();
  const { promise, resolve } = Promise.withResolvers<void>();
  world.slow.set(hostOf('slow'), promise);
  tenants = world.tenants(['slow', ...names(20)]);
  const many = Array.from({ length: 30 }, () => statusOf('slow'));
  await turns();
  expect(await statusOf('town0')).toBe(200);
  resolve();
  expect(new Set(await Promise.all(many))).toEqual(new Set([200]));
  expect(world.opened.filter((host) => host === hostOf('slow'))).toHaveLength(1);
});

test('towns that are being migrated keep nobody from those that need no migration', async () => {
  const world = new World();
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const name of names(12)) world.slow.set(hostOf(name), promise);
  tenants = world.tenants(['known', ...names(12)]);
  expect(await statusOf('known')).toBe(200);
  await world.pass(tenants, 400, 100);
  expect(isAwake('known')).toBe(false);
  // Four are being opened in the background, eight since somebody asks for them.
  const slow = names(12).map((name) => statusOf(name));
  await turns();
  world.now += 3_000;
  expect(await statusOf('known')).toBe(200);
  resolve();
  expect(new Set(await Promise.all(slow))).toEqual(new Set([200]));
});

test('requests that never end keep their places for some seconds only, once others wait', async () => {
  const world = new World();
  tenants = world.tenants(names(80));
  for (const name of names(44)) void request(name, '/endless');
  while (tenants.facts().states.awake < 36) await turns();
  const others = names(80).slice(50, 60);
  const asked = others.map((name) => statusOf(name));
  await turns();
  world.now += 3_500;
  expect(new Set(await Promise.all(asked))).toEqual(new Set([200]));
});

test('strangers never take the place of staff, nor more than one place for one town', async () => {
  const world = new World();
  tenants = world.tenants(names(10), { connections: 8 });
  for (const name of names(3)) await statusOf(name, '/console');
  world.now += 60_000;
  expect(await refused(world, statusOf('town5'))).toBe(503);
  for (const name of names(3)) expect(isAwake(name)).toBe(true);

  const before = world.closed.length;
  world.now += 400_000;
  await Promise.all(Array.from({ length: 20 }, () => statusOf('town5')));
  expect(world.closed.slice(before)).toHaveLength(1);
});

test('many who ask at once don’t open more towns than have places', async () => {
  const world = new World();
  tenants = world.tenants(names(30), { connections: 8 });
  const asked = names(30).map((name) => statusOf(name, '/endless'));
  void Promise.all(asked);
  await turns();
  expect(world.opened).toHaveLength(3);
  world.now += 10_000;
});

test('files of the build and what crawlers ask of any site wake no town', async () => {
  const world = new World();
  tenants = world.tenants(['mont']);
  await world.pass(tenants, 30);
  expect(tenants.facts().states.asleep).toBe(1);
  const icon = await request('mont', '/icon.svg');
  expect([icon.status, icon.headers.get('X-Content-Type-Options')]).toEqual([200, 'nosniff']);
  const robots = await request('mont', '/robots.txt');
  expect(await robots.text()).toContain('Sitemap: https://cita.mont.cat/sitemap.xml');
  for (const path of ['/favicon.ico', '/assets/gone.js', '/docs/none'])
    expect(await statusOf('mont', path)).toBe(404);
  expect(tenants.facts().states.asleep).toBe(1);
  expect(await statusOf('mont')).toBe(200);
  await world.pass(tenants, 290, 10);
  await request('mont', '/icon.svg');
  await world.pass(tenants, 20, 10);
  expect(tenants.facts().states.asleep).toBe(1);
});

test('a town that doesn’t close in good order gives back its connection', async () => {
  const world = new World();
  world.failsToClose.add(hostOf('mont'));
  tenants = world.tenants(['mont']);
  await world.pass(tenants, 1);
  expect(tenants.facts().connections.used).toBe(1);
  await world.pass(tenants, 30);
  expect(tenants.facts().connections.used).toBe(0);
});

test('while nobody sees what others do, each sleeping town is looked at every five minutes', async () => {
  const world = new World();
  tenants = world.tenants(['mont', 'vall']);
  await world.pass(tenants, 60);
  expect(world.opened).toHaveLength(2);
  world.isBlind = true;
  await world.pass(tenants, 700, 5);
  expect(world.opened).toHaveLength(6);
  world.isBlind = false;
  await world.pass(tenants, 1_200, 5);
  expect(world.opened).toHaveLength(6);
});

test('with more towns in use than have places everybody is answered, and each town has its turn', async () => {
  const world = new World();
  tenants = world.tenants(names(100));
  await world.pass(tenants, 120);
  const began = world.now;
  const served = new Map(names(100).map((name) => [name, began]));
  const wrong: string[] = [];
  let longestS = 0;
  let isOver = false;
  // In each town one person, who asks for a page each second.
  const people = names(100).map(async (name, index) => {
    while (!isOver) {
      const asked = world.now;
      const answer = await request(name, '/ca', `192.0.2.${index}`);
      const after = answer.headers.get('Retry-After');
      if (answer.status === 200) {
        longestS = Math.max(longestS, (world.now - served.get(name)!) / 1_000);
        served.set(name, world.now);
      } else if (answer.status !== 503 || !(Number(after) > 0))
        wrong.push(`${answer.status} ${after}`);
      while (!isOver && world.now - asked < 1_000) await new Promise(setImmediate);
    }
  });
  await world.pass(tenants, 120, 0.5);
  isOver = true;
  world.now += 10_000;
  await world.pass(tenants, 3);
  await Promise.all(people);
  expect(wrong).toEqual([]);
  // Forty have a place, for three seconds each.
  expect(longestS).toBeLessThan(20);
  for (const at of served.values()) expect(at).toBeGreaterThan(began + 90_000);
});

test('whoever asked first gets the next place', async () => {
  const world = new World();
  tenants = world.tenants(names(6), { connections: 2 });
  expect(await statusOf('town0')).toBe(200);
  const order: string[] = [];
  const asked = ['town4', 'town2', 'town3'].map(async (name) => {
    if ((await statusOf(name)) === 200) order.push(name);
  });
  await turns();
  expect(order).toEqual([]);
  for (let places = 1; places <= 3; places++) {
    world.now += 2_100;
    if (places < 3) await expect.poll(() => order.length).toBe(places);
  }
  expect(order).toEqual(['town4', 'town2']);
  await Promise.all(asked);
});

test('somebody who goes through the names of all towns wakes some of them, and keeps nobody else from theirs', async () => {
  const world = new World();
  tenants = world.tenants(names(200));
  await world.pass(tenants, 300, 2);
  const before = world.opened.length;
  const answers = [];
  for (const name of names(150)) {
    answers.push(await request(name, '/ca', '198.51.100.7'));
    world.now += 100;
  }
  // Sixty at once, and another each two seconds.
  expect(world.opened.length - before).toBeLessThan(75);
  const last = answers.at(-1)!;
  expect([last.status, Number(last.headers.get('Retry-After'))]).toEqual([503, 2]);
  expect((await request('town180', '/ca', '198.51.100.8')).status).toBe(200);
  // What is awake is no matter.
  expect((await request('town180', '/ca', '198.51.100.7')).status).toBe(200);
  world.now += 60_000;
  expect((await request('town190', '/ca', '198.51.100.7')).status).toBe(200);
});

test('a town keeps what its jobs did before it gives its place to others', async () => {
  const world = new World();
  tenants = world.tenants(['mont', 'vall'], { connections: 2 });
  await statusOf('mont');
  world.now += 3_000;
  expect(await statusOf('vall')).toBe(200);
  expect([world.settled, world.closed]).toEqual([[hostOf('mont')], [hostOf('mont')]]);
});
