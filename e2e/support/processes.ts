import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';

/** The project's folder. */
export const ROOT = join(import.meta.dirname, '..', '..');
export const isRoot = process.getuid?.() === 0;
/** An account without any right that every Linux has. */
export const NOBODY = 65534;

const running = new Set<ChildProcess>();
const folders = new Set<string>();

/** Ends and removes whatever a test that failed has left behind. */
export async function tidyUp(): Promise<void> {
  for (const child of [...running]) {
    // A database's watchdog stops it when its input ends; with the watchdog killed it would go on.
    if (child.stdin) child.stdin.end();
    else child.kill('SIGKILL');
    await ended(child);
  }
  for (const folder of folders) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Sees to it that a program doesn't outlive the tests. */
export function keep<C extends ChildProcess>(child: C): C {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

export const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;

/** Waits for its end; answers the exit code, or the signal's name. */
export async function ended(child: ChildProcess): Promise<number | string | null> {
  if (!hasEnded(child)) await once(child, 'exit');
  return child.exitCode ?? child.signalCode;
}

/** A folder of one's own that every account may enter, removed by `remove` or when the tests end. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'finestreta-e2e-'));
  chmodSync(path, 0o755);
  folders.add(path);
  const remove = () => {
    rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    folders.delete(path);
  };
  return { path, remove };
}

/** As many processes run test files at once as vitest.config.ts says; each has ports of its own, below those that the system gives out by itself. */
const SHARES = availableParallelism() + 2;
/** SIPp takes the three after its port for sound and picture. */
const STEP = 4;
const GIVEN = Math.floor(12_000 / SHARES / STEP);
const ownPorts = 20_000 + STEP * GIVEN * (Number(process.env.VITEST_POOL_ID ?? 0) % SHARES);
let nth = randomInt(GIVEN);

/**
 * Returns a port that is free, and that no other test file of this run is given until a server comes, or comes back; the same holds for the three after
 * it. None is given again before all were.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    nth = (nth + 1) % GIVEN;
    const port = ownPorts + STEP * nth;
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue; // the port is in use
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** Asks until the answer is neither false, null nor undefined. @throws after `seconds`, with `what` in words. */
export async function until<T>(
  what: string,
  ask: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  seconds = 60,
): Promise<T> {
  const begun = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined) return answer;
    const waited = performance.now() - begun;
    if (waited > seconds * 1000) throw new Error(`Not within ${seconds} s: ${what}`);
    // Asking costs what is waited for its processor: the longer it takes, the less often.
    await pause(Math.min(20 + waited / 20, 200));
  }
}

/** Lets running work go on for a few turns of the loop: an arbitrary moment. */
export async function someTurns(most: number): Promise<void> {
  for (let left = Math.floor(Math.random() * most); left > 0; left--) await turn();
}

/** Processes whose command line names `text`: those of a database by its data folder. */
export function processesNaming(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => commandLine(pid).includes(text))
    .map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** The children of a process. */
export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => parentOf(pid) === parent)
    .map(Number);
}

function parentOf(pid: string): number {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return -1;
  }
}

/** The name of a process's program. */
export function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
