import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Listener, listen } from './listener.ts';
import { pssOf } from './processes.ts';

const BARE = join(import.meta.dirname, 'bare-streams.ts');
const REST_MS = 5_000;
/** Until a process that has nothing to do has given back what it no longer needs. */
const RECOVERY_MS = 65_000;
/** Until a bare server has collected its garbage. */
const COLLECTING_MS = 1_000;
/** Streams that are opened before any is weighed. */
const FIRST = 100;

/** The growth of a process, in MB before and after, and in kB for each of the opened things. */
export interface Growth {
  before: number;
  after: number;
  each: number;
}

/** Makes a process with `--inspect` collect its garbage, so that only retained memory is measured. */
export async function collectGarbage(output: string): Promise<void> {
  const address = /ws:\/\/\S+/.exec(output)?.[0];
  if (!address) throw new Error(`The process can't be asked to collect garbage:\n${output}`);
  const socket = new WebSocket(address);
  await once(socket, 'open');
  for (let id = 1; id <= 2; id++) {
    socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }));
    await once(socket, 'message');
  }
  socket.close();
}

/** Weighs a process at rest, before and after `work` has opened so many of something. */
export async function weigh(
  pid: number,
  count: number,
  work: () => Promise<unknown>,
  tidy: () => Promise<void> = async () => {},
): Promise<Growth> {
  await wait(REST_MS);
  await tidy();
  const before = pssOf([pid]);
  await work();
  await wait(REST_MS);
  await tidy();
  const after = pssOf([pid]);
  return { before, after, each: ((after - before) * 1024) / count };
}

/** Does it this many times, some at once. */
export async function many<T>(count: number, one: (nth: number) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  while (all.length < count) {
    const first = all.length;
    const some = Math.min(20, count - first);
    all.push(...(await Promise.all(Array.from({ length: some }, (_, n) => one(first + n)))));
  }
  return all;
}

/** Returns Node's own memory for each of this many streams, in kB. */
export const bareStreams = (count: number, cookie: string): Promise<number> =>
  withBare(async (pid, port) => {
    const { each } = await weigh(pid, count, () =>
      many(count, () => listen(port, { path: '/', cookie, told: () => {} })),
    );
    return each;
  });

/** What stays after a collection of garbage, as `Growth`, and what the process really had. */
export interface Retained extends Growth {
  /** Five seconds after the last was opened. */
  soon: number;
  /** A minute later, when it may have given back what opening them took. */
  later: number;
  /** The open streams. */
  listeners: Listener[];
}

/**
 * Weighs what many open streams take of a process that has just started. `tidy` makes it collect its garbage. A few are opened first, so that what all need is
 * there.
 */
export async function weighStreams(
  pid: number,
  count: number,
  open: (nth: number) => Promise<Listener>,
  tidy: () => Promise<void>,
): Promise<Retained> {
  for (const each of await many(FIRST, open)) each.close();
  let listeners: Listener[] = [];
  let soon = 0;
  let later = 0;
  const work = async () => {
    listeners = await many(count, open);
    await wait(REST_MS);
    soon = pssOf([pid]);
    await wait(RECOVERY_MS);
    later = pssOf([pid]);
  };
  const growth = await weigh(pid, count, work, tidy);
  return { ...growth, soon, later, listeners };
}

/** The same of a bare server. */
export const weighBareStreams = (count: number, cookie: string): Promise<Retained> =>
  withBare((pid, port) => {
    const open = () => listen(port, { path: '/', cookie, told: () => {} });
    return weighStreams(pid, count, open, async () => {
      process.kill(pid, 'SIGUSR2');
      await wait(COLLECTING_MS);
    });
  });

async function withBare<T>(work: (pid: number, port: number) => Promise<T>): Promise<T> {
  const child: ChildProcess = spawn(process.execPath, [BARE], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [said] = (await once(child.stdout!, 'data')) as [Buffer];
    return await work(child.pid ?? 0, Number(said.toString()));
  } finally {
    child.kill();
  }
}
