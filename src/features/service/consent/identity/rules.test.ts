import { describe, expect, test } from 'vitest';
import type { Appointment } from '../../../../domain/appointment.ts';
import type { Standing } from '../../../booking/proof/types.ts';
import type { IdentificationOf } from '../../../foundation/identification/types.ts';
import type { MeansOn } from '../types.ts';
import { type IdentityFacts, identityWay, judgeIdentity, transactionHash } from './rules.ts';

const AT = Temporal.Instant.from('2026-11-30T09:00:00Z');
const HASH = transactionHash('ab'.repeat(32));
const NOBODY: Standing = { email: null, phone: null, copies: [] };
/** The official was given the link. */
const PRINTED: Standing = { ...NOBODY, copies: [{ by: 'staff:7', at: AT }] };

const ROSA: IdentificationOf = {
  ...({ id: 'i', person: 'p', provider: 'valid', kind: 'valid', method: 'idcatmobil' } as const),
  ...({ level: 'substantial', at: AT, purpose: 'act', represents: null } as const),
  of: { scheme: 'dni', country: 'ES', identifier: '12345678Z' },
  name: { full: 'Rosa Soler Vidal', given: 'Rosa', family: 'Soler Vidal' },
  transaction: { hash: HASH, isSigned: false },
};
const named = (full: string, given: string, family: string): IdentificationOf => ({
  ...ROSA,
  name: { full, given, family },
});

const proof = { browser: 'b', at: AT, channel: 'sms', masked: '078', setBy: 'citizen' } as const;
const withCode = (over: object = {}): MeansOn['viewer'] => ({
  kind: 'citizen',
  appointment: 'a',
  proof: { ...proof, ...over },
});

function judge(
  over: Partial<IdentityFacts> = {},
  on: Partial<Pick<MeansOn, 'viewer' | 'standing'>> & { booked?: string } = {},
) {
  const { booked = 'Rosa Soler', viewer, standing = NOBODY } = on;
  const means: MeansOn = {
    viewer: viewer ?? { kind: 'citizen', appointment: 'a' },
    appointment: { citizen: { name: booked } } as Appointment,
    act: { id: 'x', template: 'alta', heardAt: null, preparedBy: 'staff:7' },
    standing,
  };
  const judged = judgeIdentity(means, {
    ...({ of: ROSA, hash: HASH, level: 'substantial', events: [] } as const),
    official: { name: 'Núria Roca', nif: 'unknown' },
    ...over,
  });
  return judged.ok ? judged.shownBy : judged.reason;
}
const CHANGED = [{ kind: 'contact_changed' }] as const;

test('an identification for this act by somebody with the booked name is the consent', () => {
  expect(judge()).toBe('name');
  expect(judge({}, { standing: PRINTED })).toBe('name');
});

describe('an identification is none', () => {
  test.each(['session', 'erasure', 'appointment'] as const)('that was for %s', (purpose) => {
    expect(judge({ of: { ...ROSA, purpose } })).toBe('other_act');
  });

  test('that was for another act, or for this one before it changed', () => {
    expect(judge({ hash: transactionHash('cd'.repeat(32)) })).toBe('other_act');
    expect(judge({ of: { ...ROSA, transaction: null } })).toBe('other_act');
  });

  test('of a wallet that did not sign what it was for', () => {
    const wallet = { ...ROSA, kind: 'wallet' } as const;
    expect(judge({ of: wallet })).toBe('other_act');
    expect(judge({ of: { ...wallet, transaction: { hash: HASH, isSigned: true } } })).toBe('name');
  });

  test('of too low a level', () => {
    expect(judge({ level: 'high' })).toBe('too_low');
    expect(judge({ of: { ...ROSA, level: 'low' } })).toBe('too_low');
  });

  test('of another person who has the link', () => {
    expect(judge({ of: named('Jordi Pons Riba', 'Jordi', 'Pons Riba') })).toBe('not_shown');
  });

  test('by the name alone after the contact data were changed', () => {
    expect(judge({ events: CHANGED })).toBe('not_shown');
  });
});

describe('a code in the same browser', () => {
  test('shows the citizen after a change, unless the official could have got it', () => {
    expect(judge({ events: CHANGED }, { viewer: withCode() })).toBe('code');
    const printed = { viewer: withCode(), standing: PRINTED };
    expect(judge({ events: CHANGED }, printed)).toBe('not_independent');
    const own = withCode({ setBy: 'staff:7' });
    expect(judge({ events: CHANGED }, { viewer: own })).toBe('not_independent');
  });

  test('is not a session of an identified person', () => {
    const session = withCode({ channel: 'identity', setBy: 'person:p' });
    expect(judge({ events: CHANGED }, { viewer: session })).toBe('not_shown');
  });

  test('does not take the place of the name, which shows more', () => {
    expect(judge({}, { viewer: withCode(), standing: PRINTED })).toBe('name');
  });
});

describe('the official', () => {
  const nuria = named('Núria Roca Mas', 'Núria', 'Roca Mas');
  const judged = (official: IdentityFacts['official'], of: IdentificationOf = nuria) =>
    judge({ of, official }, { booked: 'Núria Roca' });

  test('consents to no act of their own, by their NIF or by their name', () => {
    expect(judged({ name: 'N. R.', nif: 'same' })).toBe('not_independent');
    expect(judged({ name: 'Núria Roca', nif: 'unknown' })).toBe('not_independent');
  });

  test('is not a citizen of the same name whose NIF is another', () => {
    expect(judged({ name: 'Núria Roca', nif: 'other' })).toBe('name');
  });

  test('is refused where neither name nor NIF tells them from the citizen', () => {
    const code = { viewer: withCode() };
    const one = (official: IdentityFacts['official'], of = ROSA) => judge({ of, official }, code);
    expect(one({ name: 'Núria', nif: 'unknown' })).toBe('not_independent');
    expect(one({ name: 'Núria', nif: 'other' })).toBe('name');
    expect(one({ name: 'Núria Roca', nif: 'unknown' })).toBe('name');
    const nameless = { ...ROSA, name: { full: '', given: null, family: null } };
    expect(one({ name: 'Núria Roca', nif: 'unknown' }, nameless)).toBe('not_independent');
    expect(one({ name: 'Núria Roca', nif: 'other' }, nameless)).toBe('code');
  });

  test('may have a passport too: another document than the NIF shows nothing', () => {
    const of = { scheme: 'passport', country: 'ES', identifier: 'A1' } as const;
    expect(judged({ name: 'Núria Roca', nif: 'other' }, { ...nuria, of })).toBe('not_independent');
  });
});

test('the page offers it where it can count', () => {
  const citizen = { kind: 'citizen', appointment: 'a' } as const;
  expect(identityWay([], citizen, false)).toBe('open');
  expect(identityWay(CHANGED, citizen, true)).toBe('needs_code');
  expect(identityWay(CHANGED, withCode(), true)).toBe('open');
  expect(identityWay(CHANGED, citizen, false)).toBe('not_independent');
  expect(identityWay(CHANGED, withCode(), false)).toBe('not_independent');
});
