import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/**
 * The client's address. `X-Forwarded-For` is believed only as far as our own proxies wrote it: each appends the address
 * that it was called from, so with `n` trusted proxies the n-th from the right is the client.
 */
export function clientAddress(c: Context, trustedProxies: number): string {
  if (trustedProxies > 0) {
    const hops = (c.req.header('X-Forwarded-For') ?? '').split(',').map((each) => each.trim());
    const client = hops.at(-trustedProxies);
    if (client) return client;
  }
  try {
    return getConnInfo(c).remote.address ?? 'unknown';
  } catch {
    return 'unknown'; // not over a socket: a test
  }
}
