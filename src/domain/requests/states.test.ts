import { describe, expect, it } from 'vitest';
import {
  isClosedRequest,
  needOf,
  OPEN_REQUEST_STATES,
  REQUEST_STATES,
  REQUEST_STEPS,
  type RequestActor,
  type RequestState,
  requestMoved,
  requestStepsOf,
} from './states.ts';

/** What each actor may do in each state, by hand. */
const TABLE: Record<RequestState, Partial<Record<RequestActor, string>>> = {
  received: { staff: 'plan begin ask answer refuse merge' },
  planned: { staff: 'begin ask answer refuse merge' },
  in_progress: { staff: 'ask answer refuse merge' },
  asked: { person: 'reply', staff: 'resume lapse answer refuse merge' },
  answered: { person: 'reopen', staff: 'reopen' },
  refused: { person: 'reopen', staff: 'reopen' },
  merged: { staff: 'separate' },
};

const moved = (step: (typeof REQUEST_STEPS)[number], state: RequestState, given = {}) =>
  requestMoved(step, { state, before: null }, 'staff', given);

describe('the states of a request', () => {
  it('allow each actor the steps of the table, and no others', () => {
    for (const state of REQUEST_STATES)
      for (const actor of ['person', 'staff', 'system'] as const) {
        const expected = TABLE[state][actor]?.split(' ') ?? [];
        expect([state, actor, requestStepsOf(state, actor)]).toEqual([state, actor, expected]);
        for (const step of REQUEST_STEPS) {
          const given = { ...{ answer: 'a', question: 'q', words: 'w' }, reason: 'r', target: 't' };
          const result = requestMoved(step, { state, before: null }, actor, given);
          expect([state, actor, step, result.ok]).toEqual([
            ...[state, actor, step],
            expected.includes(step),
          ]);
        }
      }
  });

  it('are open while something is to be done', () => {
    expect(OPEN_REQUEST_STATES).toEqual(['received', 'planned', 'in_progress', 'asked']);
    expect(REQUEST_STATES.filter(isClosedRequest)).toEqual(['answered', 'refused', 'merged']);
  });

  it('want what comes with a step: an answer, a reason, a question, the request that stays', () => {
    expect(moved('answer', 'received')).toEqual({ ok: false, reason: 'missing', need: 'answer' });
    expect(moved('answer', 'received', { answer: ' \n' })).toMatchObject({ need: 'answer' });
    expect(moved('refuse', 'received', { answer: 'x' })).toMatchObject({ need: 'reason' });
    expect(moved('ask', 'received')).toMatchObject({ need: 'question' });
    expect(moved('merge', 'received')).toMatchObject({ need: 'target' });
    expect(moved('reopen', 'answered')).toMatchObject({ need: 'words' });
    expect(moved('answer', 'received', { answer: 'Fet' })).toEqual({ ok: true, to: 'answered' });
    expect(needOf('begin')).toBeNull();
  });

  it('goes back to where it was after a question and after a merging taken back', () => {
    const from = (state: RequestState, before: RequestState | null) => ({ state, before });
    expect(requestMoved('reply', from('asked', 'planned'), 'person', { words: 'Sí' })).toEqual({
      ...{ ok: true, to: 'planned' },
    });
    expect(requestMoved('resume', from('asked', null), 'staff')).toEqual({
      ...{ ok: true, to: 'received' },
    });
    expect(requestMoved('separate', from('merged', 'in_progress'), 'staff')).toEqual({
      ...{ ok: true, to: 'in_progress' },
    });
    // A history that says otherwise never closes it by itself.
    expect(requestMoved('separate', from('merged', 'answered'), 'staff')).toEqual({
      ...{ ok: true, to: 'received' },
    });
  });

  it('comes back as new when it is reopened', () => {
    const standing = { state: 'answered', before: 'in_progress' } as const;
    expect(requestMoved('reopen', standing, 'person', { words: 'Torna a no anar' })).toEqual({
      ...{ ok: true, to: 'received' },
    });
  });
});
