import { randomBytes } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { VERSION } from '../src/paths.ts';
import { apiClient } from './support/api.ts';
import { type Bookers, startBookers } from './support/bookers.ts';
import { CHROME, openBrowser } from './support/browser.ts';
import { signedIn } from './support/client.ts';
import { NURIA } from './support/console.ts';
import { openMailServer } from './support/mail.ts';
import {
  fillDetails,
  goOnToCheck,
  press,
  say,
  seen,
  signIn,
  takeTime,
  walkToTimes,
} from './support/pages.ts';
import { NO_POSTGRES, POSTGRES_BIN, startPostgres } from './support/postgres.ts';
import { freePort, temporaryFolder, until } from './support/processes.ts';
import { withProvingOffice, writeTown } from './support/proving-town.ts';
import { keepsConnections, type ProxyName } from './support/proxies/kinds.ts';
import {
  lacks,
  openBeforeTwo,
  openHaproxyBeforeTwo,
  type RunningProxy,
} from './support/proxies/proxy.ts';
import { type Access, type RunningServer, runServer, startServer } from './support/server.ts';
import { demoTown } from './support/town.ts';
import { connectionOf, query, readTruth, SOUND } from './support/truth.ts';
import { buildLastRelease, LAST_RELEASE, type Released } from './support/upgrade/released.ts';
import { makeVersion } from './support/upgrade/versions.ts';
import { openVisitors, startReaders } from './support/upgrade/visitors.ts';

const folder = temporaryFolder();
const town = writeTown(folder.path, 3);
/** The demo town, which has staff, with an office for systems that book. */
const whole = join(folder.path, 'whole.yaml');
writeFileSync(whole, withProvingOffice(demoTown(), 3));
afterAll(() => folder.remove());

/** Older than every version that the tree can have. */
const [OLD, SHUTTING] = ['0.0.5', '0.0.7'] as const;
const KEY = randomBytes(32).toString('base64');
const ROSA = { name: 'Rosa Soler', phone: '612 345 670', email: 'rosa@example.com' };
const CANNOT_ROLL = !LAST_RELEASE || !CHROME || lacks('haproxy');

/** This version, which also changes a table on which all bookings depend, and a function that books. */
function newer(): string {
  const program = makeVersion(folder.path, VERSION, {
    '9001_more':
      "-- expand: more\nalter table appointment add column made_up text default 'web';\n",
  });
  appendFileSync(join(program, 'migrations/functions/book_appointment.sql'), '-- Newer.\n');
  return program;
}

/** What stands beside HAProxy before the same machines. */
const OTHERS = (['nginx', 'caddy'] as const).filter((each) => !lacks(each));
const NAMES: readonly ProxyName[] = ['haproxy', ...OTHERS];

/** Pages that were opened with the version before. */
async function openPages(browser: Browser, town: { origin: string; access: Access }) {
  const staff = await browser.newPage({ baseURL: town.origin, locale: 'ca-ES' });
  await signIn(staff, town.access, NURIA);
  await staff.goto('/console/oac');
  await staff.evaluate(() => {
    const told = { news: 0 };
    Object.assign(window, { told });
    document.addEventListener('console:news', () => told.news++);
  });
  const news = () =>
    staff.evaluate(() => (window as unknown as { told: { news: number } }).told.news);
  const citizen = await browser.newPage({ baseURL: town.origin, locale: 'ca-ES' });
  await walkToTimes(citizen);
  await takeTime(citizen, 5);
  await fillDetails(citizen, ROSA);
  return {
    /** The form is sent as it was typed, and the same page of the console hears of the booking. */
    goOn: async () => {
      const before = await news();
      await goOnToCheck(citizen);
      expect(await seen(citizen)).toContain(ROSA.name);
      await press(citizen, say('citizen.check.confirm'));
      await citizen.waitForURL('**/confirmed');
      await until('the console is told', async () => (await news()) > before);
    },
  };
}

/** Every booking that was answered is there once, and so are those of `people`. Returns who gets a mail. */
async function expectAllThere(
  bookers: readonly Bookers[],
  people: readonly string[],
  url: string,
): Promise<string[]> {
  expect(bookers.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(bookers.flatMap(({ unanswered }) => unanswered)).toEqual([]);
  const { appointments, ...rest } = await readTruth({ connectionString: url });
  expect(rest).toEqual(SOUND);
  const told = bookers.flatMap((each) =>
    each.told.flatMap(({ id, externalId }) => (id ? [`${externalId} ${id}`] : [])),
  );
  const [ofPages = [], ofSystems = []] = [true, false].map((isOfPage) =>
    appointments.filter(({ externalId }) => (externalId === null) === isOfPage),
  );
  expect(ofSystems.map(({ id, externalId }) => `${externalId} ${id}`).sort()).toEqual(told.sort());
  expect(ofPages).toHaveLength(people.length);
  return [...people, ...ofSystems.map(({ externalId }) => `${externalId}@vilaclara.example`)];
}

/** Systems that book at each door, each at times of its own. */
async function bookAt(doors: readonly string[], access: RunningServer['access']) {
  const clients = await Promise.all(
    doors.map((door, nth) => {
      const how = { office: 'proves', keepAlive: keepsConnections(NAMES[nth]!) };
      return apiClient({ port: Number(new URL(door).port), access }, how);
    }),
  );
  const starts = (await clients[0]!.slots(50)).slice(500).map((each) => each.start);
  const bookers = clients.map((client, nth) =>
    startBookers(client, starts.slice(nth * 1_000, (nth + 1) * 1_000), 1, 150),
  );
  return {
    bookers,
    booked: (more: number) => Promise.all(bookers.map((each) => each.booked(more))),
    stop: async () => {
      for (const each of bookers) await each.stop();
      for (const each of clients) each.close();
    },
  };
}

describe.skipIf(!POSTGRES_BIN)(
  `an upgrade while people book${POSTGRES_BIN ? '' : `: ${NO_POSTGRES}`}`,
  () => {
    it.skipIf(CANNOT_ROLL)(
      'from the last release to this version and back, one machine after the other: no error, nothing lost, nothing twice',
      async () => {
        const [before, after] = [buildLastRelease(), { version: VERSION, program: newer() }];
        await using postgres = await startPostgres();
        await using mail = await openMailServer();
        const url = await postgres.createDatabase();
        const [port, ...ports] = [await freePort(), await freePort(), await freePort()];
        const origin = `http://localhost:${port}`;
        const two = [ports[0] ?? 0, ports[1] ?? 0] as const;
        await using proxy = await openHaproxyBeforeTwo(port, two);
        await using others = new AsyncDisposableStack();
        const doors = [origin];
        let nginx: RunningProxy | null = null;
        for (const name of OTHERS) {
          const at = await freePort();
          const other = others.use(await openBeforeTwo(name, at, two));
          if (name === 'nginx') nginx = other;
          doors.push(`http://localhost:${at}`);
        }
        const env = {
          ...{ DATABASE_URL: url, TOWN_FILE: whole, INSTALLATION_KEY: KEY, DRAIN_SECONDS: '6' },
          ...{ BASE_URL: origin, TRUSTED_PROXIES: '1', SMTP_URL: mail.url },
        };
        const machines: RunningServer[] = [];
        const begin = async (nth: 0 | 1, { program }: Released) => {
          const port = ports[nth] ?? 0;
          machines[nth] = await startServer({ env, program, port });
          await until('it is led to', async () => (await proxy.leadsTo())[nth]);
          return machines[nth];
        };
        /** nginx asks no machine whether it is ready: it is told, as docs/web-server.md has it. */
        const replace = async (nth: 0 | 1, by: Released) => {
          await nginx?.setDown(two[nth], true);
          expect(await machines[nth]?.stop()).toBe(0);
          const machine = await begin(nth, by);
          await nginx?.setDown(two[nth], false);
          return machine;
        };
        const running = async () => {
          const named = await query<{ name: string }>(
            { connectionString: url },
            `select application_name as name from pg_stat_activity where application_name like 'finestreta %' order by 1`,
          );
          return named.map(({ name }) => name.replace('finestreta ', ''));
        };

        const first = await begin(0, before);
        await begin(1, before);
        const access = await first.access();
        const systems = await bookAt(doors, first.access);
        const readers = doors.map((door, nth) => startReaders(door, keepsConnections(NAMES[nth]!)));
        const browser = await openBrowser();
        const pages = await openPages(browser, { origin, access });
        const official = await signedIn({ origin }, access, NURIA);
        const visitors = await Promise.all(
          doors.slice(1).map((door, nth) => openVisitors(door, official, nth)),
        );
        await systems.booked(10);

        await replace(1, after);
        await systems.booked(10);
        expect(await running()).toEqual([before.version, after.version]);
        await replace(0, after);
        await systems.booked(10);
        await pages.goOn();
        const people = [ROSA.email];
        for (const each of visitors) people.push(await each.goOn('Pere Mas'));
        await browser.close();

        const back = await replace(1, before);
        expect(back.output()).toContain(
          `The database is of Finestreta ${after.version}, and stays so`,
        );
        await systems.booked(10);
        await systems.stop();
        for (const each of readers) await each.stop();
        const booked = await expectAllThere(systems.bookers, people, url);
        for (const [nth, { counts }] of readers.entries())
          expect([...counts.keys()].sort(), NAMES[nth]).toEqual(['file 200', 'page 200']);
        await until('every confirmation has come', () => mail.received.length >= booked.length);
        for (const each of machines) await each.stop();
        expect(mail.received.map(({ to }) => to).sort()).toEqual(booked.sort());
        const read = (what: string) =>
          readers.map(({ counts }) => counts.get(`${what} 200`)).join(' + ');
        console.log(
          `${booked.length} bookings, ${read('page')} pages and ${read('file')} files during an upgrade and the way back, by ${NAMES.join(', ')}`,
        );
      },
      900_000,
    );

    it('to one that takes something away waits for the old one to end, and the old one then refuses', async () => {
      await using postgres = await startPostgres();
      const url = await postgres.createDatabase();
      const env = { DATABASE_URL: url, TOWN_FILE: town, INSTALLATION_KEY: KEY };
      const before = makeVersion(join(folder.path, 'shut'), OLD);
      const after = makeVersion(join(folder.path, 'shut'), SHUTTING, {
        '9001_less': `-- contract of ${OLD}: nothing, here\ncomment on table office is 'less';\n`,
      });
      const first = await startServer({ env, program: before });
      const port = await freePort();
      const coming = startServer({ env, program: after, port });
      const migrated = () => query(connectionOf({ dataDir: '' }, url), MIGRATED);
      const said = () =>
        fetch(`http://127.0.0.1:${port}/ca`).then(
          ({ status }) => status,
          () => 0,
        );
      await until('the new one says that it is being opened', async () => (await said()) === 503);
      expect(await migrated()).toEqual([]);
      expect((await fetch(`${first.baseUrl}/ca`)).status).toBe(200);
      expect(await first.stop()).toBe(0);
      await using second = await coming;
      expect((await fetch(`${second.baseUrl}/ca`)).status).toBe(200);
      const refused = await runServer({ env, program: before });
      expect(refused.code).toBe(1);
      expect(refused.output).toContain(`only versions after ${OLD} work`);
    }, 240_000);
  },
);

const MIGRATED = `select from schema_release where version = '${SHUTTING}'`;
