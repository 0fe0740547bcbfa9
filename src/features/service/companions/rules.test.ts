import { describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import { checkInvitation, LONGEST_NAME, mayInvite, standsFor } from './rules.ts';

describe('an invitation', () => {
  test('has a name on one line and says as what they come', () =>
    expect(checkInvitation({ name: '  Nur\n Haddad\u202e ', role: 'interpreter' })).toEqual({
      ok: true,
      invitation: { name: 'Nur Haddad', role: 'interpreter' },
    }));

  test.each([
    [{}, { name: 'missing', role: 'missing' }],
    [{ name: ' \u200b ', role: 'relative' }, { name: 'missing' }],
    [{ name: 'Pague en multas-ayto.cloud', role: 'relative' }, { name: 'has_link' }],
    [
      { name: 'x'.repeat(LONGEST_NAME + 1), role: 'king' },
      { name: 'too_long', role: 'not_known' },
    ],
  ])('that is %j says what is wrong', (typed, mistakes) =>
    expect(checkInvitation(typed)).toEqual({ ok: false, mistakes }),
  );
});

describe('for who comes along', () => {
  const nine = Temporal.Instant.from('2026-11-30T09:00:00Z');
  const standing = (time: string, more: Partial<Appointment> = {}) => {
    const end = nine.add({ minutes: 20 });
    const stood = {
      channel: 'video',
      status: 'booked',
      start: nine,
      end,
      displacedAt: null,
    } as const;
    const now = Temporal.Instant.from(`2026-11-30T${time}:00Z`);
    return [standsFor({ ...stood, ...more }, now), mayInvite({ ...stood, ...more }, now)];
  };

  test.each([
    ['08:00', {}, 'early', true],
    ['08:45', {}, 'open', true],
    ['09:10', { status: 'in_progress' }, 'open', true],
    ['09:30', { status: 'fulfilled' }, 'over', false],
    ['09:30', { status: 'noshow' }, 'over', false],
    ['15:00', {}, 'over', false],
    ['08:00', { status: 'cancelled' }, 'cancelled', false],
    ['08:00', { channel: 'phone' }, 'by_phone', false],
    ['09:30', { channel: 'phone', status: 'fulfilled' }, 'over', false],
    ['08:00', { displacedAt: nine }, 'displaced', true],
  ] as const)('at %s, %j, it is %s', (time, more, stands, mayBeInvited) =>
    expect(standing(time, more)).toEqual([stands, mayBeInvited]),
  );
});
