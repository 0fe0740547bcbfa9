import { expect, test } from 'vitest';
import { isLate, signatureStanding } from './rules.ts';
import type { Signature } from './types.ts';

type Each = Pick<Signature, 'state' | 'version' | 'failure'>;
const signed = (version: number): Each => ({ state: 'signed', version, failure: null });
const begun = (version: number): Each => ({ state: 'begun', version, failure: null });
const failed = (version: number, failure: Signature['failure'] = 'cancelled'): Each => ({
  state: 'failed',
  version,
  failure,
});

test.each([
  ['nothing was begun', [], 'none'],
  ['somebody is at the provider', [begun(3)], 'none'],
  ['nothing was signed', [failed(3)], 'failed'],
  ['what failed was other answers', [failed(2)], 'none'],
  ['answers were changed while it was signed', [failed(2, 'changed')], 'failed'],
  ['somebody goes to sign again after that', [begun(3), failed(2, 'changed')], 'none'],
  ['it is signed', [failed(3), signed(3)], 'signed'],
  ['the answers are other ones since', [signed(2)], 'void'],
  ['and it failed then', [failed(3), signed(2)], 'failed'],
] as const)('%s', (_, signatures, kind) => {
  expect(signatureStanding(signatures, 3).kind).toBe(kind);
});

test('half an hour is there to sign', () => {
  const begunAt = Temporal.Instant.from('2027-02-01T09:00:00Z');
  expect(isLate({ begunAt }, begunAt.add({ minutes: 30 }))).toBe(false);
  expect(isLate({ begunAt }, begunAt.add({ minutes: 31 }))).toBe(true);
});
