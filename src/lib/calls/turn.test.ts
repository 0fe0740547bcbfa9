import { describe, expect, test } from 'vitest';
import { credentials, isStun, isTurn, stunOf } from './turn.ts';

describe('addresses', () => {
  test.each([
    'turn:turn.vilaclara.cat',
    'turn:turn.vilaclara.cat:3478?transport=tcp',
    'turns:turn.vilaclara.cat:443?transport=tcp',
    'turn:[2001:db8::1]:3478',
  ])('%s is a TURN server’s', (url) => expect(isTurn(url)).toBe(true));

  test.each([
    'turn://turn.vilaclara.cat',
    'https://x.cat',
    'turn:a b',
    'turn:x.cat?transport=sctp',
  ])('%s is invalid', (url) => {
    expect(isTurn(url)).toBe(false);
    expect(isStun(url)).toBe(false);
  });

  test('a TURN server over UDP is also used as a STUN server', () => {
    const urls = [
      'turn:a:3478',
      'turn:a:3478?transport=udp',
      'turn:b?transport=tcp',
      'turns:c:443',
    ];
    expect(stunOf([...urls, 'stun:d'])).toEqual(['stun:a:3478', 'stun:d']);
  });
});

test('credentials are those that coturn computes', () => {
  // printf 1796029200:maria | openssl dgst -sha1 -hmac geheim -binary | base64
  const until = Temporal.Instant.fromEpochMilliseconds(1_796_029_200_000);
  expect(credentials('geheim', 'maria', until)).toEqual({
    username: '1796029200:maria',
    credential: 'b4gEJEuxp1rbpJBJquxjgUroguo=',
  });
});
