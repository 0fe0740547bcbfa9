import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { BROWSER_ARGS, CHROME, fakeDevices } from './browser.ts';
import { ended, isRoot, keep, temporaryFolder } from './processes.ts';

/** A place in a network: programs there reach others only by one of its uplinks. */
export interface Place {
  /** The address of its first uplink. */
  address: string;
  /** Returns the address of an uplink; the first is 1. */
  addressOf(uplink: number): string;
  /** A program's words, so that it runs there. */
  within(...words: string[]): string[];
  /** Opens a port there that is used from here: a socket stays in the network where it was opened. */
  listen(port: number): Promise<Server>;
  /** A browser there, to which `localhost` is the other place. */
  browser(localhost: Place): Promise<Browser>;
  /** Drops all packets silently. */
  cut(): void;
  /** Drops a share of the packets in both directions. */
  lose(percent: number): void;
  /** Acts as a firewall that allows TCP only. */
  refuseUdp(): void;
  /** So much a second either way, by each uplink. */
  limit(kbits: number): void;
  /** Ends the effects of `cut`, `lose`, `refuseUdp` and `limit`. */
  mend(): void;
  plug(uplink: number): void;
  /** Acts as a pulled cable or a lost Wi-Fi: the place notices it. */
  unplug(uplink: number): void;
  /** A laptop's lid is closed: nothing runs there, nor is it on its first uplink. */
  sleep(): void;
  wake(): void;
}

export interface Network<P extends string> extends AsyncDisposable {
  places: Record<P, Place>;
}

/** Addresses for documentation (RFC 5737): four for each uplink, all within namespaces of this machine. */
const PREFIX = '203.0.113';
const UPLINKS = 2;
const NAME = /^finestreta-(\d+)-/;

/** Why there can't be a network of one's own here; null: there can. */
export const NO_NETWORK: string | null = findFault();

function findFault(): string | null {
  if (!isRoot) return 'only root makes networks of its own (network namespaces)';
  const missing = ['ip', 'tc', 'nft'].filter(
    (name) => !['/usr/sbin', '/sbin', '/usr/bin'].some((folder) => existsSync(join(folder, name))),
  );
  if (missing.length > 0) return `lacks ${missing.join(', ')} (Debian: iproute2, nftables)`;
  const name = `finestreta-${process.pid}-trial`;
  try {
    run('ip', 'netns', 'add', name);
    limitAt(name, 'lo', 300);
    run('ip', 'netns', 'exec', name, 'nft', 'add table inet faults');
    return null;
  } catch (error) {
    return `the kernel allows no network of one's own: ${(error as Error).message}`;
  } finally {
    spawnSync('ip', ['netns', 'del', name]);
  }
}

let networks = 0;

/** Places that reach each other through a hub, each by its first uplink until another is plugged in. */
export function openNetwork<P extends string>(names: readonly P[]): Network<P> {
  removeLeft();
  const prefix = `finestreta-${process.pid}-${++networks}`;
  const hub = `${prefix}-hub`;
  run('ip', 'netns', 'add', hub);
  run('ip', 'netns', 'exec', hub, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
  run('ip', 'netns', 'exec', hub, 'nft', 'add table inet faults');
  const folder = temporaryFolder();
  const places = names.map((name, index) => {
    const place = openPlace({ hub, name, space: `${prefix}-${name}`, index, folder: folder.path });
    return [name, place] as const;
  });
  return {
    places: Object.fromEntries(places) as Record<P, Place>,
    [Symbol.asyncDispose]: async () => {
      for (const name of spaces()) if (name.startsWith(`${prefix}-`)) remove(name);
      folder.remove();
    },
  };
}

interface Lot {
  hub: string;
  name: string;
  space: string;
  index: number;
  folder: string;
}

function openPlace(lot: Lot): Place {
  const { hub, name, space, folder } = lot;
  const address = addressOf(lot, 1);
  const within = (...words: string[]) => ['ip', 'netns', 'exec', space, ...words];
  const nft = (words: string) => run('ip', 'netns', 'exec', hub, 'nft', words);
  /** Applies a fault to the packets that pass the hub from or to this place. */
  const fault = (what: string) => {
    for (const way of ['iifname', 'oifname'])
      nft(`add rule inet faults ${name} ${way} "${name}*" ${what} drop`);
  };
  const plug = (uplink: number) => {
    run('ip', '-n', space, 'link', 'set', `up${uplink}`, 'up');
    const metric = String(100 + uplink);
    const way = ['default', 'via', gatewayOf(lot, uplink), 'dev', `up${uplink}`, 'metric', metric];
    run('ip', '-n', space, 'route', 'replace', ...way);
  };
  const unplug = (uplink: number) => run('ip', '-n', space, 'link', 'set', `up${uplink}`, 'down');
  run('ip', 'netns', 'add', space);
  run('ip', '-n', space, 'link', 'set', 'lo', 'up');
  nft(`add chain inet faults ${name} { type filter hook forward priority 0; }`);
  const devices = wire(lot);
  plug(1);

  return {
    address,
    addressOf: (uplink) => addressOf(lot, uplink),
    within,
    listen: (port) => listenWithin(within, address, port),
    browser: (localhost) => browserWithin(join(folder, `chromium-${name}`), within, localhost),
    cut: () => fault(''),
    lose: (percent) => fault(`numgen random mod 100 < ${percent}`),
    refuseUdp: () => fault('meta l4proto udp'),
    limit: (kbits) => {
      for (const [space, device] of devices) limitAt(space, device, kbits);
    },
    mend: () => {
      nft(`flush chain inet faults ${name}`);
      // Where there was no limit there is none to take away.
      for (const [space, device] of devices)
        spawnSync('tc', ['-n', space, 'qdisc', 'del', 'dev', device, 'root']);
    },
    plug,
    unplug,
    sleep: () => {
      signalIn(space, 'SIGSTOP');
      unplug(1);
    },
    wake: () => {
      signalIn(space, 'SIGCONT');
      plug(1);
    },
  };
}

const firstOf = ({ index }: Lot) => index * UPLINKS * 4;
const gatewayOf = (lot: Lot, uplink: number) => `${PREFIX}.${firstOf(lot) + (uplink - 1) * 4 + 1}`;
const addressOf = (lot: Lot, uplink: number) => `${PREFIX}.${firstOf(lot) + (uplink - 1) * 4 + 2}`;

/** Lays the uplinks between a place and the hub, and returns their ends. */
function wire(lot: Lot): [space: string, device: string][] {
  const { hub, name, space } = lot;
  const devices: [space: string, device: string][] = [];
  for (let uplink = 1; uplink <= UPLINKS; uplink++) {
    const near = `up${uplink}`;
    const far = `${name}${uplink}`;
    devices.push([space, near], [hub, far]);
    run('ip', '-n', hub, 'link', 'add', far, 'type', 'veth', 'peer', 'name', near, 'netns', space);
    run('ip', '-n', hub, 'addr', 'add', `${gatewayOf(lot, uplink)}/30`, 'dev', far);
    run('ip', '-n', space, 'addr', 'add', `${addressOf(lot, uplink)}/30`, 'dev', near);
    run('ip', '-n', hub, 'link', 'set', far, 'up');
  }
  return devices;
}

/** A browser that is in a place. `program`: where what starts it is written. */
function browserWithin(program: string, within: Place['within'], localhost: Place) {
  const start = `#!/bin/sh\nexec ${within(CHROME ?? '').join(' ')} "$@"\n`;
  writeFileSync(program, start, { mode: 0o755 });
  const leads = `--host-resolver-rules=MAP localhost ${localhost.address}`;
  const args = [...BROWSER_ARGS, ...fakeDevices('fps=20'), leads, '--ignore-certificate-errors'];
  return chromium.launch({ executablePath: program, args });
}

/** Sends a signal to all that runs in a place. */
function signalIn(space: string, signal: 'SIGSTOP' | 'SIGCONT'): void {
  const here = run('ip', 'netns', 'pids', space).split('\n').filter(Boolean);
  for (const pid of here) kill(Number(pid), signal);
}

/** Opened by a program that is there, which hands it over and ends. */
async function listenWithin(within: Place['within'], address: string, port: number) {
  const script = `const server = require('node:net').createServer();
    server.listen(${port}, '${address}', () => process.send('open', server));`;
  const [program = '', ...words] = within(process.execPath, '-e', script);
  const child = keep(spawn(program, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  const [, server] = await once(child, 'message');
  child.kill('SIGKILL'); // or it would take connections, too
  await ended(child);
  return server as Server;
}

/** A queue of 300 ms, as a modest router has; what is more is dropped. */
function limitAt(space: string, device: string, kbits: number): void {
  const bucket = ['tbf', 'rate', `${kbits}kbit`, 'burst', '4kb', 'latency', '300ms'];
  run('tc', '-n', space, 'qdisc', 'replace', 'dev', device, 'root', ...bucket);
}

const spaces = (): string[] =>
  run('ip', 'netns', 'list')
    .split('\n')
    .flatMap((line) => line.split(' ')[0] || []);

/** Removes the remains of killed tests. */
function removeLeft(): void {
  for (const name of spaces()) {
    const pid = NAME.exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) remove(name);
  }
}

/** It may have ended since it was listed: a browser's helpers come and go. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** With whatever still runs there. */
function remove(name: string): void {
  for (const pid of run('ip', 'netns', 'pids', name).split('\n').filter(Boolean))
    kill(Number(pid), 'SIGKILL');
  run('ip', 'netns', 'del', name);
}

/** @throws with what the program said, where it fails */
function run(program: string, ...words: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${[program, ...words].join(' ')}: ${error?.message ?? stderr.trim()}`);
  return stdout;
}
