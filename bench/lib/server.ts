import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT } from '../../src/paths.ts';
import { Connection } from './http.ts';
import { isRunning, tree } from './processes.ts';
import { NOW } from './town.ts';

const PATIENCE_MS = 60_000;
const MAIN = join(ROOT, 'dist', 'server', 'main.js');

/** The built server, as `npm start` runs it: releases until 0.1.0 had Node read their source maps. */
export const SERVER_COMMAND = [
  process.execPath,
  ...(/--enable-source-maps/.exec(readFileSync(join(ROOT, 'scripts', 'start.mjs'), 'utf8')) ?? []),
  MAIN,
];

export interface Server {
  /** The process that was started; the database is among its descendants. */
  pid: number;
  port: number;
  stop(): Promise<void>;
}

/** Builds the server where the sources changed. */
export async function ensureBuilt(): Promise<void> {
  const setup = new URL('../../scripts/lib/setup.mjs', import.meta.url).href;
  const { ensureBuild } = (await import(setup)) as { ensureBuild(node: string): Promise<void> };
  await ensureBuild(process.execPath);
}

/** Starts the server in demo mode, with its own data folder, on a free port. Doesn't wait until it serves. */
export async function spawnServer(
  dataDir: string,
  env: Record<string, string> = {},
  command: readonly string[] = SERVER_COMMAND,
): Promise<Server & { child: ChildProcess; output(): string }> {
  const port = await freePort();
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATA_DIR: dataDir,
      PORT: String(port),
      DEMO: '1',
      CLOCK: NOW.toString(),
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
    });
  const gone = once(child, 'exit');
  return {
    child,
    pid: child.pid ?? 0,
    port,
    output: () => output,
    stop: async () => {
      // Through npm the server is a grandchild, which ends a little later.
      const all = tree(child.pid ?? 0);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await gone;
      while (all.some(isRunning)) await wait(10);
    },
  };
}

/** Starts the server and waits until it says that it can serve. */
export async function startServer(
  dataDir: string,
  env: Record<string, string> = {},
): Promise<Server & { output(): string }> {
  const server = await spawnServer(dataDir, env);
  try {
    await firstAnswer(server, '/readyz');
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Asks again and again until the page is there. @returns milliseconds of waiting */
export async function firstAnswer(
  server: { port: number; child: ChildProcess; output(): string },
  path: string,
): Promise<number> {
  const start = performance.now();
  while (performance.now() - start < PATIENCE_MS) {
    if (server.child.exitCode !== null) break;
    const status = await statusOf(server.port, path);
    if (status === 200) return performance.now() - start;
    await wait(3);
  }
  throw new Error(`The server doesn't serve ${path}:\n${server.output()}`);
}

async function statusOf(port: number, path: string): Promise<number | null> {
  let connection: Connection | null = null;
  try {
    connection = await Connection.open(port);
    return (await connection.request('GET', path)).status;
  } catch {
    return null;
  } finally {
    connection?.close();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
}
