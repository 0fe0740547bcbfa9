import { describe, expect, it } from 'vitest';
import { isLoopback, isLoopbackHost, isOurs } from './loopback.ts';

describe('addresses that only this machine can reach', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.8.8.8', '::1', '[::1]', '0:0:0:0:0:0:0:1'])(
    '%s',
    (host) => expect(isLoopbackHost(host)).toBe(true),
  );

  it.each([
    ...['', '0.0.0.0', '::', '10.0.0.1', '128.0.0.1', '1.127.0.0', '::ffff:10.0.0.1'],
    ...['localhost.vilaclara.cat', 'notlocalhost', 'mail.vilaclara.cat', '127.0.0.1.example'],
  ])('not "%s"', (host) => expect(isLoopbackHost(host)).toBe(false));

  it('only the host of an address counts', () => {
    expect(isLoopback('smtp://user:localhost@mail.example:25')).toBe(false);
    expect(isLoopback('smtp://localhost@mail.example/localhost')).toBe(false);
    expect(isLoopback('smtp://mail.example@[::1]:25')).toBe(true);
  });

  it('names under localhost are this machine’s for browsers', () => {
    expect(isOurs('http://vilaclara.localhost:3000')).toBe(true);
    expect(isOurs('http://localhost.vilaclara.cat')).toBe(false);
  });
});
