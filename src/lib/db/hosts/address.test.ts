import { describe, expect, it } from 'vitest';
import { formatHost, readAddress } from './address.ts';

describe('an address of PostgreSQL', () => {
  it.each([
    ['postgres://u:p@a:5433/d', ['a:5433'], null],
    ['postgresql://a/d', ['a:5432'], null],
    [
      'postgres://u:p@a:5432,b:5433/d?target_session_attrs=read-write',
      ['a:5432', 'b:5433'],
      'read-write',
    ],
    ['postgres://u@a,b:5433,[::1]:5434/d', ['a:5432', 'b:5433', '[::1]:5434'], null],
    ['postgres:///d?host=/run/one,/run/two', ['/run/one', '/run/two'], null],
    ['postgres://u@/d?host=a,b&port=5433,5434', ['a:5433', 'b:5434'], null],
    ['postgres://u@/d?host=a,b&port=5433', ['a:5433', 'b:5433'], null],
    ['postgres://u@%2Frun%2Fone/d?target_session_attrs=any', ['/run/one'], 'any'],
  ])('%s', (text, hosts, sessions) => {
    const address = readAddress(text);
    expect(address?.hosts.map(formatHost)).toEqual(hosts);
    expect(address?.sessions).toBe(sessions);
  });

  it('keeps what each server needs of it', () => {
    const text =
      'postgres://u:p%40w@a:1,b/d?sslmode=verify-full&sslrootcert=/ca.pem&target_session_attrs=primary';
    expect(readAddress(text)?.urls).toEqual([
      'postgres://u:p%40w@a:1/d?sslmode=verify-full&sslrootcert=%2Fca.pem',
      'postgres://u:p%40w@b/d?sslmode=verify-full&sslrootcert=%2Fca.pem',
    ]);
  });

  it.each([
    'mysql://a/d',
    'a',
    'postgres://a:port/d',
    'postgres://a:1,b:two/d',
    'postgres://u@/d?host=a,b,c&port=1,2',
    'postgres://a/d?target_session_attrs=newest',
  ])('%s is none', (text) => {
    expect(readAddress(text)).toBeNull();
  });
});
