import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { certify } from '../coturn.ts';
import {
  childrenOf,
  ended,
  freePort,
  hasEnded,
  keep,
  processesNaming,
  ROOT,
  temporaryFolder,
  until,
} from '../processes.ts';
import { fileOf, KINDS, type Place, type ProxyName, put, withSecond } from './kinds.ts';

/** Why the tests of a proxy are skipped; null: it is installed. */
export const lacks = (name: ProxyName): string | null =>
  existsSync(KINDS[name].program) ? null : `${name} is not installed (Debian: ${name})`;

/** A real proxy before a server, with a certificate that was made for it. */
export interface RunningProxy extends AsyncDisposable {
  name: ProxyName;
  /** Where it listens: an address of this machine. */
  address: string;
  /** @throws with what it said, when it has ended */
  ensureThere(): void;
  /**
   * Gives a machine of nginx no more pages, or again, as docs/web-server.md says: nginx asks none whether it is ready. Resolves when all new connections
   * are taken by what has read its file anew.
   */
  setDown(port: number, isDown: boolean): Promise<void>;
}

/** Starts a proxy with its file of `deploy/proxies`, in which only places are other ones. */
export async function openProxy(
  name: ProxyName,
  { port, serverPort }: { port: number; serverPort: number },
): Promise<RunningProxy> {
  const { address, adapt } = KINDS[name];
  return run(name, { address, port }, [serverPort], adapt);
}

/** The same by clear HTTP, where one address has so many connections at most. */
export const openStrict = (
  name: 'nginx' | 'haproxy',
  { port, serverPort, mostEach }: { port: number; serverPort: number; mostEach: number },
): Promise<RunningProxy> =>
  run(name, { address: '127.0.0.1', port }, [serverPort], (text, place) =>
    put(KINDS[name].clear(text, place), { ' 1000': ` ${mostEach}` }),
  );

/** Starts a proxy with what its file has for several machines, before servers at these two ports, by clear HTTP. */
export function openBeforeTwo(
  name: ProxyName,
  port: number,
  servers: readonly [number, number],
): Promise<RunningProxy> {
  return run(name, { address: '127.0.0.1', port }, servers, (text, place) =>
    KINDS[name].clear(withSecond(text, place.second ?? ''), place),
  );
}

/** HAProxy before two machines. */
export interface HaproxyBeforeTwo extends RunningProxy {
  /** Returns whether it gives requests to each of them. */
  leadsTo(): Promise<[boolean, boolean]>;
}

/** The same with HAProxy, which says to whom it gives requests. */
export async function openHaproxyBeforeTwo(
  port: number,
  servers: readonly [number, number],
): Promise<HaproxyBeforeTwo> {
  const told = await freePort();
  const telling = `
frontend told
	mode http
	bind 127.0.0.1:${told}
	timeout client 5s
	http-request return status 200 content-type text/plain lf-string "%[srv_is_up(finestreta/one)]%[srv_is_up(finestreta/two)]"
`;
  const proxy = await run('haproxy', { address: '127.0.0.1', port }, servers, (text, place) => {
    const several = KINDS.haproxy.clear(withSecond(text, place.second ?? ''), place);
    return several + telling;
  });
  return {
    ...proxy,
    leadsTo: async () => {
      proxy.ensureThere();
      const [one, two] = await (await fetch(`http://127.0.0.1:${told}/`)).text();
      return [one === '1', two === '1'];
    },
  };
}

async function run(
  name: ProxyName,
  { address, port }: { address: string; port: number },
  servers: readonly number[],
  adapt: (text: string, place: Place) => string,
): Promise<RunningProxy> {
  const { program, words } = KINDS[name];
  const temporary = temporaryFolder();
  const folder = temporary.path;
  const [certificate, key] = certify(folder);
  const both = join(folder, 'both.pem');
  writeFileSync(both, readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'));
  copyFileSync(join(ROOT, 'deploy', 'proxies', 'away.html'), join(folder, 'away.html'));
  mkdirSync(join(folder, 'home'));
  const config = join(folder, 'config');
  const [server = '', second = ''] = servers.map((each) => `127.0.0.1:${each}`);
  const place = { folder, config, at: `${address}:${port}`, server, second };
  const whole = { ...place, certificate: both, key };
  writeFileSync(config, adapt(fileOf(name), whole));
  const child = keep(
    spawn(program, words(whole), {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: join(folder, 'home') },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      said += part;
    });
  }
  await until(`${name} listens`, () => hasEnded(child) || accepts(address, port));
  const ensureThere = () => {
    if (hasEnded(child)) throw new Error(`${name} ended:\n${said}`);
  };
  ensureThere();
  return {
    ensureThere,
    name,
    address,
    setDown: (port, isDown) => setDown(child, config, port, isDown),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await ended(child);
      temporary.remove();
    },
  };
}

async function setDown(nginx: ChildProcess, config: string, port: number, isDown: boolean) {
  const master = nginx.pid ?? 0;
  const former = childrenOf(master);
  const up = `server 127.0.0.1:${port};`;
  const down = `server 127.0.0.1:${port} down;`;
  const change = isDown ? { [up]: down } : { [down]: up };
  writeFileSync(config, put(readFileSync(config, 'utf8'), change));
  nginx.kill('SIGHUP');
  await until('nginx has read its file', () => {
    const all = childrenOf(master);
    const stopping = processesNaming('is shutting down');
    return former.every((pid) => !all.includes(pid) || stopping.includes(pid));
  });
}

/** Whether something takes connections there. */
export function accepts(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
