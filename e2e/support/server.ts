import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ended,
  freePort,
  hasEnded,
  isRoot,
  keep,
  NOBODY,
  processesNaming,
  ROOT,
  temporaryFolder,
  until,
} from './processes.ts';
import { keepLog } from './run/evidence.ts';

const serverIn = (program: string): string => join(program, 'dist', 'server', 'main.js');
const LEASH = pathToFileURL(join(ROOT, 'scripts', 'lib', 'leash.mjs')).href;

/** The answer of `GET /demo/access.json`. */
export interface Access {
  staff: {
    email: string;
    password: string;
    totpSecret: string | null;
    role: string;
    office: string;
  }[];
  tokens: Record<string, string>;
}

/** One of what `GET /demo/outbox.json` answers. */
export interface OutboxNotice {
  id: string;
  channel: 'email' | 'sms';
  to: string;
  subject: string;
  text: string;
  html: string;
  attachments: { filename: string; contentType: string; text: string }[];
  at: string;
  appointment: string | null;
}

export interface ServerOptions {
  /** A new one, removed by stop(), unless given. */
  dataDir?: string;
  port?: number;
  /** Beside PORT, DATA_DIR and DEMO=1; undefined takes one away. Nothing comes from the tests' own environment. */
  env?: Record<string, string | undefined>;
  /** The account that it runs as, instead of ours. */
  user?: { uid: number; gid: number };
  /** The folder of the program, when it is another version than the built one. */
  program?: string;
}

export interface RunningServer extends AsyncDisposable {
  baseUrl: string;
  port: number;
  dataDir: string;
  pid: number;
  /** Returns its output so far. */
  output(): string;
  access(): Promise<Access>;
  outbox(): Promise<OutboxNotice[]>;
  /** Asks it to stop (SIGTERM) and waits; answers its exit code. A folder that was made for it is removed. */
  stop(): Promise<number | string | null>;
  /** `kill -9`, and waits until it is gone. The data folder stays. */
  kill9(): Promise<void>;
  /** Resolves when it has ended by itself. */
  ended(): Promise<number | string | null>;
  /** The process of its embedded database, as PostgreSQL's own file says. */
  databasePid(): number;
  /** Processes of its embedded database that live. */
  databaseProcesses(): number[];
}

/** Starts the built server and waits until it can serve. @throws with all that it printed when it doesn't. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const port = options.port ?? (await freePort());
  const folder = options.dataDir ? null : temporaryFolder();
  const dataDir = options.dataDir ?? join(folder?.path ?? '', 'data');
  const { child, output } = launch({ ...options, port, dataDir });
  const baseUrl = options.env?.BASE_URL ?? `http://localhost:${port}`;
  const address = `http://127.0.0.1:${port}`;
  const cluster = join(dataDir, 'postgres', 'cluster');
  const server: RunningServer = {
    baseUrl,
    port,
    dataDir,
    pid: child.pid ?? 0,
    output,
    access: async () => (await fetch(`${address}/demo/access.json`)).json() as Promise<Access>,
    outbox: async () =>
      (await fetch(`${address}/demo/outbox.json`)).json() as Promise<OutboxNotice[]>,
    stop: async () => {
      child.kill('SIGTERM');
      const code = await ended(child);
      folder?.remove();
      return code;
    },
    kill9: async () => {
      child.kill('SIGKILL');
      await ended(child);
    },
    ended: () => ended(child),
    databasePid: () => Number.parseInt(readFileSync(join(cluster, 'postmaster.pid'), 'utf8'), 10),
    databaseProcesses: () => processesNaming(cluster),
    [Symbol.asyncDispose]: async () => {
      await server.stop();
    },
  };
  // A worker answers nobody.
  const isUp = () =>
    options.env?.ROLES === 'worker'
      ? /Finestreta (?:is working|serves)/.test(output())
      : isReady(address);
  await until('the server is ready', () => hasEnded(child) || isUp(), 90).catch(
    async (error: Error) => {
      await server.kill9();
      throw new Error(`${error.message}\n${output()}`);
    },
  );
  if (hasEnded(child)) {
    folder?.remove();
    throw new Error(`The server ended (${child.exitCode ?? child.signalCode}):\n${output()}`);
  }
  return server;
}

/** Runs the server where it is to refuse: waits for its end. */
export async function runServer(
  options: ServerOptions,
): Promise<{ code: number | string | null; output: string }> {
  const folder = options.dataDir ? null : temporaryFolder();
  const dataDir = options.dataDir ?? join(folder?.path ?? '', 'data');
  const { child, output } = launch({
    ...options,
    dataDir,
    port: options.port ?? (await freePort()),
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  try {
    await until('the server ends', () => hasEnded(child), 60);
    await closed;
    return { code: child.exitCode ?? child.signalCode, output: output() };
  } finally {
    child.kill('SIGKILL');
    await ended(child);
    folder?.remove();
  }
}

function launch(options: ServerOptions & { port: number; dataDir: string }): {
  child: ChildProcess;
  output(): string;
} {
  const program = serverIn(options.program ?? ROOT);
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    PORT: String(options.port),
    DATA_DIR: options.dataDir,
    DEMO: '1',
    ...(isRoot && !isOpen() && { RUN_AS: 'root' }),
    ...options.env,
  };
  // The channel is the leash's: should the tests be killed, the server stops.
  const child = spawn(process.execPath, ['--import', LEASH, program], {
    cwd: ROOT,
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...options.user,
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  keepLog(`server-${options.port}-${child.pid}`, () => text);
  return { child: keep(child), output: () => text };
}

/** Returns whether another account can read the project: a server started by root becomes one. */
function isOpen(): boolean {
  const other = { uid: NOBODY, gid: NOBODY };
  return spawnSync('test', ['-r', serverIn(ROOT)], { ...other, cwd: '/' }).status === 0;
}

async function isReady(address: string): Promise<boolean> {
  try {
    return (await fetch(`${address}/readyz`)).status === 200;
  } catch {
    return false;
  }
}
