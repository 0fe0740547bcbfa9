import { BlockList, isIP } from 'node:net';

/** 127.0.0.0/8 (RFC 1122, 3.2.1.3) and ::1 (RFC 4291, 2.5.3). */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Returns whether only this machine can reach a host: a name, or an address with or without brackets. */
export function isLoopbackHost(host: string): boolean {
  const plain = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const family = isIP(plain);
  if (family === 0) return plain === 'localhost';
  return LOOPBACK.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

/** Returns whether only this machine can reach an address. */
export const isLoopback = (url: string): boolean => isLoopbackHost(new URL(url).hostname);

/** Returns whether a public address is this machine's: names under localhost are, too (RFC 6761, 6.3). */
export const isOurs = (url: string): boolean =>
  isLoopback(url) || /\.localhost$/.test(new URL(url).hostname);

/** Returns whether the stand-ins of a demonstration may pretend at a public address: this machine's, or that of a demo in the own network. */
export const mayPretend = (url: string, lan?: { url: string } | null): boolean =>
  isOurs(url) || url === lan?.url;

/**
 * Returns whether nobody can listen on the way to an address: it is encrypted, or this machine's. Any other scheme, such as `javascript:`,
 * is not safe either.
 */
export const isSafeAddress = ({ protocol, href }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && isLoopback(href));
