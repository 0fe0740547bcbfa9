import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { certify } from '../coturn.ts';
import { ended, hasEnded, keep, ROOT, temporaryFolder, until } from '../processes.ts';

/** The proxies for which there is a file in `deploy/proxies`. */
export type ProxyName = 'nginx' | 'caddy' | 'haproxy';

interface Kind {
  program: string;
  file: string;
  /** Where it listens, in the tests: each at an address of its own, so that all have the same port. */
  address: string;
  /** Returns the words of its command. `config`: the file, as `adapt` made it. */
  words(place: Place): string[];
  /** Returns the file of `deploy/proxies` with places of this machine. */
  adapt(text: string, place: Place): string;
}

interface Place {
  folder: string;
  config: string;
  /** `address:port` at which it listens. */
  at: string;
  /** `127.0.0.1:port` of the server. */
  server: string;
  certificate: string;
  key: string;
}

/** Replaces each of these places in a file of `deploy`; one that isn't there is a mistake of the test. */
export function put(text: string, places: Record<string, string>): string {
  return Object.entries(places).reduce((so, [from, to]) => {
    if (!so.includes(from)) throw new Error(`The file has no "${from}"`);
    return so.replaceAll(from, to);
  }, text);
}

/** Leaves out lines that listen at another address, or at port 80. */
const without = (text: string, ...lines: string[]): string => put(text, mapOf(lines, ''));
const mapOf = (keys: string[], value: string) => Object.fromEntries(keys.map((k) => [k, value]));

const KINDS: Record<ProxyName, Kind> = {
  nginx: {
    program: '/usr/sbin/nginx',
    file: 'nginx.conf',
    address: '127.0.0.11',
    words: ({ folder, config }) => ['-p', folder, '-c', config, '-e', 'stderr'],
    adapt: (text, { folder, at, server, certificate, key }) => {
      const block = put(without(text, '\tlisten [::]:80;\n', '\tlisten [::]:443 ssl;\n'), {
        'listen 80': `listen unix:${folder}/http`,
        'listen 443 ssl': `listen ${at} ssl`,
        'server_name cita.yourtown.cat': 'server_name localhost',
        '127.0.0.1:3000': server,
        '/etc/letsencrypt/live/cita.yourtown.cat/fullchain.pem': certificate,
        '/etc/letsencrypt/live/cita.yourtown.cat/privkey.pem': key,
        '/var/www/finestreta': folder,
      });
      const written = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (each) => `${each}_temp_path ${folder}/${each};`,
      );
      return `daemon off; pid ${folder}/pid; events {}\nhttp {\naccess_log off; ${written.join(' ')}\n${block}}\n`;
    },
  },
  caddy: {
    program: '/usr/bin/caddy',
    file: 'Caddyfile',
    address: '127.0.0.12',
    words: ({ config }) => ['run', '--adapter', 'caddyfile', '--config', config],
    adapt: (text, { folder, at, server, certificate, key }) => {
      const [address, port] = at.split(':');
      const block = put(text, {
        'cita.yourtown.cat {': `https://localhost:${port} {\n\tbind ${address}\n\ttls ${certificate} ${key}`,
        '127.0.0.1:3000': server,
        '/var/www/finestreta': folder,
      });
      return `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${block}`;
    },
  },
  haproxy: {
    program: '/usr/sbin/haproxy',
    file: 'haproxy.cfg',
    address: '127.0.0.13',
    words: ({ config }) => ['-db', '-f', config],
    adapt: (text, { folder, at, server, certificate }) =>
      put(
        without(
          text,
          '\tbind [::]:80\n',
          '\tbind [::]:443 ssl crt /etc/haproxy/certificates/cita.yourtown.cat.pem alpn h2,http/1.1\n',
        ),
        {
          'bind :80': `bind unix@${folder}/http`,
          'bind :443': `bind ${at}`,
          '/etc/haproxy/certificates/cita.yourtown.cat.pem': certificate,
          '127.0.0.1:3000': server,
          '/var/www/finestreta': folder,
        },
      ),
  },
};

/** Why the tests of a proxy are skipped; null: it is installed. */
export const lacks = (name: ProxyName): string | null =>
  existsSync(KINDS[name].program) ? null : `${name} is not installed (Debian: ${name})`;

/** Returns the file of a proxy as an operator gets it. */
export const fileOf = (name: ProxyName): string =>
  readFileSync(join(ROOT, 'deploy', 'proxies', KINDS[name].file), 'utf8');

/** A real proxy before a server, with a certificate that was made for it. */
export interface RunningProxy extends AsyncDisposable {
  name: ProxyName;
  /** Where it listens: an address of this machine. */
  address: string;
}

/** Starts a proxy with its file of `deploy/proxies`, in which only places are other ones. */
export async function openProxy(
  name: ProxyName,
  { port, serverPort }: { port: number; serverPort: number },
): Promise<RunningProxy> {
  return run(name, { port, serverPort }, KINDS[name].adapt);
}

/**
 * Starts HAProxy with what its file has for several machines, before servers at these ports of this machine; by clear HTTP, so that browsers and
 * clients of tests need no certificate.
 */
export function openSeveral(port: number, serverPorts: readonly number[]): Promise<RunningProxy> {
  const [first = 0, ...others] = serverPorts;
  const adapt: Kind['adapt'] = (text, place) => {
    const more = others.map((each, index) => `server more${index} 127.0.0.1:${each}`);
    const several = text
      .replaceAll(/^(\t?)# {3}(?=\S|\t)/gm, '$1')
      .replaceAll(/^(\s*)server two .*$/gm, (_, space) =>
        more.map((each) => space + each).join('\n'),
      );
    const clear = put(several, {
      ' ssl crt /etc/haproxy/certificates/cita.yourtown.cat.pem alpn h2,http/1.1': '',
      'X-Forwarded-Proto https': 'X-Forwarded-Proto http',
    });
    return put(without(clear, '\tbind [::]:80\n', '\tbind [::]:443\n'), {
      'bind :80': `bind unix@${place.folder}/http`,
      'bind :443': `bind 127.0.0.1:${port}`,
      '127.0.0.1:3000': place.server,
      '/var/www/finestreta': place.folder,
    });
  };
  return run('haproxy', { port, serverPort: first, address: '127.0.0.1' }, adapt);
}

async function run(
  name: ProxyName,
  {
    port,
    serverPort,
    address = KINDS[name].address,
  }: { port: number; serverPort: number; address?: string },
  adapt: Kind['adapt'],
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
  const at = `${address}:${port}`;
  const server = `127.0.0.1:${serverPort}`;
  const place = { folder, config, at, server, certificate: both, key };
  writeFileSync(config, adapt(fileOf(name), place));
  const child = keep(
    spawn(program, words(place), {
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
  await until(`${name} listens`, () => hasEnded(child) || accepts(address, port), 30);
  if (hasEnded(child)) throw new Error(`${name} ended:\n${said}`);
  return {
    name,
    address,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await ended(child);
      temporary.remove();
    },
  };
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
