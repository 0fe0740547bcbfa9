import { describe, expect, test } from 'vitest';
import { SCOPES } from '../../../domain/scopes.ts';
import { checkRequest, isFrom, isInForce, readBearer, stateOf } from './rules.ts';
import type { TokenRequest } from './types.ts';

const now = Temporal.Instant.from('2026-11-30T23:30:00+01:00');
const timeZone = 'Europe/Madrid';
const check = (request: Partial<TokenRequest>) =>
  checkRequest(
    { name: 'CRM', scopes: ['slots:read'], lastDay: null, networks: '', ...request },
    { now, timeZone },
  );
const granted = (request: Partial<TokenRequest>) => {
  const checked = check(request);
  if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
  return checked.grant;
};
const mistakes = (request: Partial<TokenRequest>) => {
  const checked = check(request);
  return checked.ok ? {} : checked.mistakes;
};

describe('a request for a token', () => {
  test('is granted for a year from today in the office’s zone, from anywhere', () => {
    const grant = granted({ name: ' CRM ' });
    expect(grant).toMatchObject({ name: 'CRM', scopes: ['slots:read'], networks: [] });
    expect(grant.expiresAt.toString()).toBe('2027-11-30T23:00:00Z');
  });

  test('may name each scope, and counts one that is named twice once', () => {
    expect(granted({ scopes: [...SCOPES, ...SCOPES] }).scopes).toEqual(SCOPES);
  });

  test.each([[[]], [['all']], [['slots:read', '']], [['Slots:read']], [['toString']]])(
    'with the scopes %j is refused',
    (scopes) => {
      expect(mistakes({ scopes })).toHaveProperty('scopes');
    },
  );

  test.each([
    ['2026-11-30', '2026-11-30T23:00:00Z'],
    ['2027-03-28', '2027-03-28T22:00:00Z'],
    ['2028-11-29', '2028-11-29T23:00:00Z'],
  ])('with the last day %s ends at %s', (lastDay, end) => {
    expect(granted({ lastDay }).expiresAt.toString()).toBe(end);
  });

  test.each([
    ['2026-11-29', 'past'],
    ['2028-11-30', 'too_far'],
    ['9999-12-31', 'too_far'],
    ['', 'missing'],
    ['2027-02-30', 'not_a_day'],
    ['30/6/2027', 'not_a_day'],
    ['2027-06-30T00:00', 'not_a_day'],
  ])('with the last day %j is refused: %s', (lastDay, reason) => {
    expect(mistakes({ lastDay })).toMatchObject({ lastDay: { reason } });
  });

  test('may list addresses and networks as people write them', () => {
    const { networks } = granted({ networks: ' 192.0.2.7, 192.0.2.7;10.0.0.0/8\n2001:db8::/32 ' });
    expect(networks).toEqual(['192.0.2.7', '10.0.0.0/8', '2001:db8::/32']);
  });

  test.each([
    '10.0.0.0/33',
    '2001:db8::/129',
    '10.0.0',
    '10.0.0.1/',
    'fe80::1%eth0',
    '10.0.0.0/8/8',
    'a.cat',
  ])('with the network %j is refused', (wrong) => {
    expect(mistakes({ networks: `192.0.2.7, ${wrong}` })).toEqual({
      networks: { reason: 'not_a_network', text: wrong },
    });
  });

  test('with too many networks or too long a name is refused', () => {
    const many = Array.from({ length: 21 }, (_, nth) => `192.0.2.${nth}`).join(' ');
    expect(mistakes({ networks: many })).toMatchObject({ networks: { reason: 'too_many' } });
    expect(mistakes({ name: 'x'.repeat(81) })).toMatchObject({ name: { reason: 'too_long' } });
  });
});

test.each([
  [[], 'unknown', true],
  [['192.0.2.0/24'], '192.0.2.255', true],
  [['192.0.2.77/24'], '192.0.2.1', true],
  [['192.0.2.0/24'], '::ffff:192.0.2.1', true],
  [['192.0.2.0/24'], '192.0.3.1', false],
  [['192.0.2.7'], '192.0.2.8', false],
  [['2001:db8::/32'], '2001:db8:ffff::1', true],
  [['2001:db8::1'], '2001:db8::2', false],
  [['2001:db8::/32'], '192.0.2.1', false],
  [['0.0.0.0/0'], '2001:db8::1', false],
  [['192.0.2.0/24'], '192.0.2.1:443', false],
  [['192.0.2.0/24'], '', false],
  [['no network'], '192.0.2.1', false],
])('of the networks %j a request from %j is: %s', (networks, address, isIn) => {
  expect(isFrom(networks, address)).toBe(isIn);
});

test.each([
  ['2026-12-31T00:00:00Z', null, 'in_force'],
  ['2026-12-30T00:00:00Z', null, 'ending'],
  ['2026-11-30T22:30:00.000000001Z', null, 'ending'],
  ['2026-11-30T22:30:00Z', null, 'expired'],
  ['2026-12-31T00:00:00Z', '2026-11-01T00:00:00Z', 'revoked'],
])('a token that ends at %s, revoked at %s, is %s', (end, revoked, state) => {
  const token = {
    expiresAt: Temporal.Instant.from(end),
    revokedAt: revoked === null ? null : Temporal.Instant.from(revoked),
  };
  expect(stateOf(token, now)).toBe(state);
  expect(isInForce(token, now)).toBe(state === 'in_force' || state === 'ending');
});

test.each([
  ['Bearer abc', 'abc'],
  ['bearer  abc ', 'abc'],
  ['Basic abc', null],
  ['Bearer', null],
  ['Bearer a b', null],
  [undefined, null],
])('the header %j carries %j', (header, token) => {
  expect(readBearer(header)).toBe(token);
});
