import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { childrenOf, ended, hasEnded, keep, until } from '../../support/processes.ts';
import { run } from './make.ts';

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Makes a bare Debian in a folder: its smallest form with systemd, as an administrator finds it. */
export function bareDebian(root: string): void {
  const sources = '/etc/apt/sources.list.d/debian.sources';
  run([
    ...['mmdebstrap', '--variant=essential', '--aptopt=APT::Install-Recommends "false"'],
    '--include=systemd,init-system-helpers,libatomic1,libstdc++6',
    ...['trixie', root, ...(existsSync(sources) ? [sources] : [])],
  ]);
}

/** Runs a program in the folder of another system, which doesn't run. */
export const inFolder = (root: string, ...command: string[]): string =>
  run(['chroot', root, ...command], { env: { PATH } });

/** A system that runs in a folder, under a systemd of its own, with a network that reaches nothing. */
export interface System {
  run(...command: string[]): string;
  stop(): Promise<void>;
}

/** Boots the system in a folder, and waits until it takes commands. */
export async function boot(root: string): Promise<System> {
  const hasSystemd = existsSync('/run/systemd/system');
  const options = ['--register=no', ...(hasSystemd ? [] : ['--keep-unit'])];
  const child: ChildProcess = keep(
    spawn('systemd-nspawn', ['-q', '-D', root, '--private-network', ...options, '-b'], {
      stdio: ['ignore', 'ignore', 'ignore'],
    }),
  );
  const inside = (...command: string[]) => {
    const [leader] = childrenOf(child.pid ?? 0);
    return run(['nsenter', '-t', String(leader), '-a', '--', ...command], { env: { PATH } });
  };
  await until('the system takes commands', () => hasEnded(child) || answers(inside), 120);
  if (hasEnded(child)) throw new Error('The system does not boot');
  return {
    run: inside,
    stop: async () => {
      child.kill('SIGTERM');
      await ended(child);
    },
  };
}

function answers(inside: System['run']): boolean {
  try {
    inside('systemctl', 'list-units', '--no-pager');
    return true;
  } catch {
    return false;
  }
}
