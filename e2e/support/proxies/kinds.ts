import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../processes.ts';

/** The proxies for which there is a file in `deploy/proxies`. */
export type ProxyName = 'nginx' | 'caddy' | 'haproxy';

/** Whether a program may keep its connection: nginx ends unused ones when it reads its file again, perhaps at the moment of the next request. */
export const keepsConnections = (name: ProxyName): boolean => name !== 'nginx';

/** Where a proxy runs, and what is on this machine in place of an operator's. */
export interface Place {
  folder: string;
  config: string;
  /** `address:port` at which it listens. */
  at: string;
  /** `127.0.0.1:port` of the server. */
  server: string;
  /** The same of a second machine, where there are two. */
  second?: string;
  certificate: string;
  key: string;
}

interface Kind {
  program: string;
  file: string;
  /** Where it listens, in the tests: each at an address of its own, so that all have the same port. */
  address: string;
  /** Returns the words of its command. `config`: the file, as `adapt` made it. */
  words(place: Place): string[];
  /** Returns the file of `deploy/proxies` with places of this machine. */
  adapt(text: string, place: Place): string;
  /** The same by clear HTTP, so that browsers and clients of tests need no certificate. */
  clear(text: string, place: Place): string;
}

/** Replaces each of these places in a file of `deploy`; one that isn't there is a mistake of the test. */
export function put(text: string, places: Record<string, string>): string {
  return Object.entries(places).reduce((so, [from, to]) => {
    if (!so.includes(from)) throw new Error(`The file has no "${from}"`);
    return so.replaceAll(from, to);
  }, text);
}

/** Leaves out lines that listen at another address, or at port 80. */
const without = (text: string, ...lines: string[]): string =>
  put(text, Object.fromEntries(lines.map((line) => [line, ''])));

/** Where the file has an operator's machine. */
const machine = ({ folder, server }: Place) => ({
  '127.0.0.1:3000': server,
  '/var/www/finestreta': folder,
});

/** Returns a file with its lines for several machines, the second of which is here. */
export const withSecond = (text: string, second: string): string =>
  put(text.replaceAll(/^(\t*)# {3}(?=\S|\t)/gm, '$1'), { '10.0.0.2:3000': second });

const nginxIn = (folder: string, block: string): string => {
  const written = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (each) => `${each}_temp_path ${folder}/${each};`,
  );
  return `daemon off; pid ${folder}/pid; events {}\nhttp {\naccess_log off; ${written.join(' ')}\n${block}}\n`;
};

const caddyAt = (text: string, place: Place, scheme: 'http' | 'https', tls: string): string => {
  const [address, port] = place.at.split(':');
  const site = `${scheme}://localhost:${port} {\n\tbind ${address}\n${tls}`;
  const block = put(text, { 'cita.yourtown.cat {\n': site, ...machine(place) });
  return `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${block}`;
};

const TLS = '/etc/haproxy/certificates/cita.yourtown.cat.pem';

export const KINDS: Record<ProxyName, Kind> = {
  nginx: {
    program: '/usr/sbin/nginx',
    file: 'nginx.conf',
    address: '127.0.0.11',
    words: ({ folder, config }) => ['-p', folder, '-c', config, '-e', 'stderr'],
    adapt: (text, place) => {
      const { folder, at, certificate, key } = place;
      const block = put(without(text, '\tlisten [::]:80;\n', '\tlisten [::]:443 ssl;\n'), {
        'listen 80': `listen unix:${folder}/http`,
        'listen 443 ssl': `listen ${at} ssl`,
        'server_name cita.yourtown.cat': 'server_name localhost',
        '/etc/letsencrypt/live/cita.yourtown.cat/fullchain.pem': certificate,
        '/etc/letsencrypt/live/cita.yourtown.cat/privkey.pem': key,
        ...machine(place),
      });
      return nginxIn(folder, block);
    },
    clear: (text, place) =>
      KINDS.nginx
        .adapt(text, place)
        .replace(`listen ${place.at} ssl`, `listen ${place.at}`)
        .replace('http2 on;', ''),
  },
  caddy: {
    program: '/usr/bin/caddy',
    file: 'Caddyfile',
    address: '127.0.0.12',
    words: ({ config }) => ['run', '--adapter', 'caddyfile', '--config', config],
    adapt: (text, place) =>
      caddyAt(text, place, 'https', `\ttls ${place.certificate} ${place.key}\n`),
    clear: (text, place) => caddyAt(text, place, 'http', ''),
  },
  haproxy: {
    program: '/usr/sbin/haproxy',
    file: 'haproxy.cfg',
    address: '127.0.0.13',
    words: ({ config }) => ['-db', '-f', config],
    adapt: (text, place) =>
      put(without(text, '\tbind [::]:80\n', `\tbind [::]:443 ssl crt ${TLS} alpn h2,http/1.1\n`), {
        'bind :80': `bind unix@${place.folder}/http`,
        'bind :443': `bind ${place.at}`,
        [TLS]: place.certificate,
        ...machine(place),
      }),
    clear: (text, place) =>
      KINDS.haproxy
        .adapt(text, place)
        .replace(` ssl crt ${place.certificate} alpn h2,http/1.1`, '')
        .replace('X-Forwarded-Proto https', 'X-Forwarded-Proto http'),
  },
};

/** Returns the file of a proxy as an operator gets it. */
export const fileOf = (name: ProxyName): string =>
  readFileSync(join(ROOT, 'deploy', 'proxies', KINDS[name].file), 'utf8');
