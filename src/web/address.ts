import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import type { Clock } from '../lib/clock.ts';
import type { PurposeKey } from '../lib/secrets.ts';

/**
 * Returns the client's address, to count by it. For IPv6 it is the network of 64 bits that one household has: within it
 * a client may take another
 * address for each request. `X-Forwarded-For` counts only as far as our own proxies wrote it: each proxy
 * appends the address
 * of its client, so with `n` trusted proxies the n-th from the right is the client.
 */
export const clientAddress = (c: Context, trustedProxies: number): string =>
  networkOf(exactAddress(c, trustedProxies));

/**
 * Returns the client's address as `clientAddress` finds it, for IPv6 the whole address; `unknown` when
 * there is none. `proxies`: where the address permits something, the declared ones alone
 * (`declaredProxies`).
 */
export function exactAddress(c: Context, proxies: number): string {
  const forwarded = c.req.header('X-Forwarded-For');
  return addressIn({ forwarded, remote: () => getConnInfo(c).remote.address }, proxies);
}

/**
 * Returns the client's address of a request that no town has seen yet, as `clientAddress` does. `incoming`: Node's
 * request; undefined in tests.
 */
export function addressOfRequest(
  { headers }: Request,
  incoming: Pick<IncomingMessage, 'socket'> | undefined,
  trustedProxies: number,
): string {
  const forwarded = headers.get('X-Forwarded-For') ?? undefined;
  return networkOf(
    addressIn({ forwarded, remote: () => incoming?.socket.remoteAddress }, trustedProxies),
  );
}

/** `forwarded`: the header; `remote`: returns the address of the other end of the connection. */
interface Came {
  forwarded: string | undefined;
  remote(): string | undefined;
}

function addressIn({ forwarded = '', remote }: Came, trustedProxies: number): string {
  if (trustedProxies > 0) {
    const hops = forwarded.split(',').map((each) => each.trim());
    const client = hops.at(-trustedProxies);
    if (client) return client;
  }
  try {
    return remote() ?? 'unknown';
  } catch {
    return 'unknown'; // not over a socket: a test
  }
}

/**
 * Returns a function that names a client so that its requests can be counted: a keyed hash of the
 * address, which can't be turned
 * back. The hash changes each UTC day, so that days can't be linked.
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

/**
 * Warns once when requests seem to come through a proxy that isn't declared: then all its clients count
 * as one address.
 */
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

/** Returns the network of 64 bits of an IPv6 address; IPv4 as it is. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
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
