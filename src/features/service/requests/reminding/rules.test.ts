import { describe, expect, it } from 'vitest';
import { type Colleague, officialsOf } from './rules.ts';

const named = (code: string) => ({ ca: code });
const TEAMS = [
  {
    code: 'brigada',
    name: named('b'),
    people: ['Nuria@example.cat', 'pere@example.cat'],
    procedures: [],
  },
  { code: 'buit', name: named('c'), people: ['fora@example.cat'], procedures: [] },
];
const NURIA = { staff: 1, email: 'nuria@example.cat', role: 'agent' };
const PERE = { staff: 2, email: 'pere@example.cat', role: 'agent' };
const CARME = { staff: 3, email: 'carme@example.cat', role: 'coordinator' };
const ADMIN = { staff: 4, email: 'admin@example.cat', role: 'administrator' };

const told = (
  waiting: Parameters<typeof officialsOf>[0],
  colleagues: readonly Colleague[] = [NURIA, PERE, CARME, ADMIN],
) => officialsOf(waiting, { teams: TEAMS, colleagues });

describe('of what waits is told', () => {
  it('whoever handles it, and nobody else', () => {
    expect(told([{ team: 'brigada', assignee: 1, why: 'late' }])).toEqual([
      { staff: 1, late: 1, asked: 0, call: 0 },
    ]);
  });

  it('else everybody of its team, whatever the case of the address, with all of theirs in one', () => {
    const waiting = [
      { team: 'brigada', assignee: null, why: 'late' },
      { team: 'brigada', assignee: null, why: 'asked' },
      { team: 'brigada', assignee: 2, why: 'late' },
    ] as const;
    expect(told(waiting)).toEqual([
      { staff: 1, late: 1, asked: 1, call: 0 },
      { staff: 2, late: 2, asked: 1, call: 0 },
    ]);
  });

  it.each([
    ['without a team', null],
    ['of a team of which nobody works here', 'buit'],
    ['of a team that is not declared any more', 'gone'],
  ])('whoever coordinates, %s', (_, team) => {
    expect(told([{ team, assignee: 99, why: 'late' }])).toEqual([
      { staff: 3, late: 1, asked: 0, call: 0 },
    ]);
  });

  it('nobody who only governs, though they are of the team or handled it before', () => {
    const mayor = { ...NURIA, role: 'councillor' };
    for (const assignee of [null, 1])
      expect(told([{ team: 'brigada', assignee, why: 'late' }], [mayor, CARME])).toEqual([
        { staff: 3, late: 1, asked: 0, call: 0 },
      ]);
  });

  it('an administrator, where nobody coordinates; and nobody where nobody works', () => {
    const waiting = [{ team: null, assignee: null, why: 'late' }] as const;
    expect(told(waiting, [NURIA, ADMIN]).map(({ staff }) => staff)).toEqual([4]);
    expect(told(waiting, [NURIA])).toEqual([]);
  });
});
