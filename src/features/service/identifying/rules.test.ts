import { describe, expect, test } from 'vitest';
import { askingOf, isSameName, shownByOf } from './rules.ts';

const NOW = Temporal.Instant.from('2026-12-01T09:00:00Z');
const ROSA = { full: 'Rosa Soler Vidal', given: 'Rosa', family: 'Soler Vidal' };

describe('a name that was typed', () => {
  test.each([
    ['Rosa Soler Vidal'],
    ['rosa soler'],
    ['Soler Vidal, Rosa'],
    ['ROSA  SOLÉR i VIDAL'],
    ['Rosa de Soler Vidal'],
  ])('is that of the identified person: %s', (typed) => {
    expect(isSameName(typed, ROSA)).toBe(true);
  });

  test.each([['Rosa'], ['Soler Vidal'], ['Jordi Soler Vidal'], ['Rosa Soler Pons'], ['']])(
    'is not: %s',
    (typed) => {
      expect(isSameName(typed, ROSA)).toBe(false);
    },
  );

  test('without its parts needs all words of the shorter one', () => {
    const whole = { full: 'MARIA DEL CARME PUIG', given: null, family: null };
    expect(isSameName('Maria Carme Puig', whole)).toBe(true);
    expect(isSameName('Carme Vila', whole)).toBe(false);
  });
});

describe('what shows that somebody is the citizen', () => {
  const appointment = { citizen: { name: 'Rosa Soler', email: null, phone: null } };
  const on = { appointment, events: [], name: ROSA, hasCode: false };
  const jordi = { full: 'Jordi Pons', given: 'Jordi', family: 'Pons' };

  test('is the name as it was booked', () => {
    expect(shownByOf(on)).toBe('name');
    expect(shownByOf({ ...on, name: jordi })).toBeNull();
  });

  test('is not a name that was changed since', () => {
    expect(shownByOf({ ...on, events: [{ kind: 'contact_changed' }] })).toBeNull();
  });

  test('is a one-time code in the same browser, whatever the name', () => {
    expect(shownByOf({ ...on, name: jordi, hasCode: true })).toBe('code');
  });
});

describe('the last request', () => {
  const at = (minutes: number) => NOW.subtract({ minutes });
  const asked = { kind: 'identity_asked', at: at(3), data: { level: 'high' } } as const;

  test('is open until somebody identifies, or says why not', () => {
    expect(askingOf([asked], NOW)).toMatchObject({ state: 'asked', level: 'high' });
    const failed = { kind: 'identity_failed', at: at(2), data: { reason: 'too_low' } } as const;
    expect(askingOf([asked, failed], NOW)).toMatchObject({ state: 'failed', reason: 'too_low' });
    const done = { kind: 'identified', at: at(1), data: {} } as const;
    expect(askingOf([asked, failed, done], NOW)).toMatchObject({ state: 'identified' });
    expect(askingOf([asked, failed, done, { ...asked, at: at(0) }], NOW)?.state).toBe('asked');
  });

  test('ends after twenty minutes', () => {
    expect(askingOf([{ ...asked, at: at(20) }], NOW)).toBeNull();
    expect(askingOf([], NOW)).toBeNull();
  });
});
