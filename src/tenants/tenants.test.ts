import { afterEach, expect, test } from 'vitest';
import type { Tenants } from './tenants.ts';
import { hostOf, SHUT, World } from './testing.ts';

let tenants: Tenants;
afterEach(() => tenants.close());

const ask = async (url: string, headers = {}) => {
  const answer = await tenants.fetch(new Request(url, { headers }));
  return [answer.status, (await answer.text()).trim()] as const;
};
const page = (name: string) => ask(`http://${hostOf(name)}/ca`);
const states = () => {
  const { awake, asleep, shut, new: fresh } = tenants.facts().states;
  return { awake, asleep, shut, new: fresh };
};

test('each town answers under its own name, and none under another', async () => {
  const world = new World();
  tenants = world.tenants(['mont', 'vall']);
  expect(await page('mont')).toEqual([200, 'cita.mont.cat']);
  expect(await ask('http://CITA.VALL.CAT/ca')).toEqual([200, 'cita.vall.cat']);
  for (const host of ['127.0.0.1:3000', 'cita.mont.cat.evil.example', 'cita.mont.cat:8080', 'cat'])
    expect(await ask(`http://${host}/ca`)).toEqual([421, 'Nothing is served under this name.']);
});

test('towns are looked at in the background a few at a time, then sleep, and wake for whoever asks', async () => {
  const world = new World();
  const names = Array.from({ length: 30 }, (_, index) => `town${index}`);
  tenants = world.tenants(names);
  expect(states()).toMatchObject({ new: 30 });
  await world.pass(tenants, 1);
  expect(world.opened).toHaveLength(4);
  await world.pass(tenants, 60);
  expect(states()).toEqual({ awake: 0, asleep: 30, shut: 0, new: 0 });
  expect(world.opened).toHaveLength(30);

  expect(await page('town7')).toEqual([200, 'cita.town7.cat']);
  await world.pass(tenants, 200, 10);
  expect(states().awake).toBe(1);
  await page('town7');
  await world.pass(tenants, 290, 10);
  expect(states().awake).toBe(1);
  await world.pass(tenants, 20, 10);
  expect(states().awake).toBe(0);
});

test('pages that are open, work that goes on, and requests keep a town awake', async () => {
  const world = new World();
  tenants = world.tenants(['mont', 'vall', 'riba']);
  world.of('mont').isWatched = true;
  world.of('vall').restsForMs = null;
  await world.pass(tenants, 900, 10);
  expect(tenants.open().map(({ config }) => config.baseUrl)).toEqual([
    'https://cita.mont.cat',
    'https://cita.vall.cat',
  ]);
  world.of('mont').isWatched = false;
  world.of('vall').restsForMs = 60_000;
  await world.pass(tenants, 20);
  expect(states().awake).toBe(0);
});

test('a town is woken when its work is due, and sleeps again', async () => {
  const world = new World();
  tenants = world.tenants(['mont']);
  world.of('mont').restsForMs = 600_000;
  await world.pass(tenants, 20);
  expect(world.opened).toHaveLength(1);
  await world.pass(tenants, 580, 10);
  expect(world.opened).toHaveLength(1);
  await world.pass(tenants, 60, 10);
  expect(world.opened).toHaveLength(2);
  expect(world.closed).toHaveLength(2);
});

test('after a leap of the time of day, as when the machine slept, each town is asked what is due', async () => {
  const world = new World();
  world.of('mont').restsForMs = 5 * 3_600_000;
  tenants = world.tenants(['mont']);
  await world.pass(tenants, 10);
  expect(states()).toMatchObject({ asleep: 1 });
  const before = world.opened.length;
  world.aheadMs = 8 * 3_600_000;
  await world.pass(tenants, 2);
  expect(world.opened.length).toBe(before + 1);
  await world.pass(tenants, 600, 10);
  expect(world.opened.length).toBe(before + 1);
});

test('what another process does wakes a sleeping town, and keeps it awake while it serves it', async () => {
  const world = new World();
  tenants = world.tenants(['mont']);
  const seen = { name: 'mont', isServed: false, writes: 7 };
  world.seen.set('mont', seen);
  await world.pass(tenants, 30);
  expect([world.opened.length, states().awake]).toEqual([1, 0]);
  seen.writes++;
  await world.pass(tenants, 1);
  expect(world.opened).toHaveLength(2);
  // What comes within a minute waits for its end.
  await world.pass(tenants, 20);
  seen.writes++;
  await world.pass(tenants, 10);
  expect([world.opened.length, states().awake]).toEqual([2, 0]);
  await world.pass(tenants, 60);
  expect(world.opened).toHaveLength(3);
  // The server lost its statistics.
  seen.writes = 0;
  await world.pass(tenants, 100);
  expect([world.opened.length, states().awake]).toEqual([3, 0]);
  seen.isServed = true;
  await world.pass(tenants, 1_000, 10);
  expect([world.opened.length, states().awake]).toEqual([4, 1]);
  seen.isServed = false;
  await world.pass(tenants, 20);
  expect(states().awake).toBe(0);
});

test('with all places taken, who was not asked for the longest time gives its place; else the answer is “not now”', async () => {
  const world = new World();
  // Two places.
  tenants = world.tenants(['mont', 'vall', 'riba'], { connections: 4 });
  await page('mont');
  world.now += 5_000;
  await page('vall');
  world.now += 5_000;
  expect(await page('riba')).toEqual([200, 'cita.riba.cat']);
  expect(world.closed).toEqual(['cita.mont.cat']);

  world.of('vall').isWatched = true;
  world.of('riba').isWatched = true;
  const late = page('mont');
  let isAnswered = false;
  void late.finally(() => {
    isAnswered = true;
  });
  while (!isAnswered) await world.pass(tenants, 1);
  expect((await late)[0]).toBe(503);
  expect(await page('vall')).toEqual([200, 'cita.vall.cat']);
});

test('one that can’t be opened answers “not now” until it can, is tried ever more rarely, and the others continue', async () => {
  const world = new World();
  world.shut.add('cita.mont.cat');
  tenants = world.tenants(['mont', 'vall'], { againAfterMs: 30_000 });
  await world.pass(tenants, 1);
  const [status, text] = await page('mont');
  expect(status).toBe(503);
  expect(text).not.toMatch(/vall/i);
  expect(await page('vall')).toEqual([200, 'cita.vall.cat']);
  await world.pass(tenants, 300, 10);
  expect(world.logs.filter((line) => line.includes(SHUT))).toHaveLength(1);
  world.shut.clear();
  await world.pass(tenants, 300, 10);
  expect(states().shut).toBe(0);
  expect(world.logs.join()).toContain('This town is open again');
});

test('whoever asks for a shut town has it tried at once, but not again and again', async () => {
  const world = new World();
  world.shut.add('cita.mont.cat');
  tenants = world.tenants(['mont']);
  await world.pass(tenants, 1);
  world.shut.clear();
  expect((await page('mont'))[0]).toBe(503);
  world.now += 6_000;
  expect(await page('mont')).toEqual([200, 'cita.mont.cat']);
});

test('when the databases of all towns are away, the log stays short', async () => {
  const world = new World();
  const names = Array.from({ length: 100 }, (_, index) => `town${index}`);
  for (const name of names) world.shut.add(hostOf(name));
  tenants = world.tenants(names);
  await world.pass(tenants, 30);
  expect(states()).toMatchObject({ shut: 100 });
  expect(world.logs).toHaveLength(11);
  expect(world.logs.at(-1)).toContain('More than 10 towns');
});

test('monitoring wakes no town and keeps none awake', async () => {
  const world = new World();
  world.shut.add('cita.riba.cat');
  tenants = world.tenants(['mont', 'riba']);
  expect((await ask('http://10.0.0.1/readyz'))[0]).toBe(503);
  expect((await ask('http://cita.mont.cat/readyz'))[0]).toBe(503);
  await world.pass(tenants, 30);
  expect(states()).toMatchObject({ asleep: 1, shut: 1 });
  expect(await ask('http://10.0.0.1/readyz')).toEqual([200, 'ready']);
  expect(await ask('http://cita.mont.cat/readyz')).toEqual([200, 'ready']);
  expect((await ask('http://cita.riba.cat/readyz'))[0]).toBe(503);
  expect((await ask('http://cita.riba.cat/healthz'))[0]).toBe(200);

  expect((await ask('http://10.0.0.1/metrics'))[0]).toBe(404);
  const token = { Authorization: 'Bearer a-token-of-monitoring' };
  const [, all] = await ask('http://10.0.0.1/metrics', token);
  expect(all).toContain('finestreta_towns{state="asleep"} 1');
  expect(all).not.toMatch(/mont|riba/);
  expect((await ask('http://cita.mont.cat/metrics', token))[1]).toContain(
    'finestreta_town_awake 0',
  );
  expect(states().awake).toBe(0);
});

test('a town with an embedded database stays awake; one whose database has ended is opened again, even if closing it fails', async () => {
  const world = new World();
  world.failsToClose.add('cita.mont.cat');
  tenants = world.tenants(['mont', 'vall'], { on: 'embedded', againAfterMs: 30_000 });
  await tenants.settled;
  await world.pass(tenants, 900, 30);
  expect(states().awake).toBe(2);
  world.ends.get('cita.mont.cat')?.('it died');
  await world.pass(tenants, 1);
  expect(world.closed).toEqual(['cita.mont.cat']);
  expect((await page('mont'))[0]).toBe(503);
  await world.pass(tenants, 31);
  expect(await page('mont')).toEqual([200, 'cita.mont.cat']);
});

test('closing closes every town, even during an opening', async () => {
  const world = new World();
  world.shut.add('cita.riba.cat');
  tenants = world.tenants(['mont', 'vall', 'riba']);
  await page('mont');
  const { promise, resolve } = Promise.withResolvers<void>();
  world.opening = promise;
  await tenants.tick();
  const closing = tenants.close();
  resolve();
  await closing;
  expect(world.closed.sort()).toEqual(['cita.mont.cat', 'cita.vall.cat']);
  expect(tenants.open()).toEqual([]);
});
