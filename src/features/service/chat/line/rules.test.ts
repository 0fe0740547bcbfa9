import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applied,
  byPlace,
  canAnswer,
  capacityOf,
  heldBy,
  isOffered,
  isThere,
  settle,
} from './rules.ts';
import type { Line, LineChat, LineDesk, LineStep } from './types.ts';

const NINE = Temporal.Instant.from('2026-11-30T09:00:00+01:00');
const POLICY = { answerSeconds: 45, silentMinutes: 10 };
const at = (seconds: number) => NINE.add({ seconds });

const chat = (id: string, of: Partial<LineChat> = {}): LineChat => ({
  id,
  number: id.charCodeAt(0),
  ...{ state: 'waiting', place: NINE, returnedAt: null, target: null, desk: null },
  ...{ offeredUntil: null, heldSince: null, personAt: NINE, deskAt: null, unansweredAt: null },
  ...{ askedAt: null, seenAt: NINE, procedures: ['volant'], language: 'ca', declined: [] },
  isClosed: false,
  ...of,
});
const desk = (id: number, of: Partial<LineDesk> = {}): LineDesk => ({
  id,
  ...{
    skills: 'all',
    languages: ['ca'],
    capacity: 3,
    isGone: false,
    isStopped: false,
    lastAt: null,
  },
  ...of,
});
const said = (steps: readonly LineStep[]) =>
  steps.map((each) => `${each.kind} ${each.chat}${'desk' in each ? ` ${each.desk}` : ''}`);

describe('how many a desk may have', () => {
  const policy = { atOnce: 3, besideCall: 1 };

  test('follows from what it is at, and its own number', () => {
    expect(capacityOf('available', policy, null)).toBe(3);
    expect(capacityOf('available', policy, 5)).toBe(5);
    expect(capacityOf('in_call', policy, null)).toBe(1);
    expect(capacityOf('wrap_up', policy, 0)).toBe(0);
    for (const state of ['break', 'away'] as const) expect(capacityOf(state, policy, 5)).toBe(0);
  });
});

describe('the line', () => {
  test('offers the head to the desk with the most room, then to the one without the longest', () => {
    const talking = chat('t', { state: 'talking', desk: 1, heldSince: NINE });
    const desks = [desk(1), desk(2, { lastAt: at(-60) }), desk(3, { lastAt: at(-90) })];
    const chats = [chat('b', { place: at(-10) }), chat('a', { place: at(-20) }), talking];
    expect(said(settle({ chats, desks }, POLICY, NINE))).toEqual(['offered a 3', 'offered b 2']);
  });

  test('passes over what a desk can’t answer, and answers what it can', () => {
    const chats = [
      chat('a', { place: at(-30), language: 'eu' }),
      chat('b', { place: at(-20), procedures: ['llicencia'] }),
      chat('c', { place: at(-10) }),
    ];
    const line = { chats, desks: [desk(1, { skills: ['volant'] })] };
    expect(said(settle(line, POLICY, NINE))).toEqual(['offered c 1']);
  });

  test('takes back what nobody took, and offers it to another desk; the first is left in peace', () => {
    const offered = chat('a', { state: 'offered', desk: 1, offeredUntil: NINE, place: at(-60) });
    const chats = [chat('b', { place: at(-50) }), offered];
    const line = { chats, desks: [desk(1), desk(2, { capacity: 1 })] };
    expect(said(settle(line, POLICY, NINE))).toEqual(['missed a 1', 'offered a 2']);
    expect(said(settle(line, POLICY, at(-1)))).toEqual(['offered b 2']);
  });

  test('a desk that is silent gives it back ahead of all others', () => {
    const talking = chat('a', {
      ...{ state: 'talking', desk: 1, place: NINE, heldSince: NINE, unansweredAt: NINE },
      ...{ personAt: at(590), seenAt: at(590) },
    });
    const chats = [chat('b', { place: at(-600), seenAt: at(590) }), talking];
    const line = { chats, desks: [desk(1, { capacity: 1 }), desk(2, { capacity: 0 })] };
    expect(said(settle(line, POLICY, at(599)))).toEqual([]);
    expect(said(settle(line, POLICY, at(600)))).toEqual(['returned a 1']);
    const free = { chats, desks: [desk(1, { capacity: 1 }), desk(2, { capacity: 1 })] };
    expect(said(settle(free, POLICY, at(600)))).toEqual(['returned a 1', 'offered a 2']);
  });

  test('a desk whose console is gone gives back at once what it had and was offered', () => {
    const chats = [
      chat('a', { state: 'talking', desk: 1, heldSince: NINE }),
      chat('b', { state: 'offered', desk: 1, offeredUntil: at(30) }),
    ];
    const line = { chats, desks: [desk(1, { isGone: true })] };
    expect(said(settle(line, POLICY, at(1)))).toEqual(['returned a 1', 'missed b 1']);
  });

  test('a person who is silent is asked, then it ends; keys are enough', () => {
    const talking = chat('a', { state: 'talking', desk: 1, heldSince: NINE, deskAt: NINE });
    const line = (of: Partial<LineChat>) => ({ chats: [{ ...talking, ...of }], desks: [desk(1)] });
    expect(said(settle(line({}), POLICY, at(600)))).toEqual(['asked a']);
    expect(said(settle(line({ askedAt: at(600) }), POLICY, at(1199)))).toEqual([]);
    expect(said(settle(line({ askedAt: at(600) }), POLICY, at(1200)))).toEqual(['ended a']);
    const typing = line({ askedAt: at(600), personAt: at(1100) });
    expect(said(settle(typing, POLICY, at(1200)))).toEqual([]);
  });

  test('nobody is offered whose page is not open; they keep their place until they come back', () => {
    const away = chat('a', { place: at(-900), seenAt: at(-600) });
    const chats = [away, chat('b', { place: at(-800) })];
    expect(said(settle({ chats, desks: [desk(1)] }, POLICY, NINE))).toEqual(['offered b 1']);
    const back = [{ ...away, seenAt: NINE }, chat('b', { place: at(-800) })];
    expect(said(settle({ chats: back, desks: [desk(1)] }, POLICY, NINE))).toEqual(['offered a 1']);
    expect(said(settle({ chats, desks: [] }, POLICY, at(1200)))).toEqual(['left a']);
  });

  test('what is closed is over once nobody is there who could answer', () => {
    const closed = chat('a', { isClosed: true });
    const end = (chats: LineChat[], desks: LineDesk[]) =>
      said(settle({ chats, desks }, POLICY, at(1)));
    const busy = chat('t', { state: 'talking', desk: 1, heldSince: NINE });
    expect(end([closed, busy], [desk(1, { capacity: 1 })])).toEqual([]);
    for (const none of [[], [desk(1, { isGone: true })], [desk(1, { capacity: 0 })]])
      expect(end([closed], none)).toEqual(['closed a']);
    expect(end([closed], [desk(1, { languages: ['es'] })])).toEqual(['closed a']);
    expect(end([chat('a')], [])).toEqual([]);
  });

  test('what was handed over is offered to that desk first, whatever it serves', () => {
    const handed = chat('a', { returnedAt: NINE, target: 2 });
    const desks = [desk(1), desk(2, { skills: [], capacity: 1 })];
    expect(said(settle({ chats: [handed], desks }, POLICY, NINE))).toEqual(['offered a 2']);
    const gone = [desk(1), desk(2, { isGone: true })];
    expect(said(settle({ chats: [handed], desks: gone }, POLICY, NINE))).toEqual(['offered a 1']);
  });
});

const SKILLS = ['volant', 'llicencia', 'padro'];
const LANGUAGES = ['ca', 'es'];

const anyDesk = (id: number): fc.Arbitrary<LineDesk> =>
  fc.record({
    id: fc.constant(id),
    skills: fc.oneof(fc.constant('all' as const), fc.subarray(SKILLS)),
    languages: fc.subarray(LANGUAGES, { minLength: 1 }),
    capacity: fc.integer({ min: 0, max: 3 }),
    isGone: fc.boolean().map((each) => each && id % 3 === 0),
    isStopped: fc.boolean().map((each) => each && id % 2 === 0),
    lastAt: fc.option(fc.integer({ min: -900, max: 0 }).map(at)),
  });

const ago = fc.integer({ min: -2400, max: 0 }).map(at);
const anyChat = (nth: number): fc.Arbitrary<LineChat> =>
  fc
    .record({
      state: fc.constantFrom('waiting', 'waiting', 'waiting', 'offered', 'talking'),
      place: ago,
      returnedAt: fc.option(ago, { freq: 6 }),
      target: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 8 }),
      at: fc.integer({ min: 1, max: 4 }),
      offeredUntil: fc.integer({ min: -5, max: 45 }).map(at),
      ...{ heldSince: ago, personAt: ago, deskAt: fc.option(ago), unansweredAt: fc.option(ago) },
      ...{ askedAt: fc.option(ago), seenAt: fc.integer({ min: -2000, max: 0 }).map(at) },
      procedures: fc.subarray(SKILLS, { minLength: 1, maxLength: 2 }),
      language: fc.constantFrom(...LANGUAGES),
      declined: fc.subarray([1, 2, 3, 4], { maxLength: 1 }),
      isClosed: fc.boolean(),
    })
    .map(({ at: desk, state, ...rest }) => ({
      ...rest,
      id: `c${String(nth).padStart(2, '0')}`,
      number: nth,
      state: state as LineChat['state'],
      desk: state === 'waiting' ? null : desk,
      offeredUntil: state === 'offered' ? rest.offeredUntil : null,
      heldSince: state === 'talking' ? rest.heldSince : null,
      unansweredAt: state === 'talking' ? rest.unansweredAt : null,
    }));

/** A line in which nobody has more than they may, and nobody is offered two at once. */
const anyLine: fc.Arbitrary<Line> = fc
  .tuple(
    fc.tuple(anyDesk(1), anyDesk(2), anyDesk(3), anyDesk(4)),
    fc
      .integer({ min: 0, max: 12 })
      .chain((most) => fc.tuple(...Array.from({ length: most }, (_, nth) => anyChat(nth)))),
  )
  .map(([desks, some]) => {
    const chats: LineChat[] = [];
    for (const each of some) {
      const { capacity = 0 } = desks.find(({ id }) => id === each.desk) ?? {};
      const isOver = each.desk !== null && heldBy(chats, each.desk) >= capacity;
      const isAsked =
        each.state === 'offered' &&
        chats.some((one) => one.state === 'offered' && one.desk === each.desk);
      const free = { state: 'waiting', desk: null, offeredUntil: null, heldSince: null } as const;
      chats.push(isOver || isAsked ? { ...each, ...free, unansweredAt: null } : each);
    }
    return { chats, desks };
  });

const following = (line: Line, steps: readonly LineStep[]) =>
  steps.reduce((left, step) => applied(left, step, NINE), line);
const runs = { numRuns: 1500 };

describe('any line', () => {
  test('what was applied settles: nothing is left to change', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const settled = following(line, settle(line, POLICY, NINE));
        expect(settle(settled, POLICY, NINE)).toEqual([]);
      }),
      runs,
    );
  });

  test('a crash after any of the changes, and settling again, comes to the same', () => {
    fc.assert(
      fc.property(anyLine, fc.nat(), (line, cut) => {
        const steps = settle(line, POLICY, NINE);
        const crashed = following(line, steps.slice(0, cut % (steps.length + 1)));
        const replayed = following(crashed, settle(crashed, POLICY, NINE));
        expect(replayed).toEqual(following(line, steps));
      }),
      runs,
    );
  });

  test('no desk is offered more than it may have, two at once, or what it can’t answer', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        let left = line;
        for (const step of settle(line, POLICY, NINE)) {
          if (step.kind === 'offered') {
            const to = left.desks.find(({ id }) => id === step.desk)!;
            const of = left.chats.find(({ id }) => id === step.chat)!;
            expect(to.isGone || to.isStopped).toBe(false);
            expect(canAnswer(to, of)).toBe(true);
            expect(heldBy(left.chats, to.id)).toBeLessThan(to.capacity);
            const asked = left.chats.filter(
              (each) => each.state === 'offered' && each.desk === to.id,
            );
            expect(asked).toEqual([]);
          }
          left = applied(left, step, NINE);
        }
      }),
      runs,
    );
  });

  test('nobody waits on while a desk that can answer them has room', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const { chats, desks } = following(line, settle(line, POLICY, NINE));
        const waiting = chats.filter(
          (each) => each.state === 'waiting' && isThere(each, POLICY, NINE),
        );
        for (const each of waiting)
          expect(desks.filter((one) => isOffered(one, each, chats))).toEqual([]);
      }),
      runs,
    );
  });

  test('nobody is overtaken by somebody with the same needs who is behind them', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const steps = settle(line, POLICY, NINE);
        const settled = following(line, steps);
        const needs = ({ procedures, language }: LineChat) =>
          JSON.stringify([procedures, language]);
        const waiting = settled.chats.filter(
          (each) => each.state === 'waiting' && isThere(each, POLICY, NINE),
        );
        const offered = new Set(
          steps.flatMap((each) => (each.kind === 'offered' ? each.chat : [])),
        );
        const served = settled.chats.filter((each) => offered.has(each.id));
        for (const one of served)
          for (const each of waiting)
            if (needs(each) === needs(one) && one.target === null && byPlace(each, one) < 0)
              // Only a desk that each may still be offered counts: whoever declined them is none.
              expect(each.declined).toContain(one.desk);
      }),
      runs,
    );
  });

  test('a place is never changed', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const places = new Map(line.chats.map((each) => [each.id, each.place]));
        for (const each of following(line, settle(line, POLICY, NINE)).chats)
          expect(each.place).toEqual(places.get(each.id));
      }),
      runs,
    );
  });
});
