import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { POSTGRES_BIN } from '../postgres.ts';
import { ROOT } from '../processes.ts';
import { put } from '../proxies/kinds.ts';

const PROGRAMS = [
  ...['/usr/bin/patroni', '/usr/bin/etcd', '/usr/sbin/haproxy', '/usr/bin/openssl'],
  '/usr/lib/python3/dist-packages/etcd/__init__.py',
];

/** Why the tests with Patroni are skipped; null: all is installed. */
export const NO_PATRONI =
  POSTGRES_BIN && PROGRAMS.every((path) => existsSync(path))
    ? null
    : 'PostgreSQL, Patroni, etcd or HAProxy is not installed (Debian: postgresql patroni python3-etcd etcd-server haproxy)';

export interface Ports {
  sql: number;
  rest: number;
  client: number;
  peer: number;
  proxy: number;
}

export type Machine = 'db1' | 'db2';
/** The machines of docs/database.md; the third has etcd alone. */
export const MACHINES = ['db1', 'db2', 'db3'] as const;
export type Any = (typeof MACHINES)[number];

export const addressOf = (machine: Any) => `127.0.0.2${machine.at(-1)}`;

/** Returns a file of `deploy/postgres`. */
export const deployed = (name: string): string =>
  readFileSync(join(ROOT, 'deploy', 'postgres', name), 'utf8');

/** Returns a file for another machine than db1: all but the list of machines is its own. */
const ownOf = (machine: Any, text: string): string =>
  text.replaceAll(/^(?!.*10\.0\.0\.2).*$/gm, (line) =>
    line.replaceAll('10.0.0.1', `10.0.0.${machine.at(-1)}`).replaceAll('db1', machine),
  );

/** Returns a file with the addresses and ports of this machine. */
export function here(text: string, ports: Partial<Record<string, number>>): string {
  const there = MACHINES.map((each) => [`10.0.0.${each.at(-1)}`, addressOf(each)] as const);
  const moved = there.reduce((so, [from, to]) => so.replaceAll(from, to), text);
  const named = Object.entries(ports).map(([from, to]) => [`:${from}`, `:${to}`] as const);
  return put(moved.replaceAll('10.0.0.0/24', '127.0.0.0/24'), Object.fromEntries(named));
}

/** Returns the files of a machine by their names in its folder. */
export function filesOf(
  machine: Any,
  { sql, rest, client, peer }: Ports,
  { folder, authority }: { folder: string; authority: string },
): Record<string, string> {
  const ports = { '5432': sql, '8008': rest, '2379': client };
  return {
    'config.yml': put(here(ownOf(machine, deployed('patroni.yml')), ports), {
      '/etc/patroni/ca.crt': authority,
      '/etc/patroni': folder,
      '/usr/lib/postgresql/17/bin': POSTGRES_BIN ?? '',
      '/var/lib/postgresql/17/finestreta': join(folder, 'cluster'),
      '/var/run/postgresql': join(folder, 'socket'),
      // Patroni looks more often, so that tests wait less for a server that comes back.
      'loop_wait: 5': 'loop_wait: 1',
    }),
    'etcd.env': put(here(ownOf(machine, deployed('etcd')), { '2379': client, '2380': peer }), {
      '/etc/etcd/ca.crt': authority,
      '/etc/etcd': folder,
      '/var/lib/etcd/finestreta': join(folder, 'etcd'),
    }),
  };
}
