import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isRunning, tree } from '../lib/processes.ts';

/** A process that is as little as can be compared with the server. */
export interface Bare {
  pid: number;
  port: number;
  stop(): Promise<void>;
}

/** Starts a file of this folder that prints its port once it serves. `dataDir`: of its embedded database; none by default. */
export async function openBare(file: string, dataDir?: string): Promise<Bare> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, file), ...(dataDir ? [dataDir] : [])],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const gone = once(child, 'exit');
  const [port] = await Promise.race([
    once(child.stdout, 'data'),
    gone.then(() => Promise.reject(new Error(`${file} ended`))),
  ]);
  const pid = child.pid ?? 0;
  return {
    pid,
    port: Number(String(port)),
    stop: async () => {
      const all = tree(pid);
      child.kill('SIGTERM');
      await gone;
      while (all.some(isRunning)) await wait(10);
    },
  };
}
