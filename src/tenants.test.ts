import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { type Config, readConfig } from './config.ts';
import type { Context } from './context.ts';
import type { Instance } from './instance.ts';
import { PlainError } from './lib/plain-error.ts';
import { openTenants, type Tenants } from './tenants.ts';

const SHUT = 'The database is away';
const log = pino({ level: 'silent' });
const townOf = (name: string) => ({
  name,
  config: readConfig({ BASE_URL: `https://cita.${name}.cat`, DATA_DIR: `/nowhere/${name}` }),
});

/** Makes instances that answer with their host, and controls to fail or end them. */
function instances() {
  const shut = new Set<string>();
  const ends = new Map<string, (why: string) => void>();
  const closed: string[] = [];
  const open = async (config: Config): Promise<Instance> => {
    const { host } = new URL(config.baseUrl);
    if (shut.has(host)) throw new PlainError(SHUT);
    const { promise: gone, resolve } = Promise.withResolvers<string>();
    ends.set(host, resolve);
    return {
      context: { config } as Context,
      fetch: () => new Response(host),
      lanFetch: null,
      gone,
      endStreams: () => {},
      close: async () => {
        closed.push(host);
      },
    };
  };
  return { shut, ends, closed, open };
}

let tenants: Tenants;
afterEach(() => tenants.close());

const ask = async (url: string) => {
  const answer = await tenants.fetch(new Request(url));
  return [answer.status, (await answer.text()).trim()] as const;
};

test('each town answers under its own name, and none under another', async () => {
  const { open } = instances();
  tenants = openTenants([townOf('mont'), townOf('vall')], log, { open });
  await tenants.settled;
  expect(await ask('http://cita.mont.cat/ca')).toEqual([200, 'cita.mont.cat']);
  expect(await ask('http://CITA.VALL.CAT/ca')).toEqual([200, 'cita.vall.cat']);
  for (const host of ['127.0.0.1:3000', 'cita.mont.cat.evil.example', 'cita.mont.cat:8080', 'cat'])
    expect(await ask(`http://${host}/ca`)).toEqual([421, 'Nothing is served under this name.']);
  expect(tenants.open().map(({ config }) => config.baseUrl)).toEqual([
    'https://cita.mont.cat',
    'https://cita.vall.cat',
  ]);
});

test('one that can’t be opened answers “not now” until it can; the others continue', async () => {
  const { open, shut } = instances();
  shut.add('cita.mont.cat');
  tenants = openTenants([townOf('mont'), townOf('vall')], log, { open, againAfterMs: 1 });
  await tenants.settled;
  const [status, page] = await ask('http://cita.mont.cat/ca');
  expect(status).toBe(503);
  expect(page).not.toMatch(/vall/i);
  expect((await ask('http://cita.mont.cat/readyz'))[0]).toBe(503);
  expect((await ask('http://cita.mont.cat/healthz'))[0]).toBe(200);
  expect(await ask('http://cita.vall.cat/ca')).toEqual([200, 'cita.vall.cat']);
  expect(await ask('http://10.0.0.1/readyz')).toEqual([200, 'ready']);
  shut.clear();
  await expect.poll(() => ask('http://cita.mont.cat/ca')).toEqual([200, 'cita.mont.cat']);
});

test('one whose database has ended is closed and opened again', async () => {
  const { open, ends, closed } = instances();
  tenants = openTenants([townOf('mont'), townOf('vall')], log, { open, againAfterMs: 1 });
  await tenants.settled;
  const before = ends.get('cita.mont.cat');
  before?.('it died');
  await expect.poll(() => ends.get('cita.mont.cat') === before).toBe(false);
  await expect.poll(() => ask('http://cita.mont.cat/ca')).toEqual([200, 'cita.mont.cat']);
  expect(closed).toEqual(['cita.mont.cat']);
});

test('closing closes every town, even during an opening', async () => {
  const { open, shut, closed } = instances();
  shut.add('cita.riba.cat');
  const towns = ['mont', 'vall', 'riba'].map(townOf);
  tenants = openTenants(towns, log, { open });
  await tenants.settled;
  await tenants.close();
  expect(closed.sort()).toEqual(['cita.mont.cat', 'cita.vall.cat']);
  expect(tenants.open()).toEqual([]);
});

test('many are opened a few at a time, and all of them', async () => {
  const { open } = instances();
  let [now, most] = [0, 0];
  const counted = async (config: Config) => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
    return open(config);
  };
  const towns = Array.from({ length: 30 }, (_, index) => townOf(`town${index}`));
  tenants = openTenants(towns, log, { open: counted });
  await tenants.settled;
  expect([most, tenants.open().length]).toEqual([4, 30]);
});
