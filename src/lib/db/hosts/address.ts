/** One server of an address. */
export interface Host {
  /** A name, an IP address, or the folder of a socket. */
  host: string;
  port: number;
}

const SESSIONS = [
  'any',
  'read-write',
  'read-only',
  'primary',
  'standby',
  'prefer-standby',
] as const;

/** Which of an address's servers is wanted, by libpq's names (target_session_attrs). */
export type Sessions = (typeof SESSIONS)[number];

/** An address of PostgreSQL in libpq's form, which may name several servers. */
export interface Address {
  /** The address with each of its servers alone, in its order. */
  urls: readonly string[];
  hosts: readonly Host[];
  /** null: the address doesn't say. */
  sessions: Sessions | null;
}

const PARTS = /^(postgres(?:ql)?:\/\/)((?:[^@/?#]*@)?)([^/?#]*)([^?#]*)(\?[^#]*)?$/i;

/**
 * Reads an address such as postgres://user@a:5432,b:5432/db?target_session_attrs=read-write, or …?host=a,b&port=5432,5433 (libpq, Connection
 * URIs). Returns null where libpq or the driver would refuse it. Pure.
 */
export function readAddress(text: string): Address | null {
  const [, scheme, login = '', authority = '', path = '', query = ''] = PARTS.exec(text) ?? [];
  if (!scheme) return null;
  const asked = new URLSearchParams(query);
  const sessions = asked.get('target_session_attrs');
  if (sessions !== null && !isSessions(sessions)) return null;
  asked.delete('target_session_attrs');
  // Of two of a name, the driver takes the last.
  const named = asked.getAll('host').at(-1)?.split(',');
  const ports = asked.getAll('port').at(-1)?.split(',');
  // Not used, but the driver can't read a user without it.
  const unused = authority || (login && 'localhost');
  const places = named ?? authority.split(',');
  if (ports && ports.length > 1 && ports.length !== places.length) return null;
  const urls = places.map((place, index) => {
    const own = new URLSearchParams(asked);
    if (named) own.set('host', place);
    const port = ports?.[index] ?? ports?.[0];
    if (port) own.set('port', port);
    return `${scheme}${login}${named ? unused : place}${path}${own.size > 0 ? `?${own}` : ''}`;
  });
  const hosts = urls.map((url) => hostOf(url));
  if (hosts.some((each) => each === null)) return null;
  return { urls, hosts: hosts as Host[], sessions };
}

const isSessions = (text: string): text is Sessions =>
  (SESSIONS as readonly string[]).includes(text);

function hostOf(url: string): Host | null {
  if (!URL.canParse(url)) return null;
  const { hostname, port, searchParams } = new URL(url);
  const host = (searchParams.get('host') ?? decodeURIComponent(hostname)) || 'localhost';
  return {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: Number(searchParams.get('port') || port || 5432),
  };
}

/** Returns the login and the database of an address, to be compared. Pure. */
export function loginOf(text: string): string {
  const { username, pathname, searchParams } = new URL(readAddress(text)?.urls[0] ?? text);
  const user = searchParams.get('user') ?? decodeURIComponent(username);
  return JSON.stringify([user, decodeURIComponent(pathname.slice(1))]);
}

/** Whether an address names more than one server. Pure. */
export const isOfSeveral = (text: string): boolean => (readAddress(text)?.urls.length ?? 0) > 1;

/** Returns a server in words: a socket's folder without port. */
export const formatHost = ({ host, port }: Host): string => {
  if (host.startsWith('/')) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
};
