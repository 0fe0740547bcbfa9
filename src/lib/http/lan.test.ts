import { describe, expect, it } from 'vitest';
import { Mistake, reader } from '../environment.ts';
import { chooseAddress, isPrivatePeer, readLan } from './lan.ts';

const own = (...addresses: string[]) =>
  addresses.map((each) => {
    const [address = '', of = 'eth0'] = each.split(' ');
    return { address, of };
  });

const wordsOf = (asked: string, ...addresses: string[]) => {
  const chosen = chooseAddress(asked, own(...addresses));
  return chosen instanceof Mistake ? chosen.words : chosen;
};

describe('the address of a demo in the own network', () => {
  it('is the likeliest of a home or an office, and none of containers where there is another', () => {
    expect(wordsOf('1', '172.17.0.1 docker0', '10.0.0.4', '192.168.1.20 wlan0')).toBe(
      '192.168.1.20',
    );
    expect(wordsOf('1', '172.17.0.1 docker0', '10.0.0.4')).toBe('10.0.0.4');
    expect(wordsOf('1', '172.17.0.1 docker0')).toBe('172.17.0.1');
    expect(wordsOf('1', '203.0.113.7', 'fd00::2', 'fe80::1')).toBe('fd00::2');
  });

  it('is never one that the internet can reach, nor another machine’s', () => {
    expect(wordsOf('1', '203.0.113.7', '2001:db8::1', 'fe80::1')).toContain('has none');
    expect(wordsOf('203.0.113.7', '203.0.113.7')).toContain('private');
    expect(wordsOf('0.0.0.0', '192.168.1.20')).toContain('private');
    expect(wordsOf('192.168.1.21', '192.168.1.20')).toContain('which has 192.168.1.20');
    expect(wordsOf('yes', '192.168.1.20')).toContain('must be 1');
  });

  it.each(['192.168.0.9', '10.9.9.9', '172.31.0.1', '169.254.3.3', 'fd12::1', 'fe80::1%eth0'])(
    'takes %s as somebody of the own network',
    (address) => expect(isPrivatePeer(address)).toBe(true),
  );
  it.each(['172.32.0.1', '8.8.8.8', '2001:db8::1', '127.0.0.1', 'unknown', ''])(
    'does not take %s as somebody of the own network',
    (address) => expect(isPrivatePeer(address)).toBe(false),
  );
  it('knows an IPv4 address that is written as IPv6', () => {
    expect(isPrivatePeer('::ffff:192.168.0.9')).toBe(true);
    expect(isPrivatePeer('::ffff:8.8.8.8')).toBe(false);
  });

  it('is only for a demo, whose other pages stay on this machine', () => {
    const read = (demo: boolean, host: string) => {
      const mistakes: string[] = [];
      const lan = readLan(reader({ LAN: '1' }, mistakes), mistakes, {
        ...{ demo, host },
        own: own('fd00::2'),
      });
      return { lan, mistakes };
    };
    expect(read(true, '127.0.0.1').lan).toEqual({
      address: 'fd00::2',
      port: 3443,
      url: 'https://[fd00::2]:3443',
    });
    expect(read(true, '127.0.0.1').mistakes).toEqual([]);
    expect(read(false, '127.0.0.1').mistakes).toEqual([expect.stringContaining('DEMO=1')]);
    expect(read(true, '0.0.0.0').mistakes).toEqual([expect.stringContaining('take HOST away')]);
  });
});
