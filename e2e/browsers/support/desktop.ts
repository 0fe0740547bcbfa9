import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ended, keep, temporaryFolder } from '../../support/processes.ts';

/** Whether this system has a screen without a monitor, and a message bus. */
export const NO_DESKTOP = ['/usr/bin/Xvfb', '/usr/bin/dbus-daemon'].some(
  (path) => !existsSync(path),
);

/** A screen that nobody sees, a session bus and a home folder of the tests' own. */
export interface Desktop extends AsyncDisposable {
  /** For programs that are to run on it. */
  env: NodeJS.ProcessEnv;
  home: string;
  start(program: string, args: readonly string[]): ChildProcess;
}

/** Opens a desktop in a language: its programs are found by their translations (`LANGUAGE`). */
export async function openDesktop(language: string): Promise<Desktop> {
  const folder = temporaryFolder();
  const home = join(folder.path, 'home');
  const runtime = join(folder.path, 'run');
  mkdirSync(home);
  mkdirSync(runtime, { mode: 0o700 });
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    LANG: 'C.UTF-8',
    LANGUAGE: language,
    GNOME_ACCESSIBILITY: '1',
  };
  const children: ChildProcess[] = [];
  const start = (program: string, args: readonly string[]) => {
    const child = keep(spawn(program, args, { env, stdio: ['ignore', 'pipe', 'ignore'] }));
    children.unshift(child);
    return child;
  };
  const screen = ['-screen', '0', '1280x1000x24', '-nolisten', 'tcp'];
  env.DISPLAY = `:${await firstLine(start('Xvfb', ['-displayfd', '1', ...screen]))}`;
  const bus = ['--session', '--nofork', '--print-address=1'];
  env.DBUS_SESSION_BUS_ADDRESS = await firstLine(start('dbus-daemon', bus));
  return {
    env,
    home,
    start,
    [Symbol.asyncDispose]: async () => {
      for (const child of children) {
        child.kill();
        await ended(child);
      }
      folder.remove();
    },
  };
}

/** Returns the first line that a program prints. */
async function firstLine({ stdout }: ChildProcess): Promise<string> {
  const [text] = await once(stdout!, 'data');
  return String(text).trim();
}
