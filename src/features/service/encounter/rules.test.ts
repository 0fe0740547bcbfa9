import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StaffViewer } from '../../../lib/viewer.ts';
import {
  afterAttempt,
  closedOf,
  dialable,
  draftMistakes,
  dueAt,
  inOrder,
  looksPersonal,
  mayAttend,
  nextOf,
  situationOf,
} from './rules.ts';
import type { DayEntry, EncounterDraft } from './types.ts';

const at = (time: string) => Temporal.Instant.from(`2026-11-30T${time}:00+01:00`);
const POLICY = { max: 3, windowMinutes: 30, spacingMinutes: 10 };

const NOON = at('12:00');
let nth = 0;
function entry(start: string, more: Partial<DayEntry> = {}): DayEntry {
  return {
    id: `${++nth}`,
    reference: 'K7M-2QX',
    start: at(start),
    end: at(start).add({ minutes: 15 }),
    status: 'booked',
    channel: 'phone',
    desk: 1,
    name: 'Rosa',
    procedure: 'padro',
    needs: [],
    failedAttempts: 0,
    lastAttemptAt: null,
    dueAt: at(start),
    endsAt: null,
    undelivered: false,
    hasStoppedResult: false,
    lacksNumber: false,
    isElsewhere: false,
    arrivedAt: null,
    startedAt: null,
    ...more,
  };
}
const called = (start: string, times: number, due: string) =>
  entry(start, { failedAttempts: times, dueAt: at(due) });

describe('when to call', () => {
  test('at the hour; again ten minutes after a call that failed', () => {
    expect(dueAt(at('09:00'), { failed: 0, lastAt: null }, POLICY)).toEqual(at('09:00'));
    expect(dueAt(at('09:00'), { failed: 1, lastAt: at('09:03') }, POLICY)).toEqual(at('09:13'));
  });

  test('never before the hour, even when a first call was made early', () => {
    expect(dueAt(at('09:00'), { failed: 1, lastAt: at('08:40') }, POLICY)).toEqual(at('09:00'));
  });

  test.each([
    ['08:59', 0, '09:00', 'upcoming'],
    ['09:00', 0, '09:00', 'due'],
    ['09:04', 0, '09:00', 'due'],
    ['09:05', 0, '09:00', 'late'],
    ['09:10', 1, '09:13', 'retry'],
    ['09:13', 1, '09:13', 'due'],
    ['09:18', 1, '09:13', 'late'],
  ])('at %s, called %i times and due at %s, it is %s', (now, times, due, situation) => {
    expect(situationOf(called('09:00', times, due), at(now))).toBe(situation);
  });

  test('who waits in the room waits, whatever the hour', () => {
    expect(situationOf(entry('09:00', { status: 'arrived' }), at('08:50'))).toBe('waiting');
    expect(situationOf(entry('09:00', { status: 'noshow' }), at('12:00'))).toBe('noshow');
  });
});

describe('next', () => {
  test('is the earliest that is due', () => {
    const [nine, ten] = [entry('09:00'), entry('10:00')];
    expect(nextOf([ten, nine], NOON)).toBe(nine);
  });

  test('is somebody else while who did not answer rests, then them again', () => {
    const [first, second, third] = [called('09:00', 1, '09:12'), entry('09:10'), entry('09:20')];
    expect(inOrder([first, second, third], NOON)).toEqual([second, first, third]);
  });

  test('is what was begun, then who waits in the room', () => {
    const [late, begun, waiting] = [
      entry('08:00'),
      entry('09:00', { status: 'in_progress' }),
      entry('09:30', { status: 'arrived' }),
    ];
    expect(inOrder([late, waiting, begun], at('09:30'))).toEqual([begun, waiting, late]);
    // Somebody who is early waits for their hour; others are not made late for it.
    expect(inOrder([late, waiting, begun], at('09:29'))).toEqual([begun, late, waiting]);
  });

  test('of two that are due at once is who was called less', () => {
    const [again, fresh] = [called('09:00', 1, '09:20'), entry('09:20')];
    expect(nextOf([again, fresh], NOON)).toBe(fresh);
  });

  test('is nobody when all is done', () => {
    const done = [entry('09:00', { status: 'fulfilled' }), entry('08:00', { status: 'noshow' })];
    expect(nextOf(done, NOON)).toBeNull();
    expect(closedOf(done).map((each) => each.status)).toEqual(['noshow', 'fulfilled']);
  });

  test('is not what a colleague attends', () => {
    const taken = entry('09:00', { status: 'in_progress', isElsewhere: true });
    expect(nextOf([taken], NOON)).toBeNull();
    const own = entry('13:00');
    expect(nextOf([taken, own], NOON)).toBe(own);
  });

  test('does not depend on the order of the list, and loses nobody', () => {
    const some = fc.record({
      status: fc.constantFrom('booked', 'arrived', 'in_progress', 'fulfilled', 'cancelled'),
      minutes: fc.integer({ min: 0, max: 300 }),
      failedAttempts: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 12 }), (list) => {
        const day = list.map(({ minutes, ...more }) =>
          entry('08:00', { ...(more as Partial<DayEntry>), dueAt: at('08:00').add({ minutes }) }),
        );
        expect(inOrder([...day].reverse(), NOON)).toEqual(inOrder(day, NOON));
        expect(inOrder(day, NOON).length + closedOf(day).length).toBe(day.length);
      }),
    );
  });
});

/** A call that failed three minutes after the hour. */
const MADE = { at: at('09:03'), start: at('09:00') };

describe('after a call', () => {
  test.each(['no_answer', 'busy', 'voicemail', 'rejected'] as const)(
    '%s: twice again later, the third time the end with the promised window',
    (outcome) => {
      const call = (number: number) => afterAttempt(outcome, number, MADE, POLICY);
      expect(call(1)).toEqual({ next: 'retry', at: at('09:13') });
      expect(call(2)).toEqual({ next: 'retry', at: at('09:13') });
      expect(call(3)).toEqual({ next: 'ending', at: at('09:30') });
    },
  );

  test('of a wrong number nobody is called before there is another one, which is called at once', () => {
    expect(afterAttempt('wrong_number', 1, MADE, POLICY)).toEqual({ next: 'number' });
    expect(afterAttempt('wrong_number', 3, MADE, POLICY)).toEqual({
      next: 'ending',
      at: at('09:30'),
    });
    const failed = { failed: 1, lastAt: at('09:03'), lastOutcome: 'wrong_number' } as const;
    expect(dueAt(at('09:00'), { ...failed, lacksNumber: true }, POLICY)).toEqual(at('09:30'));
    expect(dueAt(at('09:00'), { ...failed, lacksNumber: false }, POLICY)).toEqual(at('09:00'));
    const lacking = entry('09:00', { failedAttempts: 1, lacksNumber: true, dueAt: at('09:30') });
    expect(situationOf(lacking, at('09:10'))).toBe('number');
    expect(nextOf([lacking, entry('09:20')], at('09:10'))?.start).toEqual(at('09:20'));
  });

  test('an answer opens the encounter, the last time too', () => {
    expect(afterAttempt('answered', 3, MADE, POLICY)).toEqual({ next: 'attend' });
  });

  test('an office may call once only', () => {
    expect(afterAttempt('busy', 1, MADE, { ...POLICY, max: 1 })).toMatchObject({ next: 'ending' });
  });
});

test('who has a desk or coordinates attends the appointments of their office and of no other', () => {
  const viewer = (role: StaffViewer['role'], desk: number | null): StaffViewer => ({
    kind: 'staff',
    staff: 1,
    name: 'X',
    office: 1,
    role,
    desk,
  });
  const appointment = { office: 1 };
  expect(mayAttend(viewer('agent', 5), appointment)).toBe(true);
  expect(mayAttend(viewer('agent', 6), appointment)).toBe(true);
  expect(mayAttend(viewer('agent', null), appointment)).toBe(false);
  expect(mayAttend(viewer('coordinator', null), appointment)).toBe(true);
  expect(mayAttend(viewer('administrator', 6), appointment)).toBe(true);
  expect(mayAttend(viewer('administrator', 5), { office: 2 })).toBe(false);
  expect(mayAttend(viewer('agent', 5), { office: 2 })).toBe(false);
});

describe('what was done', () => {
  const allowed = {
    procedure: (code: string) => code === 'padro',
    query: (code: string) => code === 'hours',
    outcome: (code: string) => code === 'done',
    wrapUp: (code: string) => code === 'solved',
  };
  const item = {
    kind: 'procedure' as const,
    procedure: 'padro',
    query: null,
    label: '',
    outcome: 'done',
  };
  const draft: EncounterDraft = {
    items: [item],
    identity: 'shown',
    identityNote: '',
    notes: '',
    wrapUp: 'solved',
    points: [],
  };
  const empty: EncounterDraft = {
    items: [],
    identity: null,
    identityNote: '',
    notes: '',
    wrapUp: null,
    points: [],
  };
  const closing = (more: Partial<EncounterDraft>) =>
    draftMistakes({ ...draft, ...more }, allowed, 'close');

  test('can be saved with anything missing', () => {
    expect(draftMistakes(empty, allowed, 'save')).toEqual({});
    const half = { ...item, outcome: '' };
    expect(draftMistakes({ ...draft, items: [half] }, allowed, 'save')).toEqual({});
  });

  test('must say what, how it ended, how identity was checked and the wrap-up code to be closed', () => {
    expect(closing({})).toEqual({});
    expect(draftMistakes(empty, allowed, 'close')).toEqual({
      item: 'missing',
      identity: 'missing',
      wrapUp: 'missing',
    });
    expect(closing({ items: [item, { ...item, outcome: '' }] })).toEqual({
      'item-1-outcome': 'missing',
    });
    expect(closing({ items: [{ ...item, procedure: null }] })).toEqual({
      'item-0-label': 'missing',
    });
    expect(closing({ items: [{ ...item, procedure: null, label: 'Una altra cosa' }] })).toEqual({});
  });

  test("only takes the office's own codes", () => {
    expect(closing({ wrapUp: 'x' })).toEqual({ wrapUp: 'not_known' });
    expect(closing({ items: [{ ...item, procedure: 'x' }] })).toEqual({
      'item-0-label': 'not_known',
    });
    expect(closing({ items: [{ ...item, procedure: null, query: 'hours' }] })).toEqual({
      'item-0-label': 'not_known',
    });
    expect(
      closing({ items: [{ ...item, kind: 'query', procedure: null, query: 'hours' }] }),
    ).toEqual({});
  });

  test('is not endless', () => {
    expect(closing({ notes: 'a'.repeat(4001) })).toEqual({ notes: 'too_long' });
    expect(closing({ items: Array.from({ length: 21 }, () => item) })).toEqual({
      item: 'too_long',
    });
  });
});

test.each([
  ['El DNI és 12345678Z', true],
  ['NIE X1234567L', true],
  ['compte ES91 2100 0418 4502 0005 1332', true],
  ['truqueu al 600 123 456', true],
  ['escriviu a rosa@example.cat', true],
  ['targeta SOLE 1 850712 003', true],
  ['targeta 4539 1488 0343 6467', true],
  ['seguretat social 281234567840', true],
  ['viu a França, +33 6 12 34 56 78', true],
  ['mòbil 600.123.456', true],
  ['Li han cobrat 12.345,67 euros el 2025', false],
  ['De 9 a 14 h, al 3r 2a del 25', false],
  ['Falta el contracte de lloguer. Tornarà el 12 de desembre a les 9.30.', false],
  ['Expedient 2026/1234, epígraf 12', false],
])('personal data in "%s": %s', (text, expected) => {
  expect(looksPersonal(text)).toBe(expected);
});

test('a long note is looked at as quickly as a short one', () => {
  // These take seconds each when an expression goes back over what it has read.
  for (const part of ['a', 'a.', '1', '1-', 'AA11 ', '@a', 'a@a.'])
    for (let i = 0; i < 5; i++) looksPersonal(`${part.repeat(60_000)}!`);
});

test.each([
  ['+34600123456', '', 'tel:+34600123456'],
  ['+34600123456', '0', 'tel:0600123456'],
  ['+33612345678', '0', 'tel:00033612345678'],
  ['+33612345678', '', 'tel:+33612345678'],
])('%s behind "%s" is dialled as %s', (phone, prefix, expected) => {
  expect(dialable(phone, prefix, '+34')).toBe(expected);
});
