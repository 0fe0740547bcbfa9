import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Moto, openMoto } from '../../../src/lib/blobs/testing/moto.ts';
import { INSTALLATION, within } from '../../../src/lib/db/database.ts';
import { openClient } from '../client.ts';
import { type MailServer, openMailServer } from '../mail.ts';
import { type Postgres, startPostgres } from '../postgres.ts';
import { freePort, temporaryFolder, until } from '../processes.ts';
import { withProvingOffice } from '../proving-town.ts';
import type { ProxyName } from '../proxies/kinds.ts';
import {
  type HaproxyBeforeTwo,
  lacks,
  openBeforeTwo,
  openHaproxyBeforeTwo,
} from '../proxies/proxy.ts';
import { type RunningServer, startServer } from '../server.ts';
import { demoTown, operateOn, runningClock, type Town } from '../town.ts';
import { type BookedVideo, bookVideo } from '../video.ts';

const WEBS = ['one', 'two'] as const;
const WORKERS = ['first', 'second'] as const;
export type MachineName = (typeof WEBS)[number] | (typeof WORKERS)[number];

/** Two web processes, `one` and `two`, behind each proxy, and two workers, `first` and `second`, each with a folder of its own. */
export interface Machines extends AsyncDisposable {
  /** What a browser sees of them, by HAProxy. */
  town: Town;
  /** Where each proxy of this machine stands, HAProxy first. */
  doors: ReadonlyMap<ProxyName, string>;
  mail: MailServer;
  /** A video call that was booked, five minutes before its hour. */
  call: BookedVideo;
  databaseUrl: string;
  kill(name: MachineName): Promise<void>;
  /** Starts one again that was killed. Returns when the proxy knows. */
  start(name: MachineName): Promise<void>;
  /** The machine says nothing any more, and its connections stay open. */
  freeze(name: MachineName): void;
  /** Waits until the proxy leads to these webs only. */
  ledTo(names: readonly MachineName[]): Promise<void>;
}

/** What stands beside HAProxy, where it is installed. */
const OTHERS: readonly ProxyName[] = ['nginx', 'caddy'];

/** An hour before the first video call that somebody can book. */
const EARLY = '2026-11-25T09:00:00+01:00';

/** What all of them share. */
interface Shared {
  folder: string;
  port: number;
  env: Record<string, string>;
}

/** Starts all of them in the demo town, which has an office for systems that book: `proves`. */
export async function startMachines(): Promise<Machines> {
  const temporary = temporaryFolder();
  const opened: AsyncDisposable[] = [];
  const open = async <T extends AsyncDisposable>(opening: Promise<T>): Promise<T> => {
    const one = await opening;
    opened.unshift(one);
    return one;
  };
  const close = async () => {
    for (const each of opened) await each[Symbol.asyncDispose]();
    temporary.remove();
  };
  try {
    const folder = temporary.path;
    const postgres = await open(startPostgres());
    const mail = await open(openMailServer());
    const store = await open(openMoto());
    const port = await freePort();
    const env = await environment(folder, port, { postgres, mail, store });
    const call = await bookedCall({ folder, port, env });
    const hour = runningClock();
    hour.start(Temporal.Instant.from(call.start).subtract({ minutes: 5 }).toString());
    const running = new Map<MachineName, RunningServer>();
    const ports = { one: await freePort(), two: await freePort() };
    const proxy = await open(openHaproxyBeforeTwo(port, [ports.one, ports.two]));
    const doors = new Map<ProxyName, string>([['haproxy', env.BASE_URL ?? '']]);
    for (const name of OTHERS.filter((each) => !lacks(each))) {
      const at = await freePort();
      await open(openBeforeTwo(name, at, [ports.one, ports.two]));
      doors.set(name, `http://localhost:${at}`);
    }
    const machines = keepRunning(running, { folder, port, env, ports, hour, proxy });
    opened.unshift({ [Symbol.asyncDispose]: machines.stop });
    for (const each of [...WEBS, ...WORKERS]) await machines.start(each);
    const town = townOf({ folder, port, env }, running, hour.now);
    const databaseUrl = env.DATABASE_URL ?? '';
    return { ...machines, town, doors, mail, call, databaseUrl, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function environment(
  folder: string,
  port: number,
  { postgres, mail, store }: { postgres: Postgres; mail: MailServer; store: Moto },
): Promise<Record<string, string>> {
  const file = join(folder, 'town.yaml');
  writeFileSync(file, withProvingOffice(demoTown(), 3));
  const { endpoint, region, bucket, accessKey, secretKey } = store.settings;
  return {
    BASE_URL: `http://localhost:${port}`,
    TRUSTED_PROXIES: '1',
    DATABASE_URL: await postgres.createDatabase(),
    DATABASE_POOL: '8',
    TOWN_FILE: file,
    INSTALLATION_KEY: randomBytes(32).toString('base64'),
    SMTP_URL: mail.url,
    S3_ENDPOINT: endpoint ?? '',
    S3_REGION: region,
    S3_BUCKET: bucket,
    S3_ACCESS_KEY_ID: accessKey ?? '',
    S3_SECRET_ACCESS_KEY: secretKey ?? '',
  };
}

/** Has one process make the town, in which a citizen books a video call. */
async function bookedCall({ folder, port, env }: Shared): Promise<BookedVideo> {
  const dataDir = join(folder, 'made');
  await using server = await startServer({ dataDir, port, env: { ...env, CLOCK: EARLY } });
  return await bookVideo(openClient(server.baseUrl, 'ca'));
}

interface Kept extends Shared {
  ports: Record<(typeof WEBS)[number], number>;
  hour: ReturnType<typeof runningClock>;
  proxy: HaproxyBeforeTwo;
}

function keepRunning(running: Map<MachineName, RunningServer>, kept: Kept) {
  const { folder, env, ports, hour, proxy } = kept;
  const isWeb = (name: MachineName): name is (typeof WEBS)[number] => name in ports;
  const known = (name: MachineName): RunningServer => {
    const server = running.get(name);
    if (!server) throw new Error(`${name} does not run`);
    return server;
  };
  const ledTo = async (names: readonly MachineName[]): Promise<void> => {
    await until(`the proxy leads to ${names.join(' and ')}`, async () => {
      const leads = await proxy.leadsTo();
      return WEBS.every((name, nth) => leads[nth] === names.includes(name));
    });
  };
  return {
    ledTo,
    start: async (name: MachineName) => {
      const at = isWeb(name) ? { port: ports[name] } : {};
      const role = isWeb(name) ? 'web' : 'worker';
      const own = { ROLES: role, CLOCK: hour.now() };
      const dataDir = join(folder, name);
      running.set(name, await startServer({ ...at, dataDir, env: { ...env, ...own } }));
      const isLed = async () => (await proxy.leadsTo())[name === 'one' ? 0 : 1];
      if (isWeb(name)) await until(`the proxy leads to ${name}`, isLed);
    },
    kill: async (name: MachineName) => {
      const server = known(name);
      running.delete(name);
      await server.kill9();
    },
    freeze: (name: MachineName) => {
      process.kill(known(name).pid, 'SIGSTOP');
    },
    stop: async () => {
      for (const each of running.values()) await each.kill9();
    },
  };
}

/** Returns them as the one server that people see. */
function townOf(
  { folder, port, env }: Shared,
  running: ReadonlyMap<MachineName, RunningServer>,
  now: () => string,
): Town {
  const origin = env.BASE_URL ?? '';
  const operate: Town['operate'] = (work) =>
    operateOn({ ...env, DATA_DIR: join(folder, 'made'), CLOCK: now() }, work);
  return {
    origin,
    get server() {
      const [any] = running.values();
      if (!any) throw new Error('None of them runs');
      const access = async () => (await fetch(`${origin}/demo/access.json`)).json();
      return { ...any, port, access };
    },
    comeTo: () => Promise.reject(new Error('Time goes by itself')),
    look: (read) => operate(({ database }) => within(database.kysely, INSTALLATION, read)),
    operate,
    [Symbol.asyncDispose]: async () => {},
  };
}
