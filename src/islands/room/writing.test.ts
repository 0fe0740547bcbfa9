import { describe, expect, test, vi } from 'vitest';
import { END } from './t140.ts';
import { WritingCtrl } from './writing.ts';

const DESK = { side: 'agent', name: 'Taula 1' } as const;
const person = { ...DESK, seat: 's1', isIn: true, companion: null, offers: true };
const message = (text: string, id = text) => ({ ...DESK, id, text, isMine: false });

function writing(isLive = true) {
  const deps = { write: vi.fn(), say: vi.fn(), changed: vi.fn() };
  const ctrl = new WritingCtrl(isLive, deps);
  return { deps, ctrl, state: ctrl.state };
}

describe('a line that a person ended in real time', () => {
  test('is shown until its message arrives', () => {
    const { state, ctrl } = writing();
    ctrl.ended({ person }, 'bon dia');
    expect([...state.ended.values()]).toEqual(['bon dia']);
    ctrl.take(message('bon dia'));
    expect([...state.ended.values()]).toEqual([]);
  });

  test('whose message arrived first is not shown as if it were still typed', () => {
    const { state, ctrl } = writing();
    ctrl.take(message('bon dia\n\tMaria'));
    ctrl.ended({ person }, 'bon dia Maria ');
    expect([...state.ended.values()]).toEqual([]);
    ctrl.ended({ person: { ...person, name: 'Taula 2' } }, 'bon dia Maria');
    ctrl.ended({ person }, 'bona tarda');
    expect([...state.ended.values()]).toEqual(['bon dia Maria', 'bona tarda']);
  });

  test('is no longer shown as being typed once the writer has left', () => {
    const { state, ctrl } = writing();
    ctrl.ended({ person }, 'bon dia');
    ctrl.ended({ person: { ...person, name: 'Taula 2' } }, 'bona tarda');
    ctrl.gone({ person });
    expect([...state.ended.values()]).toEqual(['bona tarda']);
  });

  test('of spaces only is ignored', () => {
    const { state, ctrl } = writing();
    ctrl.ended({ person }, ' \u00a0');
    expect(state.ended.size).toBe(0);
  });
});

test('a draft stops the closing of the encounter once; a changed one, again', () => {
  const { ctrl, state } = writing(false);
  expect(ctrl.mayClose()).toBe(true);
  ctrl.type('El seu número és el 12');
  expect(ctrl.mayClose()).toBe(false);
  expect(state.unsent).toBe('El seu número és el 12');
  expect(ctrl.mayClose()).toBe(true);
  ctrl.type('El seu número és el 123');
  expect(state.unsent).toBe('');
  expect(ctrl.mayClose()).toBe(false);
  ctrl.send();
  const { id = '' } = state.messages[0] ?? {};
  expect(ctrl.mayClose()).toBe(false);
  ctrl.lost(id);
  ctrl.type('');
  expect(ctrl.mayClose()).toBe(false);
  ctrl.take({ ...message('El seu número és el 123', id), isMine: true });
  expect(ctrl.mayClose()).toBe(true);
});

test('a sent text has gone out whole, and ended, before it is stored; the draft is empty', () => {
  const { deps, state, ctrl } = writing();
  vi.stubGlobal('window', { setTimeout: () => 1 });
  ctrl.type(' Visc aquí ');
  ctrl.send();
  expect(deps.write.mock.calls).toEqual([[' Visc aquí '], [END]]);
  expect(deps.say).toHaveBeenCalledExactlyOnceWith(state.messages[0]?.id, 'Visc aquí');
  expect([state.draft, state.messages[0]?.state]).toEqual(['', 'sending']);
  ctrl.send();
  expect(deps.say).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});
