import { describe, expect, test } from 'vitest';
import type { AppointmentEvent, EventKind, Status } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import {
  askedAct,
  isPanelPage,
  type Joining,
  mayTalk,
  offersTo,
  type RoomFound,
  roomStands,
  type Seated,
  stateOf,
  whoseCall,
} from './rules.ts';
import { readMessage, readSignals } from './signals.ts';
import type { Party, Seat } from './types.ts';

const start = Temporal.Instant.from('2026-11-30T09:00:00Z');
const end = Temporal.Instant.from('2026-11-30T09:20:00Z');

const standsAt = (time: string, status: Status = 'booked', channel: Channel = 'video') =>
  roomStands({ channel, status, start, end }, Temporal.Instant.from(`2026-11-30T${time}:00Z`));

test('the act that is asked about is the last that was prepared and is not settled', () => {
  const said = (...events: [kind: EventKind, act: string][]) =>
    askedAct(events.map(([kind, act]) => ({ kind, data: { act } })));
  expect(said()).toBeNull();
  expect(said(['act_prepared', 'a'])).toBe('a');
  expect(said(['act_prepared', 'a'], ['act_prepared', 'b'])).toBe('b');
  expect(said(['act_prepared', 'a'], ['act_prepared', 'b'], ['act_consented', 'b'])).toBe('a');
  for (const kind of ['act_consented', 'act_declined', 'act_withdrawn', 'act_expired'] as const)
    expect(said(['act_prepared', 'a'], [kind, 'a'])).toBeNull();
});

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

  test('is whoever’s began the encounter or took it over, and nobody’s before', () => {
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

const agent: Party = { side: 'agent', companion: null, colleague: null };
const citizen: Party = { side: 'citizen', companion: null, colleague: null };
const aunt: Party = { side: 'companion', companion: 'a', colleague: null };
const brother: Party = { side: 'companion', companion: 'b', colleague: null };
const pere: Party = { side: 'colleague', companion: null, colleague: 'p' };

test('of each pair one offers, and always the same', () => {
  const order = [agent, citizen, aunt, brother, pere];
  order.forEach((one, at) => {
    order.forEach((other, where) => {
      if (at !== where) expect(offersTo(one, other)).toBe(at < where);
    });
  });
});

describe('how a room stands for a page in it', () => {
  const now = Temporal.Instant.from('2026-11-30T09:00:00Z');
  const seated = (party: Party, more: Partial<Seated> = {}): Seated => ({
    ...party,
    id: party.companion ?? party.side,
    name: party.side,
    staff: party.side === 'agent' ? 7 : null,
    admittedAt: null,
    isRevoked: false,
    ...more,
  });
  const seat = (party: Party): Seat => ({
    ...party,
    id: party.companion ?? party.side,
    office: 1,
    appointment: 'x',
    staff: party.side === 'agent' ? 7 : null,
  });
  const room = (status: Status, ...seats: Seated[]) => ({
    ...({ channel: 'video', status, start, end, seats, byPhone: null } as const),
    ...{ still: null, identity: null, act: null, form: null, papers: 0 },
    names: { agent: 'Taula 1', citizen: 'Rosa' },
    colleagues: [] as Joining[],
    handed: null as RoomFound['handed'],
  });
  const sees = (party: Party, found: ReturnType<typeof room>) => {
    const { phase, people } = stateOf(seat(party), found, now);
    return [phase, ...people.map((each) => `${each.seat} ${each.isIn ? 'in' : 'outside'}`)];
  };

  test('before the encounter begins everybody waits, and is told of nobody', () => {
    const waiting = room('arrived', seated(citizen), seated(aunt));
    expect(sees(citizen, waiting)).toEqual(['waiting']);
    expect(sees(aunt, waiting)).toEqual(['waiting']);
  });

  test('who comes along is in once they are let in; only whoever attends is told that they wait', () => {
    const all = [seated(agent), seated(citizen), seated(aunt, { admittedAt: now })];
    const begun = room('in_progress', ...all, seated(brother));
    expect(sees(agent, begun)).toEqual(['admitted', 'citizen in', 'a in', 'b outside']);
    expect(sees(citizen, begun)).toEqual(['admitted', 'agent in', 'a in']);
    expect(sees(aunt, begun)).toEqual(['admitted', 'agent in', 'citizen in']);
    expect(sees(brother, begun)).toEqual(['waiting']);
  });

  test('who was let in before is in again only while the call goes on', () => {
    const early = room('arrived', seated(aunt, { admittedAt: now }));
    expect(sees(aunt, early)).toEqual(['waiting']);
  });

  test('whose link was taken back is out, and nobody is told of them', () => {
    const out = seated(aunt, { admittedAt: now, isRevoked: true });
    const begun = room('in_progress', seated(agent), seated(citizen), out);
    expect(sees(aunt, begun)).toEqual(['over']);
    expect(sees(agent, begun)).toEqual(['admitted', 'citizen in']);
  });

  test('a colleague is named from their yes on, and is in the call like everybody else', () => {
    const begun = room('in_progress', seated(agent), seated(citizen));
    const coming = { ...begun, colleagues: [{ id: 'p', name: 'Pere' }] };
    const named = (party: Party, found: RoomFound) => stateOf(seat(party), found, now).coming;
    expect([named(citizen, coming), named(agent, coming)]).toEqual([['Pere'], ['Pere']]);
    const seats = [...begun.seats, seated(pere, { admittedAt: now, staff: 9 })];
    const there = { ...coming, seats };
    expect(named(citizen, there)).toEqual([]);
    expect(sees(citizen, there)).toEqual(['admitted', 'agent in', 'colleague in']);
    expect(sees(pere, there)).toEqual(['admitted', 'agent in', 'citizen in']);
    const identity = { state: 'asked', level: 'high' } as const;
    const asked = { ...there, still: 'asked', identity, act: 'a', papers: 2 } as const;
    const own = { still: null, identity: null, act: null, form: null, papers: 0 };
    expect(stateOf(seat(pere), asked, now)).toMatchObject(own);
    expect(stateOf(seat(agent), asked, now)).toMatchObject({ ...own, still: 'asked', identity });
    expect(stateOf(seat(citizen), asked, now)).toMatchObject({ act: 'a', papers: 2 });
  });

  test('a colleague whose place has ended is out at once', () => {
    const out = seated(pere, { admittedAt: now, isRevoked: true });
    const begun = room('in_progress', seated(agent), seated(citizen), out);
    expect(sees(pere, begun)).toEqual(['over']);
    expect(sees(citizen, begun)).toEqual(['admitted', 'agent in']);
  });

  test('after a hand-over everybody reads for some minutes who has it, and the agent before is told apart', () => {
    const next = seated(agent, { id: 'next', staff: 9 });
    const handed = { from: 'Núria', to: 'Pere', at: now.subtract({ minutes: 1 }) };
    const begun = { ...room('in_progress', seated(citizen), next), handed };
    expect(stateOf(seat(citizen), begun, now).handed).toEqual({ from: 'Núria', to: 'Pere' });
    expect(stateOf(seat(citizen), begun, now.add({ minutes: 2 })).handed).toBeNull();
    expect(sees(agent, begun)).toEqual(['handed']);
    const again = seated(agent, { id: 'next' });
    expect(sees(agent, room('in_progress', seated(citizen), again))).toEqual(['taken']);
  });

  test('whose seat another page has is told so; a room that is no more is over', () => {
    expect(sees(citizen, room('in_progress', seated(agent)))).toEqual(['taken']);
    expect(sees(citizen, room('fulfilled', seated(citizen)))).toEqual(['over']);
    expect(stateOf(seat(citizen), null, now).phase).toBe('over');
  });
});

test.each([
  ['/ca/case/abc', true],
  ['/ca/case/abc/check', true],
  ['/ca/case/abc/local/rotul', true],
  ['/ca/appointment/abc/form', true],
  ['/ca/appointment/abc/documents', true],
  ['/ca/appointment/abc/acts/1/identify', false],
  ['/ca/case/abc/pay', false],
  ['/ca/case/abc/sign', false],
  ['/ca/folder', false],
])('a panel of the room shows %s: %s', (path, isShown) => {
  expect(isPanelPage(path)).toBe(isShown);
});

describe('what is written', () => {
  test.each([
    ['  Hola\r\nMaria ', 'Hola\nMaria'],
    ['👋', '👋'],
    ['   ', null],
    ['a\0b', null],
    ['\ud800', null],
    ['x'.repeat(2_001), null],
  ])('%j is kept as %j', (given, kept) => expect(readMessage(given)).toBe(kept));
});

describe('what a page in the room sends', () => {
  const from =
    (offers: boolean) =>
    (...signals: unknown[]) =>
      readSignals(JSON.stringify(signals), offers);
  const read = from(true);
  const offer = { type: 'offer', call: 'a1', sdp: 'v=0' };
  const candidate = { type: 'candidate', call: 'a1', candidate: 'candidate:1', mid: '0', line: 0 };

  test('is read', () => {
    const answer = { type: 'answer', call: 'a1', sdp: 'v=0' };
    const need = { type: 'need', call: 'a1', what: 'restart' };
    const own = { camera: true, microphone: false, screen: false, hold: false, away: false };
    const captions = { captions: true, captioned: false };
    const media = { type: 'media', ...own, signing: true, saving: false, ...captions };
    const called = from(false);
    expect(read(offer, candidate, media)).toEqual([offer, candidate, media]);
    expect(called(answer, candidate, need, media)).toEqual([answer, candidate, need, media]);
    // What the other of the pair alone sends.
    expect(called(candidate, offer)).toBeNull();
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
    expect(readSignals('{', true)).toBeNull();
    expect(readSignals('{"type":"media"}', true)).toBeNull();
    expect(readSignals(`[${' '.repeat(40_001)}]`, true)).toBeNull();
  });
});
