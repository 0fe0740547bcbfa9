import { describe, expect, test, vi } from 'vitest';
import { END } from './t140.ts';
import { createWriting } from './writing.ts';

const DESK = { side: 'agent', name: 'Taula 1' } as const;
const person = { ...DESK, seat: 's1', isIn: true, companion: null, offers: true };
const message = (text: string, id = text) => ({ ...DESK, id, text, isMine: false });

function writing() {
  const deps = { write: vi.fn(), say: vi.fn(), changed: vi.fn() };
  return { deps, ...createWriting(true, deps) };
}

describe('a line that somebody ended in real time', () => {
  test('is read until its message comes', () => {
    const { state, ended, take } = writing();
    ended({ person }, 'bon dia');
    expect([...state.ended.values()]).toEqual(['bon dia']);
    take(message('bon dia'));
    expect([...state.ended.values()]).toEqual([]);
  });

  test('whose message was here first is not read as if it were still typed', () => {
    const { state, ended, take } = writing();
    take(message('bon dia\n\tMaria'));
    ended({ person }, 'bon dia Maria ');
    expect([...state.ended.values()]).toEqual([]);
    ended({ person: { ...person, name: 'Taula 2' } }, 'bon dia Maria');
    ended({ person }, 'bona tarda');
    expect([...state.ended.values()]).toEqual(['bon dia Maria', 'bona tarda']);
  });

  test('is not read as being typed any more once they have gone', () => {
    const { state, ended, gone } = writing();
    ended({ person }, 'bon dia');
    ended({ person: { ...person, name: 'Taula 2' } }, 'bona tarda');
    gone({ person });
    expect([...state.ended.values()]).toEqual(['bona tarda']);
  });

  test('of nothing but spaces is none', () => {
    const { state, ended } = writing();
    ended({ person }, ' \u00a0');
    expect(state.ended.size).toBe(0);
  });
});

test('what is sent has gone out whole, and ended, before it is kept; the draft is empty', () => {
  const { deps, state, type, send } = writing();
  vi.stubGlobal('window', { setTimeout: () => 1 });
  type(' Visc aquí ');
  send();
  expect(deps.write.mock.calls).toEqual([[' Visc aquí '], [END]]);
  expect(deps.say).toHaveBeenCalledExactlyOnceWith(state.messages[0]?.id, 'Visc aquí');
  expect([state.draft, state.messages[0]?.state]).toEqual(['', 'sending']);
  send();
  expect(deps.say).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});
