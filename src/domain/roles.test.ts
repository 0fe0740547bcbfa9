import { describe, expect, test } from 'vitest';
import type { StaffRole } from '../lib/viewer.ts';
import {
  ABILITIES,
  CAN,
  can,
  isSamePost,
  ROLES,
  roleCan,
  rolesThatCan,
  strongestRole,
} from './roles.ts';

describe('roles', () => {
  test.each(['supervisor', '', 'constructor', '__proto__', 'Administrator'])(
    'the unknown role "%s" can do nothing',
    (role) => {
      expect(ABILITIES.filter((ability) => roleCan(role, ability))).toEqual([]);
      expect(ABILITIES.filter((ability) => can({ role: role as StaffRole }, ability))).toEqual([]);
    },
  );

  test('councillors see the month, and nothing else', () => {
    expect(ABILITIES.filter((ability) => CAN.councillor.has(ability))).toEqual(['see_month']);
    expect(strongestRole(['agent', 'councillor'])).toBe('agent');
  });

  test('agents have two abilities; each role after them has all of the one before and more', () => {
    expect([...CAN.agent]).toEqual(['open_console', 'serve_citizens']);
    expect(ROLES.slice(0, 2)).toEqual(['councillor', 'agent']);
    for (const [index, role] of ROLES.entries()) {
      const before = ROLES[index - 1];
      if (!before || before === 'councillor') continue;
      expect([...CAN[before]].filter((ability) => !CAN[role].has(ability))).toEqual([]);
      expect(CAN[role].size).toBeGreaterThan(CAN[before].size);
    }
  });

  test('only administrators manage people, webhooks, payments and the declaration', () => {
    const only = ABILITIES.filter((ability) => !CAN.coordinator.has(ability));
    expect(only).toEqual(['manage_people', 'manage_webhooks', 'manage_payments', 'administer']);
    expect(ABILITIES.filter((ability) => !CAN.administrator.has(ability))).toEqual([]);
  });

  test('coordinators and administrators decide cases, and agents don’t', () => {
    expect(rolesThatCan('decide_cases')).toEqual(['coordinator', 'administrator']);
  });

  test('the strongest of several roles counts, and an unknown role never counts', () => {
    expect(strongestRole(['agent', 'coordinator'])).toBe('coordinator');
    expect(strongestRole(['supervisor', 'agent'])).toBe('agent');
    expect(strongestRole(['supervisor'])).toBeNull();
  });

  test('a post is the same when role and desk are the same', () => {
    const post = { role: 'agent', desk: 4 };
    expect(isSamePost(post, { role: 'agent', desk: 4 })).toBe(true);
    expect(isSamePost(post, { role: 'agent', desk: 5 })).toBe(false);
    expect(isSamePost(post, { role: 'coordinator', desk: 4 })).toBe(false);
    expect(isSamePost(null, post)).toBe(false);
  });
});
