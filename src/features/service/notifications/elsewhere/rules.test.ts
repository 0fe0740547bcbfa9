import { describe, expect, test } from 'vitest';
import type { Notification } from '../types.ts';
import {
  canHandAgain,
  canTakeBack,
  isNews,
  MOST_DOCUMENT,
  partsOf,
  receiverOf,
  referenceOf,
  secondsUntilTry,
  shownSigner,
  whyHere,
} from './rules.ts';

const ROSA = {
  of: { scheme: 'dni', country: 'ES', identifier: '12345678Z' },
  name: { full: 'Rosa Soler Vidal', given: 'Rosa', family: 'Soler Vidal' },
} as const;
const applicant = { represents: null, email: 'rosa@example.cat', phone: null };
const to = { applicant, known: ROSA, bytes: 1000 };

describe('who can be notified at e-NOTUM', () => {
  test('a person with a DNI, a surname and an address', () => {
    expect(whyHere(to)).toBeNull();
    expect(
      whyHere({ ...to, applicant: { ...applicant, email: null, phone: '+34600000000' } }),
    ).toBe(null);
    expect(receiverOf(to)).toEqual({
      ...{ identifier: '12345678Z', name: 'Rosa Soler Vidal' },
      parts: { given: 'Rosa', first: 'Soler', second: 'Vidal' },
    });
  });

  test('an organisation by its NIF, and nobody by an authorisation', () => {
    const company = { ...applicant, represents: { identifier: 'B12345674', name: 'Bar Pi, SL' } };
    const nothing = { ...company, email: null };
    expect(whyHere({ ...to, applicant: nothing })).toBeNull();
    expect(receiverOf({ ...to, applicant: nothing })).toEqual({
      ...{ identifier: 'B12345674', name: 'Bar Pi, SL', parts: null },
    });
    const person = { ...applicant, represents: { identifier: '***4567**', name: 'Pere' } };
    expect(whyHere({ ...to, applicant: person })).toBe('represented');
  });

  test('nobody else, and it is said why', () => {
    const known = (more: object) => ({ ...to, known: { ...ROSA, ...more } });
    const passport = { scheme: 'passport', country: 'FR', identifier: '12345678Z' };
    expect(whyHere(known({ of: passport }))).toBe('identifier');
    expect(whyHere({ ...to, known: null })).toBe('identifier');
    expect(whyHere(known({ name: { ...ROSA.name, family: null } }))).toBe('name');
    expect(whyHere({ ...to, applicant: { ...applicant, email: null } })).toBe('address');
    expect(whyHere({ ...to, applicant: null })).toBe('address');
    expect(whyHere({ ...to, bytes: MOST_DOCUMENT + 1 })).toBe('size');
    expect(whyHere({ ...to, bytes: MOST_DOCUMENT })).toBeNull();
  });

  test.each([
    ['Soler Vidal', 'Soler', 'Vidal'],
    ['SOLER I VIDAL', 'SOLER', 'VIDAL'],
    ['de la Fuente García', 'de la Fuente', 'García'],
    ['García-Lorca de Ros', 'García-Lorca', 'de Ros'],
    ['Haddou', 'Haddou', ''],
    ['D’ Alòs Roca', 'D’ Alòs', 'Roca'],
  ])('the surnames %s are two', (family, first, second) => {
    expect(partsOf({ given: 'Rosa', family })).toEqual({ given: 'Rosa', first, second });
  });

  test('a surname of particles alone is none, and a name is needed', () => {
    expect(partsOf({ given: 'Rosa', family: 'de la' })).toBeNull();
    expect(partsOf({ given: ' ', family: 'Soler' })).toBeNull();
  });
});

describe('what is owed', () => {
  const on = { wasSent: false, random: 0 } as const;
  test('is tried with growing pauses, and what was sent is not looked for at once', () => {
    const away = (attempts: number) => secondsUntilTry(attempts, { ...on, reason: 'away' });
    expect([1, 2, 3, 20].map(away)).toEqual([60, 120, 240, 3600]);
    expect(secondsUntilTry(20, { ...on, reason: 'refused' })).toBe(21_600);
    expect(secondsUntilTry(1, { reason: 'away', wasSent: true, random: 0.9 })).toBe(600);
    expect(secondsUntilTry(2, { reason: 'away', wasSent: false, random: 1 })).toBe(90);
  });

  test('is taken back only where e-NOTUM refused it and can’t have it', () => {
    const now = Temporal.Instant.from('2026-12-01T10:00:00Z');
    const of = { via: 'enotum', state: 'available', stopped: null } as const;
    const owed = { failing: 'refused', number: null, sentAt: null, takenUntil: null } as const;
    expect(canTakeBack(of, owed, now)).toBe(true);
    for (const more of [
      { failing: 'away' },
      { failing: 'unclear' },
      { failing: null },
      { number: '1' },
      { sentAt: now },
      { takenUntil: now.add({ minutes: 1 }) },
    ] as const)
      expect(canTakeBack(of, { ...owed, ...more }, now)).toBe(false);
    expect(canTakeBack({ ...of, via: 'folder' }, owed, now)).toBe(false);
    expect(canTakeBack({ ...of, state: 'expired' }, owed, now)).toBe(false);
  });

  test('is taken back or handed over again where it was stopped there before it counted', () => {
    const now = Temporal.Instant.from('2026-12-01T10:00:00Z');
    const stopped = { state: 'failed', at: now } as const;
    const of = { via: 'enotum', state: 'available', stopped } as const;
    const owed = { failing: null, number: '1', sentAt: now, takenUntil: null, round: 1 } as const;
    const ways = (
      more: Partial<Notification>,
      its: Partial<typeof owed> | { round: number } = {},
    ) => [
      canTakeBack({ ...of, ...more }, { ...owed, ...its }, now),
      canHandAgain({ ...of, ...more }, { ...owed, ...its }),
    ];
    expect(ways({})).toEqual([true, true]);
    expect(ways({ stopped: null })).toEqual([false, false]);
    expect(ways({ state: 'accepted' })).toEqual([false, false]);
    expect(ways({ via: 'folder' })).toEqual([false, false]);
    expect(ways({}, { round: 9 })).toEqual([true, false]);
    expect(referenceOf('n', 1)).toBe('n');
    expect(referenceOf('n', 2)).toBe('n-2');
  });
});

test('what e-NOTUM tells is news once, and what settled it first stays', () => {
  const waits = { via: 'enotum', state: 'available', depositedAt: null, stopped: null } as const;
  const deposited = { ...waits, depositedAt: Temporal.Instant.from('2026-12-01T10:00:00Z') };
  expect(isNews(waits, { state: 'available' })).toBe(true);
  expect(isNews(deposited, { state: 'available' })).toBe(false);
  expect(isNews(deposited, { state: 'expired' })).toBe(true);
  expect(isNews(waits, { state: 'accepted' })).toBe(true);
  expect(isNews({ ...deposited, state: 'rejected' }, { state: 'accepted' })).toBe(false);
  // What came to the folder, or was handed over again, counts by what the person does there with the one before, and by nothing else.
  for (const [of, isPast] of [
    [{ ...waits, via: 'folder' }, false],
    [deposited, true],
  ] as const)
    for (const [state, isNew] of [
      ['accepted', true],
      ['rejected', true],
      ['expired', false],
      ['available', false],
      ['failed', false],
      ['cancelled', false],
    ] as const)
      expect(isNews(of, { state }, isPast)).toBe(isNew);
  expect(isNews({ ...waits, via: 'folder', state: 'expired' }, { state: 'accepted' })).toBe(false);
  const stopped = { state: 'failed', at: Temporal.Instant.from('2026-12-01T10:00:00Z') } as const;
  expect(isNews(deposited, { state: 'cancelled' })).toBe(true);
  expect(isNews({ ...deposited, stopped }, { state: 'cancelled' })).toBe(false);
  expect(isNews({ ...deposited, stopped }, { state: 'accepted' })).toBe(true);
  expect(isNews({ ...deposited, state: 'accepted' }, { state: 'cancelled' })).toBe(false);
});

test('who opened it is shown with a masked identifier', () => {
  expect(shownSigner({ name: 'ROSA', identifier: '12345678Z' }).identifier).toBe('***4567**');
  expect(shownSigner({ name: 'BAR', identifier: 'B12345674' }).identifier).toBe('B12345674');
  expect(shownSigner({ name: 'X', identifier: '' }).identifier).toBe('');
});
