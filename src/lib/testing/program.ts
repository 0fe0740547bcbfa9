import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program beside a test. It ends with the test's process. */
export interface Program {
  /** Starts it anew; what ran before must have ended. */
  start(command: string, args: readonly string[]): ChildProcess;
  /** Kills it, and waits for its end. */
  kill(): Promise<void>;
  /** Kills it for good. */
  close(): Promise<void>;
}

/** Returns a program that doesn't run yet. */
export function testProgram(): Program {
  let child: ChildProcess | null = null;
  const killNow = () => child?.kill('SIGKILL');
  process.once('exit', killNow);
  const kill = async () => {
    const current = child;
    child = null;
    if (!current || current.exitCode !== null || current.signalCode !== null) return;
    current.kill('SIGKILL');
    await once(current, 'exit');
  };
  return {
    start: (command, args) => {
      child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      return child;
    },
    kill,
    close: async () => {
      await kill();
      process.off('exit', killNow);
    },
  };
}
