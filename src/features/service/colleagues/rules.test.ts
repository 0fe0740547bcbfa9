import { describe, expect, test } from 'vitest';
import type { RotaDesk } from '../../../domain/rota.ts';
import { ANSWER_MINUTES, inOrder, isColleague, matches, objectionTo, stateOf } from './rules.ts';
import type { Candidate, RequestState } from './types.ts';

const now = Temporal.Instant.from('2026-11-30T09:00:00Z');
const asked = { kind: 'join', answer: null, askedAt: now, endedAt: null } as const;
const later = now.add({ minutes: ANSWER_MINUTES });

describe('a request', () => {
  test('waits for its answer for some minutes, while the encounter goes on', () => {
    expect(stateOf(asked, 'in_progress', later.subtract({ milliseconds: 1 }))).toBe('asked');
    expect(stateOf(asked, 'in_progress', later)).toBe('lapsed');
    expect(stateOf(asked, 'fulfilled', now)).toBe('over');
  });

  test('is a place in the call from the yes until the encounter or the place ends', () => {
    const accepted = { ...asked, answer: 'accepted' } as const;
    expect(stateOf(accepted, 'in_progress', later)).toBe('in');
    expect(stateOf({ ...accepted, endedAt: now }, 'in_progress', now)).toBe('over');
    expect(stateOf(accepted, 'fulfilled', now)).toBe('over');
    expect(stateOf({ ...accepted, kind: 'hand_over' }, 'in_progress', now)).toBe('over');
  });

  test.each(['declined', 'withdrawn', 'lapsed'] as const)('stays %s', (answer) =>
    expect(stateOf({ ...asked, answer }, 'in_progress', later)).toBe(answer),
  );
});

describe('whether a colleague can be asked', () => {
  const desk: RotaDesk = {
    id: 2,
    code: 'taula-2',
    skills: ['padro'],
    languages: ['ca'],
    channels: ['video'],
    site: 'centre',
    shifts: [],
    absences: [],
  };
  const need = { procedure: 'padro', channel: 'video', language: 'ca', site: null } as const;
  const free = { state: 'available', desk } as const;

  test('into a call: whoever is there and in no other call, whatever they can do', () => {
    const other = { ...need, procedure: 'other', language: 'eu' } as const;
    expect(objectionTo('join', free, other, [])).toBeNull();
    expect(objectionTo('join', { state: 'wrap_up', desk }, need, [])).toBeNull();
    expect(objectionTo('join', { state: null, desk: null }, need, [])).toBeNull();
    for (const state of ['in_call', 'break', 'away'] as const)
      expect(objectionTo('join', { state, desk }, need, [])).toBe(state);
  });

  test('to have an encounter: a desk that is there and can serve it', () => {
    const why = (more: object) => objectionTo('hand_over', free, { ...need, ...more }, []);
    expect(why({})).toBeNull();
    expect(why({ procedure: 'other' })).toBe('skill');
    expect(why({ language: 'eu' })).toBe('language');
    expect(why({ channel: 'phone' })).toBe('channel');
    expect(why({ site: 'eres' })).toBe('site');
    expect(objectionTo('hand_over', { state: null, desk: null }, need, [])).toBe('away');
  });

  test('nobody twice at once; whoever is in this call may have it', () => {
    const inCall = { state: 'in_call', desk } as const;
    const why = (kind: 'join' | 'hand_over', ...earlier: RequestState[]) =>
      objectionTo(kind, inCall, need, earlier);
    expect(why('join', 'declined', 'asked')).toBe('asked');
    expect(why('join', 'in')).toBe('in');
    expect(why('hand_over', 'in')).toBeNull();
    expect(why('hand_over', 'over')).toBe('in_call');
  });

  test('people who serve nobody are not colleagues', () => {
    const known = [
      { role: 'agent', desk: 1 },
      { role: 'agent', desk: null },
      { role: 'coordinator', desk: null },
      { role: 'of another version', desk: 1 },
    ];
    expect(known.map(isColleague)).toEqual([true, false, true, false]);
  });
});

test('whoever is free now comes first, whoever can’t be asked last', () => {
  const candidate = (name: string, more: Partial<Candidate>): Candidate => ({
    name,
    staff: 1,
    role: 'agent',
    desk: 1,
    state: 'available',
    objection: null,
    ...more,
  });
  const all = [
    candidate('Away', { state: 'away', objection: 'away' }),
    candidate('Writing', { state: 'wrap_up' }),
    candidate('Zoe', {}),
    candidate('Coordinator', { state: null, desk: null }),
    candidate('Anna', {}),
  ];
  expect(inOrder(all).map((each) => each.name)).toEqual([
    'Anna',
    'Zoe',
    'Writing',
    'Coordinator',
    'Away',
  ]);
});

test('a search finds names and desks by the beginnings of their words, without accents', () => {
  const found = (search: string) => matches(search, ['Núria Roca', 'Taula 4']);
  expect([found('nuria'), found('roc tau'), found('4'), found('')]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect([found('oca'), found('nuria puig')]).toEqual([false, false]);
});
