import { expect, test } from 'vitest';
import type { EventKind } from '../../../domain/appointment.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import {
  endsAt,
  isEarly,
  type Steps,
  statusBefore,
  stopsAt,
  type Tries,
  triesSince,
  undoOf,
} from './ending.ts';

const at = (time: string) => Temporal.Instant.from(`2026-11-30T${time}+01:00`);
const POLICY = { max: 3, windowMinutes: 30, spacingMinutes: 10 };
const START = at('09:00:00');

test.each([
  ['calls are left', 2, '09:20:00', null],
  ['the window is still open', 3, '09:20:00', '09:30:00'],
  ['the last call was made after the window', 3, '09:41:00', '09:41:30'],
  ['the last call was made as the window ends', 3, '09:29:50', '09:30:20'],
])('an appointment whose calls failed ends as missed: %s', (_, failed, last, expected) => {
  const ends = endsAt(START, { failed, lastAt: at(last) }, POLICY);
  expect(ends).toEqual(expected && at(expected));
});

const tries = (failed: number, last: string, more: Partial<Tries> = {}): Tries => ({
  failed,
  lastAt: at(last),
  lastOutcome: 'no_answer',
  ...more,
});

test.each<[string, Tries, string | null]>([
  ['nobody has called', { failed: 0, lastAt: null }, null],
  ['one call at its hour', tries(1, '09:00:00'), '09:30:00'],
  ['two calls', tries(2, '09:10:00'), '09:30:00'],
  ['a second call can still be made in time', tries(1, '09:24:00'), '09:39:00'],
  ['a late desk that calls as often as promised', tries(2, '09:35:00'), '09:50:00'],
  ['all calls were made', tries(3, '09:20:00'), '09:30:00'],
  ['the last call was taken back', tries(1, '09:00:00', { undoneAt: at('09:29:00') }), '09:34:00'],
  [
    'there is no number to call, and the agent may end it first',
    tries(1, '09:00:00', { lastOutcome: 'wrong_number', lacksNumber: true }),
    '09:35:00',
  ],
])('an appointment whose calls stopped early ends as missed: %s', (_, done, expected) => {
  expect(stopsAt(START, done, POLICY)).toEqual(expected && at(expected));
});

test('calls at an earlier hour, and to a number that was another person’s, are none at this one', () => {
  const attempts = [
    { at: at('08:55:00'), outcome: 'no_answer' },
    { at: at('09:01:00'), outcome: 'wrong_number' },
  ] as const;
  const moved = [{ kind: 'moved', at: at('08:58:00') }] as const;
  expect(triesSince(attempts, [], true)).toEqual({
    ...{ failed: 2, lastAt: at('09:01:00'), undoneAt: null },
    ...{ lastOutcome: 'wrong_number', lacksNumber: true },
  });
  expect(triesSince(attempts, [], false)).toMatchObject({ failed: 1, lastAt: at('08:55:00') });
  expect(triesSince(attempts, moved, false)).toMatchObject({ failed: 0, lastAt: null });
});

test.each([
  ['no_answer', '09:10:00', '09:09:00', true],
  ['no_answer', '09:10:00', '09:09:01', false],
  ['busy', '09:10:00', '09:10:00', false],
  ['answered', '09:10:00', '08:00:00', false],
] as const)('%s, due at %s and noted at %s, is early: %s', (outcome, due, now, expected) => {
  expect(isEarly(outcome, at(due), at(now))).toBe(expected);
});

const viewer = (staff: number): StaffViewer => ({
  ...{ kind: 'staff', staff, name: 'Marta', office: 1 },
  ...{ role: 'agent', desk: 1 },
});

const NOTHING: Steps = {
  status: 'booked',
  attempts: [],
  encounter: null,
  hasMet: false,
  endsAt: null,
  givenUp: null,
  cancelled: null,
};
const call = (outcome: 'busy' | 'wrong_number' | 'answered') => ({
  at: at('09:01:00'),
  outcome,
  actor: 'staff:1',
});
const begun = { startedAt: at('09:01:00'), version: 1, ticks: [], actor: 'staff:1' };
const attended: Steps = { ...NOTHING, status: 'in_progress', encounter: begun };

test.each<[string, Steps, string | null, string | null]>([
  ['nothing was done', NOTHING, null, null],
  ['a call failed', { ...NOTHING, attempts: [call('busy')] }, 'attempt', '09:03:00'],
  [
    'of a wrong number the citizen is told',
    { ...NOTHING, attempts: [call('wrong_number')] },
    'attempt',
    '09:01:30',
  ],
  [
    'the last call failed',
    { ...NOTHING, attempts: [call('busy')], endsAt: at('09:30:00') },
    'attempt',
    '09:30:00',
  ],
  [
    'who waits in the room was called',
    { ...NOTHING, status: 'arrived', attempts: [call('busy')] },
    'attempt',
    '09:03:00',
  ],
  ['the encounter has begun', attended, 'begin', '09:03:00'],
  ['something was written', { ...attended, encounter: { ...begun, version: 2 } }, null, null],
  [
    'something was ticked',
    {
      ...attended,
      encounter: { ...begun, ticks: [{ point: 'a/b/c', at: START, actor: '', who: null }] },
    },
    null,
    null,
  ],
  ['the two have met', { ...attended, hasMet: true }, null, null],
  [
    'staff gave up',
    { ...NOTHING, status: 'noshow', givenUp: { at: at('09:40:00'), actor: 'staff:1' } },
    'given_up',
    '09:40:30',
  ],
  [
    'staff cancelled it',
    { ...NOTHING, status: 'cancelled', cancelled: { at: at('09:00:50'), actor: 'staff:1' } },
    'cancelled',
    '09:01:20',
  ],
  ['the citizen cancelled it', { ...NOTHING, status: 'cancelled' }, null, null],
  ['it ended by itself', { ...NOTHING, status: 'noshow' }, null, null],
  ['it is over', { ...attended, status: 'fulfilled' }, null, null],
])('what can be taken back when %s', (_, steps, step, until) => {
  const undo = undoOf(steps, viewer(1), at('09:01:00'));
  expect(undo).toEqual(step && { step, until: at(until ?? '') });
  if (until) expect(undoOf(steps, viewer(1), at(until))).toBeNull();
});

test('a step is taken back by whoever did it, or by a coordinator', () => {
  const steps = { ...NOTHING, attempts: [call('busy')] };
  const undo = { step: 'attempt', until: at('09:03:00') };
  expect(undoOf(steps, viewer(2), at('09:01:00'))).toBeNull();
  expect(undoOf(steps, { ...viewer(2), role: 'coordinator' }, at('09:01:00'))).toEqual(undo);
});

test.each<[EventKind[], string]>([
  [['booked'], 'booked'],
  [['booked', 'arrived'], 'arrived'],
  [['booked', 'arrived', 'left', 'attempt'], 'booked'],
  [['booked', 'attempt', 'noshow', 'surveyed'], 'noshow'],
  [['booked', 'arrived', 'moved'], 'booked'],
  [['booked', 'started', 'arrived'], 'arrived'],
  [['booked', 'arrived', 'cancelled'], 'arrived'],
  [[], 'booked'],
])('before an encounter with the events %s the appointment was %s', (kinds, status) => {
  expect(statusBefore(kinds)).toBe(status);
});
