import { isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import type { Clock } from '../lib/clock.ts';
import type { PurposeKey } from '../lib/secrets.ts';

/**
 * The client's address, of IPv6 the network of 64 bits that one household has: within it everybody may take another address
 * for each request. `X-Forwarded-For` is believed only as far as our own proxies wrote it: each appends the address
 * that it was called from, so with `n` trusted proxies the n-th from the right is the client.
 */
export const clientAddress = (c: Context, trustedProxies: number): string =>
  networkOf(exactAddress(c, trustedProxies));

/** The client's address as `clientAddress` finds it, of IPv6 the whole of it; `unknown` when there is none. */
export function exactAddress(c: Context, trustedProxies: number): string {
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

/**
 * Names who asks, so that they can be counted: a keyed hash of their address, which nobody turns back into it; another one
 * each UTC day, so that days aren't linked.
 */
export function senders(
  key: PurposeKey,
  clock: Clock,
  trustedProxies: number,
): (c: Context) => Buffer {
  return (c) => {
    const day = clock.now().toString().slice(0, 10);
    const name = key.derive(`sender ${day} ${clientAddress(c, trustedProxies)}`);
    return Buffer.from(name, 'base64url');
  };
}

/** Says once that a proxy seems to stand before us that nobody told us of: then all that it sends counts as one address. */
export function undeclaredProxy(
  trustedProxies: number,
  log: { warn(words: string): void },
): MiddlewareHandler {
  let isSaid = trustedProxies > 0;
  return async (c, next) => {
    if (!isSaid && c.req.header('X-Forwarded-For') !== undefined) {
      isSaid = true;
      log.warn(
        'A request came with X-Forwarded-For, and TRUSTED_PROXIES is 0: if a proxy of yours stands before this service, ' +
          'everybody counts as one address.',
      );
    }
    await next();
  };
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped || !isIPv6(address)) return mapped ?? address;
  const [left = '', right] = address.split('%')[0]?.split('::') ?? [];
  const parts = (text: string) => (text === '' ? [] : text.split(':'));
  const last = parts(right ?? '');
  // An IPv4 address at the end stands for two parts.
  const length = parts(left).length + last.length + (last.at(-1)?.includes('.') ? 1 : 0);
  const zeros = right === undefined ? 0 : 8 - length;
  const all = [...parts(left), ...Array.from({ length: zeros }, () => '0'), ...last];
  const network = all.slice(0, 4).map((part) => Number.parseInt(part, 16).toString(16));
  return `${network.join(':')}::`;
}
