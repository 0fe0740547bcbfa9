import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';

/** Debian's package. */
const PROGRAM = '/usr/sbin/pgbouncer';
const PORT = 6432;
const PATIENCE_MS = 10_000;

export interface Pgbouncer {
  /** Returns the address of a database through it. */
  urlOf(database: string): string;
  stop(): Promise<void>;
}

/**
 * Starts PgBouncer in transaction mode in front of a server, on a socket in a folder of its own. It signs in as one login whoever asks.
 * @param more settings of pgbouncer.ini
 */
export async function startPgbouncer(
  to: pg.ConnectionConfig,
  { connectQuery, more = {} }: { connectQuery?: string; more?: Record<string, string | number> },
): Promise<Pgbouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-pooler-'));
  const database = [
    `host=${to.host}`,
    `port=${to.port}`,
    `user=${to.user}`,
    `password='${String(to.password)}'`,
    ...(connectQuery ? [`connect_query='${connectQuery.replaceAll("'", "''")}'`] : []),
  ].join(' ');
  const settings = {
    listen_port: PORT,
    unix_socket_dir: folder,
    auth_type: 'any',
    pool_mode: 'transaction',
    default_pool_size: 4,
    ...more,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(file, `[databases]\n* = ${database}\n[pgbouncer]\n${lines.join('\n')}\n`);
  // It refuses to run as root; the server's own account may read its socket.
  const { uid, gid } = statSync(String(to.host));
  const isRoot = process.getuid?.() === 0;
  chmodSync(folder, 0o755);
  if (isRoot) for (const each of [folder, file]) chownSync(each, uid, gid);
  const child = spawn(PROGRAM, [file], {
    ...(isRoot && { uid, gid }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const words = await begun(child);
  if (words !== null) throw new Error(`PgBouncer does not start:\n${words}`);
  return {
    urlOf: (name) => `postgres:///${name}?host=${folder}&port=${PORT}&user=${to.user}`,
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until it has begun. Returns its words when it has not. */
async function begun(child: ChildProcess): Promise<string | null> {
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4_000);
  });
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until && child.exitCode === null) {
    if (words.includes('process up')) return null;
    await wait(10);
  }
  return words;
}
