import { describe, expect, test } from 'vitest';
import type { AppointmentEvent, Channel, Status } from '../appointments/types.ts';
import { mayTalk, roomStands, whoseCall } from './rules.ts';
import { readSignals } from './signals.ts';
import type { Side } from './types.ts';

const start = Temporal.Instant.from('2026-11-30T09:00:00Z');
const end = Temporal.Instant.from('2026-11-30T09:20:00Z');

const standsAt = (time: string, status: Status = 'booked', channel: Channel = 'video') =>
  roomStands({ channel, status, start, end }, Temporal.Instant.from(`2026-11-30T${time}:00Z`));

describe('the room', () => {
  test.each([
    ['08:29', 'early'],
    ['08:30', 'open'],
    ['09:00', 'open'],
    ['11:19', 'open'],
    ['11:20', 'over'],
  ])('of who waits, at %s: %s', (time, stands) => expect(standsAt(time)).toBe(stands));

  test('of a call that goes on is open, whatever the hour', () => {
    expect(standsAt('08:00', 'in_progress')).toBe('open');
    expect(standsAt('15:00', 'in_progress')).toBe('open');
  });

  test.each(['fulfilled', 'noshow', 'cancelled'] as const)('is no more once it is %s', (status) =>
    expect(standsAt('09:00', status)).toBe('over'),
  );

  test('is none for a telephone call', () => {
    expect(standsAt('09:00', 'booked', 'phone')).toBe('over');
  });
});

describe('the call of staff', () => {
  const [marta, pau] = ['staff:1', 'staff:2'];
  const did = (...all: [actor: string, kind: AppointmentEvent['kind']][]) =>
    all.map(([actor, kind]) => ({ actor, kind }));

  test('is whoever’s began the attention or took it over, and nobody’s before', () => {
    const begun = did(['citizen', 'arrived'], [marta, 'started']);
    expect(whoseCall(begun)).toBe(marta);
    expect(whoseCall([...begun, ...did([pau, 'taken_over'])])).toBe(pau);
    expect(whoseCall(did(['citizen', 'arrived']))).toBeNull();
  });

  test('is open to them, and to who wrote in it last', () => {
    const begun = did([marta, 'started']);
    expect([mayTalk(begun, marta), mayTalk(begun, pau)]).toEqual([true, false]);
    const written = [...begun, ...did([pau, 'saved'])];
    expect([mayTalk(written, marta), mayTalk(written, pau)]).toEqual([true, true]);
    expect(mayTalk([...written, ...did([pau, 'taken_over'])], marta)).toBe(false);
    expect(mayTalk([], marta)).toBe(false);
  });
});

describe('what a page in the room sends', () => {
  const from =
    (side: Side) =>
    (...signals: unknown[]) =>
      readSignals(JSON.stringify(signals), side);
  const read = from('agent');
  const offer = { type: 'offer', call: 'a1', sdp: 'v=0' };
  const candidate = { type: 'candidate', call: 'a1', candidate: 'candidate:1', mid: '0', line: 0 };

  test('is read', () => {
    const answer = { type: 'answer', call: 'a1', sdp: 'v=0' };
    const need = { type: 'need', call: 'a1', what: 'restart' };
    const media = { type: 'media', camera: true, microphone: false };
    const citizen = from('citizen');
    expect(read(offer, candidate, media)).toEqual([offer, candidate, media]);
    expect(citizen(answer, candidate, need, media)).toEqual([answer, candidate, need, media]);
    // What the other side alone sends.
    expect(citizen(candidate, offer)).toBeNull();
    expect(read(answer)).toBeNull();
    expect(read(need)).toBeNull();
  });

  test.each([
    ['nothing', []],
    ['what is no signal', [{ type: 'evil' }]],
    ['more than it says', [{ ...candidate, html: '<b>' }]],
    ['a name of a call that is none', [{ ...candidate, call: '../x' }]],
    ['a long address', [{ ...candidate, candidate: 'x'.repeat(1_001) }]],
    ['a long description', [{ type: 'offer', call: 'a', sdp: 'x'.repeat(20_001) }]],
    ['a sign that no database keeps', [{ ...offer, sdp: 'v=0\0' }]],
    ['half a sign', [{ ...candidate, candidate: '\ud800' }]],
    ['too many', Array.from({ length: 51 }, () => candidate)],
  ])('%s is refused', (_, signals) => expect(read(...signals)).toBeNull());

  test('what is no JSON, or no list, is refused', () => {
    expect(readSignals('{', 'agent')).toBeNull();
    expect(readSignals('{"type":"media"}', 'agent')).toBeNull();
    expect(readSignals(`[${' '.repeat(40_001)}]`, 'agent')).toBeNull();
  });
});
