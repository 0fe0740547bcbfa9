import { BlockList, isIPv6 } from 'node:net';

/**
 * The kind of network of an IP address. `public`: the internet; `private`: the town's own network (RFC 1918, RFC 6598, RFC 4193);
 * `loopback`: this machine; `never`: not a valid destination, or link-local, where clouds keep their machines' credentials.
 */
export type AddressKind = 'public' | 'private' | 'loopback' | 'never';

type Net = readonly [network: string, prefix: number];

const LOOPBACK = listOf([['127.0.0.0', 8]], [['::1', 128]]);
const PRIVATE = listOf(
  [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['100.64.0.0', 10],
  ],
  [['fc00::', 7]],
);
/** The rest of IANA's special-purpose registries (RFC 6890). */
const NEVER = listOf(
  [
    ['0.0.0.0', 8],
    ['169.254.0.0', 16],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.31.196.0', 24],
    ['192.52.193.0', 24],
    ['192.88.99.0', 24],
    ['192.175.48.0', 24],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ],
  [
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['3fff::', 20],
  ],
);
/** The part of IPv6 that is assigned to the internet; addresses with an IPv4 address inside are not in it. */
const WORLD = listOf([], [['2000::', 3]]);

function listOf(v4: readonly Net[], v6: readonly Net[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of v4) list.addSubnet(network, prefix, 'ipv4');
  for (const [network, prefix] of v6) list.addSubnet(network, prefix, 'ipv6');
  return list;
}

/** Returns the kind of an address. @param address as `dns.lookup` writes it */
export function kindOfAddress(address: string): AddressKind {
  if (!isIPv6(address)) return kindIn(address, 'ipv4');
  const kind = kindIn(address, 'ipv6');
  return kind === 'public' && !WORLD.check(address, 'ipv6') ? 'never' : kind;
}

function kindIn(address: string, family: 'ipv4' | 'ipv6'): AddressKind {
  if (LOOPBACK.check(address, family)) return 'loopback';
  if (PRIVATE.check(address, family)) return 'private';
  return NEVER.check(address, family) ? 'never' : 'public';
}
