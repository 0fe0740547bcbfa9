import { describe, expect, test } from 'vitest';
import { ROLES } from '../../../domain/roles.ts';
import {
  invitationMistakes,
  isLastAdministrator,
  mayLookAtPeople,
  mayManagePeople,
  postKey,
  postOf,
  rolesOf,
  stateOf,
} from './rules.ts';

const viewer = { kind: 'staff', staff: 1, name: '', office: 1, desk: null } as const;

test('a councillor and an agent see nobody, a coordinator looks, an administrator decides', () => {
  const may = (which: typeof mayLookAtPeople) => ROLES.filter((role) => which({ ...viewer, role }));
  expect(may(mayLookAtPeople)).toEqual(['coordinator', 'administrator']);
  expect(may(mayManagePeople)).toEqual(['administrator']);
});

test('a post is kept as roles and read from them: who coordinates at a desk has two', () => {
  expect(rolesOf({ role: 'coordinator', desk: 7 })).toEqual([
    { role: 'coordinator', desk: null },
    { role: 'agent', desk: 7 },
  ]);
  expect(rolesOf({ role: 'councillor', desk: 7 })).toEqual([{ role: 'councillor', desk: null }]);
  for (const role of ROLES.filter((each) => each !== 'councillor')) {
    for (const desk of [null, 7]) expect(postOf(rolesOf({ role, desk }))).toEqual({ role, desk });
  }
  expect(postOf([])).toBeNull();
  expect(postKey({ role: 'agent', desk: 7 })).not.toBe(postKey({ role: 'agent', desk: null }));
});

test('the last administrator who can sign in stays one', () => {
  const post = { role: 'administrator', desk: null } as const;
  const agent = { role: 'agent', desk: null } as const;
  const one = { state: 'ready', post } as const;
  expect(isLastAdministrator(one, null, 0)).toBe(true);
  expect(isLastAdministrator(one, agent, 0)).toBe(true);
  expect(isLastAdministrator(one, { ...post, desk: 7 }, 0)).toBe(false);
  expect(isLastAdministrator(one, null, 1)).toBe(false);
  expect(isLastAdministrator({ ...one, state: 'invited' }, null, 0)).toBe(false);
  expect(isLastAdministrator({ ...one, post: agent }, null, 0)).toBe(false);
});

describe('an invitation', () => {
  const good = { email: 'anna@vilaprova.example', name: 'Anna Puig', role: 'agent', desk: '7' };

  test.each([
    [{}, {}],
    [{ desk: '' }, {}],
    [{ email: '  ' }, { email: 'missing' }],
    [{ email: 'anna@vilaprova' }, { email: 'not_email' }],
    [{ email: 'İnna@vilaprova.example' }, { email: 'not_email' }],
    [{ email: "o'neill+x@vila-prova.example" }, {}],
    [{ email: 'anna@a.example, b@b.example' }, { email: 'not_email' }],
    [{ email: `${'a'.repeat(250)}@a.example` }, { email: 'too_long' }],
    [{ name: '' }, { name: 'missing' }],
    [{ name: 'a'.repeat(121) }, { name: 'too_long' }],
    [{ name: 'Anna Puig multas-ayto.cloud' }, { name: 'has_link' }],
    [{ role: 'operator' }, { role: 'missing' }],
    [{ desk: '8' }, { desk: 'not_known' }],
    [{ desk: 'x' }, { desk: 'not_known' }],
  ])('%o: %o', (typed, mistakes) => {
    expect(invitationMistakes({ ...good, ...typed }, [7])).toEqual(mistakes);
  });
});

test('how far somebody has come', () => {
  const now = Temporal.Instant.from('2026-12-01T09:00:00Z');
  const person = { isRetired: false, hasAccount: false, invitedUntil: null };
  expect(stateOf(person, now)).toBe('waiting');
  expect(stateOf({ ...person, invitedUntil: now.add({ seconds: 1 }) }, now)).toBe('invited');
  expect(stateOf({ ...person, invitedUntil: now }, now)).toBe('expired');
  expect(stateOf({ ...person, hasAccount: true, invitedUntil: now }, now)).toBe('ready');
  expect(stateOf({ ...person, hasAccount: true, isRetired: true }, now)).toBe('retired');
});
