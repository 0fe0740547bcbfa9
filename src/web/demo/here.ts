import type { Context as Request } from 'hono';
import { isLoopbackHost, isOurs } from '../../lib/http/loopback.ts';
import { exactAddress } from '../address.ts';

/**
 * Returns whether a request comes from a browser on this machine, and for this machine's own name: another page's name could lead here too
 * (DNS rebinding). What a proxy passes on comes from elsewhere; where proxies are trusted nothing comes from here, since whoever reaches the
 * server itself can write what a proxy would.
 */
export function isHere(c: Request, trustedProxies: number): boolean {
  const isPassedOn =
    c.req.header('X-Forwarded-For') !== undefined || c.req.header('Forwarded') !== undefined;
  if (isPassedOn || trustedProxies > 0) return false;
  const address = exactAddress(c, 0).replace(/^::ffff:(?=\d+\.)/i, '');
  return isLoopbackHost(address) && isOurs(`http://${c.req.header('Host') ?? 'elsewhere'}`);
}
