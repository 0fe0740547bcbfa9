import { describe, expect, test } from 'vitest';
import { nifIn } from '../../../domain/identity.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import {
  canAuthorise,
  checkTyped,
  decisionRefusal,
  lastDayOf,
  obstacleTo,
  stateAt,
} from './rules.ts';
import type { Acting, Typed } from './types.ts';

const TODAY = Temporal.PlainDate.from('2026-12-01');
const RIGHT: Typed = {
  name: 'Pere Soler',
  identifier: '00000000t',
  until: '2027-12-01',
  scope: 'all',
  procedures: [],
  opens: false,
  appointment: '',
};
const check = (change: Partial<Typed>) =>
  checkTyped(
    { ...RIGHT, ...change },
    {
      self: nifIn('12345678Z')!,
      today: TODAY,
      timeZone: 'Europe/Madrid',
      procedures: ['padro', 'taxes'],
    },
  );

describe('an authorisation that is typed', () => {
  test('is for a person with the right letter, until the end of a day in the town', () => {
    expect(check({})).toEqual({
      ok: true,
      checked: {
        other: { name: 'Pere Soler', identifier: '00000000T' },
        endsAt: Temporal.Instant.from('2027-12-01T23:00:00Z'),
        procedures: [],
        opens: false,
      },
    });
  });

  test('is for some procedures of the office, in its order', () => {
    const found = check({ scope: 'some', procedures: ['taxes', 'padro', 'unknown'] });
    expect(found.ok && found.checked.procedures).toEqual(['padro', 'taxes']);
    const all = check({ scope: 'all', procedures: ['taxes'] });
    expect(all.ok && all.checked.procedures).toEqual([]);
  });

  test.each([
    [{ identifier: '00000000A' }, { identifier: 'wrong' }],
    [{ identifier: '' }, { identifier: 'missing' }],
    [{ identifier: '12.345.678-z' }, { identifier: 'self' }],
    [{ name: '' }, { name: 'missing' }],
    [{ name: 'Pere' }, { name: 'wrong' }],
    [{ name: `Pere ${'a'.repeat(120)}` }, { name: 'wrong' }],
    [{ until: '' }, { until: 'missing' }],
    [{ until: '2026-11-30' }, { until: 'wrong' }],
    [{ until: '2031-12-02' }, { until: 'wrong' }],
    [{ until: '2027-02-30' }, { until: 'wrong' }],
    [{ scope: '' }, { scope: 'missing' }],
    [{ scope: 'some' }, { procedures: 'missing' }],
    [{ scope: 'some', procedures: ['unknown'] }, { procedures: 'missing' }],
  ])('with %o is not taken', (change, mistakes) => {
    expect(check(change)).toEqual({ ok: false, mistakes });
  });

  test('lasts from today to five years', () => {
    expect(check({ until: '2026-12-01' }).ok).toBe(true);
    expect(check({ until: '2031-12-01' }).ok).toBe(true);
  });
});

const at = (text: string) => Temporal.Instant.from(text);

test('an authorisation stands as it was decided, until the end of its last day', () => {
  const endsAt = at('2026-12-01T23:00:00Z');
  const stands = (state: string, now: string) => stateAt({ state, endsAt }, at(now));
  expect(stands('asked', '2026-12-01T22:59:59Z')).toBe('asked');
  expect(stands('accepted', '2026-12-01T22:59:59Z')).toBe('valid');
  expect(stands('accepted', '2026-12-01T23:00:00Z')).toBe('over');
  expect(stands('asked', '2026-12-01T23:00:00Z')).toBe('over');
  expect(stands('refused', '2026-12-01T09:00:00Z')).toBe('refused');
  expect(stands('ended', '2026-12-01T09:00:00Z')).toBe('ended');
  const day = lastDayOf({ endsAt }).toZonedDateTimeISO('Europe/Madrid').toPlainDate();
  expect(day.toString()).toBe('2026-12-01');
});

test('the signed document was handed over by the citizen, and checked', () => {
  const of = { kind: 'inbox', state: 'clean', destroyedAt: null } as const;
  expect(canAuthorise(of)).toBe(true);
  expect(canAuthorise({ ...of, kind: 'outbox' })).toBe(false);
  expect(canAuthorise({ ...of, state: 'checking' })).toBe(false);
  expect(canAuthorise({ ...of, destroyedAt: at('2026-12-01T09:00:00Z') })).toBe(false);
});

describe('what is booked for somebody else', () => {
  const acting: Acting = {
    id: 'a',
    name: 'Pere Soler',
    office: 1,
    procedures: ['padro'],
    opens: false,
    isValid: true,
    endsAt: at('2026-12-10T23:00:00Z'),
  };
  const on = (codes: string[], more: object = {}) => ({
    office: 1,
    bundle: { parts: codes.map((code) => ({ code })), onBehalf: true, ...more },
    start: at('2026-12-02T09:00:00Z'),
  });

  test('is what the authorisation is for, while it lasts', () => {
    expect(obstacleTo(acting, on(['padro']))).toBeNull();
    expect(obstacleTo({ ...acting, procedures: [] }, on(['padro', 'taxes']))).toBeNull();
  });

  test.each([
    ['over', { isValid: false }, on(['padro'])],
    ['over', { endsAt: null }, on(['padro'])],
    ['office', { office: 2 }, on(['padro'])],
    ['procedure', {}, on(['padro', 'taxes'])],
    ['on_behalf', {}, on(['padro'], { onBehalf: false })],
    ['later', {}, { ...on(['padro']), start: at('2026-12-10T23:00:00Z') }],
  ] as const)('else it is not: %s', (why, change, what) => {
    expect(obstacleTo({ ...acting, ...change }, what)).toBe(why);
  });
});

describe('an official decides', () => {
  const viewer = { kind: 'staff', staff: 7, name: '', office: 1, desk: null } as const;
  const as = (role: StaffViewer['role']): StaffViewer => ({ ...viewer, role });
  const nobody = { holder: null, isOwn: false };

  test('with the ability, on what is not their own, and not where they attend', () => {
    expect(decisionRefusal(as('coordinator'), nobody)).toBeNull();
    expect(decisionRefusal(as('administrator'), { ...nobody, holder: 'staff:8' })).toBeNull();
    expect(decisionRefusal(as('agent'), nobody)).toBe('no_right');
    expect(decisionRefusal(as('coordinator'), { ...nobody, isOwn: true })).toBe('own');
    expect(decisionRefusal(as('coordinator'), { ...nobody, holder: 'staff:7' })).toBe('attending');
  });
});
