import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { listen } from './listener.ts';
import { pssOf } from './processes.ts';

const BARE = join(import.meta.dirname, 'bare-streams.ts');
const REST_MS = 5_000;

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
export async function bareStreams(count: number, cookie: string): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, [BARE], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [said] = (await once(child.stdout!, 'data')) as [Buffer];
    const port = Number(said.toString());
    const { each } = await weigh(child.pid ?? 0, count, () =>
      many(count, () => listen(port, { path: '/', cookie, told: () => {} })),
    );
    return each;
  } finally {
    child.kill();
  }
}
