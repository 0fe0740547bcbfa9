import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Mistake, type reader, wholeNumber } from '../environment.ts';
import { isLoopbackHost } from './loopback.ts';

/** Where a demo is served to the network that this machine is in. */
export interface LanSettings {
  /** The machine's address there, without brackets. */
  address: string;
  port: number;
  /** `https://{address}:{port}` */
  url: string;
}

/** The ranges that no router of the internet passes on (RFC 1918, RFC 4193, RFC 3927), the likeliest network of a phone first. */
const RANGES = [
  ['192.168.0.0', 16, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['169.254.0.0', 16, 'ipv4'],
] as const;

const LISTS = RANGES.map(([network, prefix, family]) => {
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list;
});

/** Peers may also use an address of the link alone (RFC 4291, 2.5.6); a browser can't be given one, since it needs the name of an interface. */
const LINK = new BlockList();
LINK.addSubnet('fe80::', 10, 'ipv6');

/** Returns the place of an address in `RANGES`; -1: it is not private. */
function rankOf(address: string): number {
  const family = isIP(address);
  if (family === 0) return -1;
  return LISTS.findIndex((each) => each.check(address, family === 6 ? 'ipv6' : 'ipv4'));
}

/** Returns whether a machine with this address is in a private network, or on the same link. */
export function isPrivatePeer(address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').split('%')[0] ?? '';
  return rankOf(plain) >= 0 || (isIP(plain) === 6 && LINK.check(plain, 'ipv6'));
}

/** Interfaces of containers, virtual machines and tunnels: no phone is there. */
const VIRTUAL =
  /^(docker|br-|veth|virbr|vmnet|vboxnet|lxc|lxd|podman|cni|tun|tap|utun|wg|zt|tailscale)/i;

/** An address of this machine, and the interface that has it. */
export interface OwnAddress {
  address: string;
  of: string;
}

/** Returns the addresses of this machine. */
export const ownAddresses = (): OwnAddress[] =>
  Object.entries(networkInterfaces()).flatMap(([of, all]) =>
    (all ?? []).filter((each) => !each.internal).map(({ address }) => ({ address, of })),
  );

/** Returns the address at which a demo is served: the one that is asked for, or for `1` the likeliest. Pure. */
export function chooseAddress(asked: string, own: readonly OwnAddress[]): string | Mistake {
  const offered = own
    .filter(({ address }) => rankOf(address) >= 0)
    .toSorted((a, b) => likelihood(a) - likelihood(b));
  const names = offered.map(({ address }) => address).join(', ');
  if (asked === '1')
    return (
      offered[0]?.address ??
      new Mistake(
        'needs an address in a private network (192.168…, 10…, 172.16…, fd…), and this machine has none: is it in a Wi-Fi?',
      )
    );
  if (isIP(asked) === 0) return new Mistake('must be 1, or an address of this machine');
  if (rankOf(asked) < 0)
    return new Mistake(
      'must be a private address (192.168…, 10…, 172.16…, fd…): a demo is not shown to the internet',
    );
  return offered.some(({ address }) => address === asked)
    ? asked
    : new Mistake(`must be an address of this machine${names ? `, which has ${names}` : ''}`);
}

const likelihood = ({ address, of }: OwnAddress): number =>
  rankOf(address) + (VIRTUAL.test(of) ? RANGES.length : 0);

/** Returns whether this machine still has the address: a laptop may have gone to another network. */
export const hasAddress = (address: string): boolean =>
  ownAddresses().some((each) => each.address === address);

/** Returns an address as it stands in a URL. */
const inUrl = (address: string): string => (isIP(address) === 6 ? `[${address}]` : address);

/** Reads where a demo is served to the own network. Without LAN it is not. */
export function readLan(
  variable: ReturnType<typeof reader>,
  mistakes: string[],
  { demo, host, own = ownAddresses() }: { demo: boolean; host: string; own?: OwnAddress[] },
): LanSettings | null {
  const port = variable('LAN_PORT', '3443', wholeNumber(1, 65535));
  const address = variable('LAN', null, (text) => (text === '0' ? '' : chooseAddress(text, own)));
  if (!address) return null;
  if (!demo) mistakes.push('LAN shows a demo to the own network, so it needs DEMO=1.');
  if (!isLoopbackHost(host))
    mistakes.push(
      'LAN serves citizens’ pages to the own network at an address of its own: take HOST away, so that everything else stays on this machine.',
    );
  return { address, port, url: `https://${inUrl(address)}:${port}` };
}
