import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';

/** Paths for machines that use this one's IP address: they answer under any name, and have no links. */
const UNDER_ANY_NAME: readonly string[] = ['/healthz', '/readyz', '/metrics'];

/**
 * Refuses requests with two `Host` headers, which a proxy and this service might read differently (RFC
 * 9112, 3.2), and where
 * `BASE_URL` is https those for another host: links and cookies belong to `BASE_URL`.
 */
export function ownHost(
  baseUrl: string,
  onRefused: (c: Context, what: 'two' | 'other') => void,
): MiddlewareHandler {
  const own = new URL(baseUrl);
  return async (c, next) => {
    const what =
      hostsOf(c) > 1 ? 'two' : own.protocol === 'https:' && isOther(c, own.host) ? 'other' : null;
    if (what === null) return next();
    onRefused(c, what);
    return c.text(WORDS[what], 400);
  };
}

const WORDS = {
  two: 'A request has one Host header.\n',
  other:
    'Nothing is served under this name. A proxy before this service must pass on the Host header that it was asked with.\n',
};

/**
 * Returns the number of `Host` headers. Node keeps the first and drops the others, so this counts the
 * raw ones.
 */
function hostsOf(c: Context): number {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  const names = (incoming?.rawHeaders ?? []).filter((_, index) => index % 2 === 0);
  return names.filter((name) => name.toLowerCase() === 'host').length;
}

/** Returns whether a request names another host, in its header or in its address (RFC 9112, 3.2.2). */
function isOther(c: Context, own: string): boolean {
  if (UNDER_ANY_NAME.includes(c.req.path)) return false;
  const named = c.req.header('Host');
  const asked = [new URL(c.req.url).host, ...(named === undefined ? [] : [named])];
  return asked.some((host) => withoutPort(host) !== own);
}

/** Returns a host without https's own port; unchanged if it isn't a valid host. */
function withoutPort(host: string): string {
  const url = URL.canParse(`https://${host}`) ? new URL(`https://${host}`) : null;
  return url && url.pathname === '/' && url.username === '' ? url.host : host;
}
