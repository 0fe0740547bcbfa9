import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rota, RotaDesk } from '../../../domain/rota.ts';
import { plainSlots } from '../../booking/slots/plain-calculator.ts';
import { instantOf } from '../../booking/slots/rules.ts';
import { slotsWithDesks } from '../../booking/slots/testing.ts';
import type { RotaRows, RotaShift } from '../../foundation/offices/types.ts';
import { applyEdit } from './edits.ts';
import { rotaWith } from './rules.ts';
import { startsOn } from './shifts.ts';
import type { RotaEdit } from './types.ts';
import { daysOf, readWeek, weekCode } from './weeks.ts';

const TODAY = '2026-10-21'; // the Wednesday before the clocks go back
const CONTEXT = { desks: new Set([1, 2, 3]), now: `${TODAY}T08:00` };
const MONDAY = '2026-10-26';
const NO_WEEKDAYS = { weekdays: null, until: null };

const pattern = (more: Partial<RotaShift> = {}): RotaShift => ({
  ...{ id: 1, desk: 1, weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '14:00' },
  ...{ since: '2026-01-01', uid: null, ...more },
});
const rowsOf = (...shifts: RotaShift[]): RotaRows => ({ shifts, absences: [] });
const done = (rows: RotaRows, edit: RotaEdit): RotaRows => {
  const edited = applyEdit(rows, edit, CONTEXT);
  if (!edited.ok) throw new Error(edited.mistakes.join());
  return edited.rows;
};
const mistakes = (rows: RotaRows, edit: RotaEdit) => {
  const edited = applyEdit(rows, edit, CONTEXT);
  return edited.ok ? [] : edited.mistakes;
};

describe('a change of one day of a pattern', () => {
  const once = { kind: 'alter', shift: 1, day: MONDAY, weekdays: null, until: null } as const;

  test('makes an exception of the pattern, and a shift of that day alone', () => {
    const { shifts } = done(rowsOf(pattern()), { ...once, from: '10:00', to: '13:00' });
    expect(shifts).toEqual([
      pattern({ except: [MONDAY] }),
      pattern({
        id: null,
        weekdays: [1],
        from: '10:00',
        to: '13:00',
        since: MONDAY,
        until: MONDAY,
      }),
    ]);
  });

  test('leaves nothing behind when the day gets the hours of the pattern again', () => {
    const { shifts } = done(rowsOf(pattern()), { ...once, from: '10:00', to: '13:00' });
    const again = shifts.map((each, nth) => ({ ...each, id: nth + 1 }));
    const back: RotaEdit = { ...once, shift: 2, from: '09:00', to: '14:00' };
    expect(done({ shifts: again, absences: [] }, back).shifts).toEqual([pattern()]);
  });

  test('removes the day, and also a shift that has no other day', () => {
    const only = pattern({ weekdays: [1], since: MONDAY, until: MONDAY });
    const edit: RotaEdit = { kind: 'drop', shift: 1, day: MONDAY, onwards: false };
    expect(done(rowsOf(only), edit).shifts).toEqual([]);
    expect(done(rowsOf(pattern()), edit).shifts).toEqual([pattern({ except: [MONDAY] })]);
  });
});

describe('a day on which another shift has the same hours as the pattern', () => {
  const own = { weekdays: [1], since: MONDAY, until: MONDAY };
  const there = [
    pattern({ except: [MONDAY] }),
    pattern({ ...own, id: 2, uid: 'a' }),
    pattern({ ...own, id: 3, from: '15:00', to: '17:00' }),
  ];
  const file = (day: string, from: string, to: string): RotaEdit => ({
    ...{ kind: 'import', desk: 1, as: 'shift', why: '', uids: ['b'], replaces: false },
    entries: [{ uid: 'b', from: `${day}T${from}`, to: `${day}T${to}` }],
  });
  const edits: [RotaEdit, string[]][] = [
    [{ kind: 'drop', shift: 3, day: MONDAY, onwards: false }, []],
    [
      { ...{ kind: 'add', desk: 1, day: MONDAY, from: '18:00', to: '19:00' }, ...NO_WEEKDAYS },
      ['15:00', '18:00'],
    ],
    [
      { ...{ kind: 'alter', shift: 3, day: MONDAY, from: '16:00', to: '17:00' }, ...NO_WEEKDAYS },
      ['16:00'],
    ],
    [{ kind: 'swap', day: MONDAY, desks: [1, 2] }, []],
    [file(MONDAY, '18:00', '19:00'), ['15:00', '18:00']],
    [file('2026-10-27', '15:00', '17:00'), ['15:00']],
  ];
  test.each(edits)('has these hours once after %j', (edit, others) => {
    const { shifts } = done(rowsOf(...there, pattern({ id: 4, desk: 2 })), edit);
    const on = shifts.filter((each) => each.desk === 1 && startsOn(each, MONDAY));
    expect(on.map((each) => each.from).sort()).toEqual(['09:00', ...others]);
    expect(shifts).toContainEqual(there[1]);
  });

  test('has these hours once when two patterns have an exception on it', () => {
    const rows = rowsOf(pattern({ except: [MONDAY] }), pattern({ id: 2, except: [MONDAY] }));
    const add: RotaEdit = {
      ...{ kind: 'add', desk: 1, day: MONDAY, from: '09:00', to: '14:00' },
      ...NO_WEEKDAYS,
    };
    expect(done(rows, add).shifts.filter((each) => startsOn(each, MONDAY))).toHaveLength(1);
  });
});

describe('a change from a day on', () => {
  test('ends the pattern the day before, and begins another', () => {
    const edit: RotaEdit = {
      ...{ kind: 'alter', shift: 1, day: MONDAY, from: '08:00', to: '13:00' },
      ...{ weekdays: [1, 2], until: null },
    };
    expect(done(rowsOf(pattern({ except: ['2026-11-02'] })), edit).shifts).toEqual([
      pattern({ until: '2026-10-25' }),
      pattern({
        ...{ id: null, weekdays: [1, 2], from: '08:00', to: '13:00', since: MONDAY },
        except: ['2026-11-02'],
      }),
    ]);
  });

  const alter = {
    ...{ kind: 'alter' as const, shift: 1, day: '2026-10-23', from: '16:00', to: '18:00' },
    ...{ weekdays: [1, 2, 3, 4, 5], until: null },
  };
  const friday = pattern({
    ...{ weekdays: [5], from: '16:00', to: '18:00', since: '2026-10-23', until: '2026-10-23' },
  });

  test('makes a shift of one day weekly, without an end or until another day', () => {
    const weekly = pattern({ id: null, from: '16:00', to: '18:00', since: '2026-10-23' });
    expect(done(rowsOf(friday), alter).shifts).toEqual([weekly]);
    expect(done(rowsOf(friday), { ...alter, weekdays: [1], until: '2026-12-31' }).shifts).toEqual([
      { ...weekly, weekdays: [1], until: '2026-12-31' },
    ]);
  });

  test('changes or removes the end of a pattern; without any change the pattern stays one', () => {
    const ends = (until: string | null) =>
      done(rowsOf(pattern({ until: '2026-12-31' })), {
        ...{ ...alter, from: '09:00', to: '14:00', day: MONDAY, until },
      }).shifts.map((each) => [each.since, each.until]);
    expect(ends('2027-01-15')).toEqual([
      ['2026-01-01', '2026-10-25'],
      [MONDAY, '2027-01-15'],
    ]);
    expect(ends(null)[1]).toEqual([MONDAY, undefined]);
    expect(ends('2026-12-31')).toEqual([['2026-01-01', '2026-12-31']]);
  });

  test('that removes a pattern keeps its past days', () => {
    const edit: RotaEdit = { kind: 'drop', shift: 1, day: TODAY, onwards: true };
    expect(done(rowsOf(pattern()), edit).shifts).toEqual([pattern({ until: '2026-10-20' })]);
    expect(done(rowsOf(pattern({ since: TODAY })), edit).shifts).toEqual([]);
  });
});

describe('edits that are refused', () => {
  const add = {
    ...{ kind: 'add' as const, desk: 1, day: MONDAY, from: '15:00', to: '18:00' },
    ...{ weekdays: null, until: null },
  };
  const altered = {
    ...{ kind: 'alter' as const, shift: 1, day: MONDAY, from: '09:00', to: '10:00' },
    ...{ weekdays: null, until: null },
  };
  const cases: [RotaEdit, string[]][] = [
    [{ ...add, day: '2026-10-20' }, ['past']],
    [{ ...add, day: '2026-02-30' }, ['day']],
    [{ ...add, day: '2028-01-03' }, ['day']],
    [{ ...add, desk: 9 }, ['desk']],
    [{ ...add, from: '25:00', to: '7' }, ['from', 'to']],
    [{ ...add, to: '15:00' }, ['order']],
    [{ ...add, weekdays: [] }, ['weekdays']],
    [{ ...add, weekdays: [1], until: '2026-10-25' }, ['until']],
    [{ ...add, from: '13:59' }, ['overlap']],
    [{ ...add, weekdays: [5], from: '13:00' }, ['overlap']],
    [{ ...add, from: '22:00', to: '10:00' }, ['overlap']],
    [{ ...altered, shift: 7 }, ['gone']],
    [{ ...altered, weekdays: [1], until: '2026-10-25' }, ['until']],
    [{ ...altered, weekdays: [2, 3], until: MONDAY }, ['weekdays']],
    [{ kind: 'drop', shift: 1, day: '2026-10-25', onwards: false }, ['gone']],
    [{ kind: 'swap', day: MONDAY, desks: [1, 1] }, ['same_desk']],
    [{ kind: 'copy', from: MONDAY, to: MONDAY, count: 1 }, ['same_week']],
    [{ kind: 'copy', from: '2026-10-12', to: '2026-10-12', count: 1 }, ['past']],
    [{ kind: 'copy', from: MONDAY, to: '2026-11-02', count: 13 }, ['count']],
    [{ kind: 'absence', desk: 1, from: 'x', to: '', why: '' }, ['from', 'to']],
    [
      { kind: 'absence', desk: 1, from: '2026-10-20T09:00', to: `${TODAY}T08:00`, why: '' },
      ['past'],
    ],
    [{ kind: 'back', absence: 1, at: null }, ['gone']],
  ];
  test.each(cases)('%j', (edit, expected) => {
    expect(mistakes(rowsOf(pattern()), edit)).toEqual(expected);
  });

  test('two shifts that overlap, in any week that is planned', () => {
    const far = pattern({ weekdays: [3], since: '2027-06-02', until: '2027-06-02' });
    const weekly = { ...add, weekdays: [3], from: '13:00' };
    expect(mistakes(rowsOf(far), weekly)).toEqual(['overlap']);
    expect(mistakes(rowsOf(far), { ...weekly, until: '2027-05-31' })).toEqual([]);
  });
});

describe('a desk that comes back early', () => {
  const away = {
    id: 1,
    desk: 1,
    from: '2026-10-12T00:00',
    to: '2026-11-01T00:00',
    why: '',
    uid: null,
  };
  const rows = (more: Partial<typeof away> = {}): RotaRows => ({
    ...{ shifts: [], absences: [{ ...away, ...more }] },
  });
  const back = (at: string | null): RotaEdit => ({ kind: 'back', absence: 1, at });

  test('ends its absence at the given hour, or now', () => {
    const ends = (at: string | null) => done(rows(), back(at)).absences.map((each) => each.to);
    expect(ends('2026-10-25T00:00')).toEqual(['2026-10-25T00:00']);
    expect(ends(null)).toEqual([CONTEXT.now]);
    // An absence never gets longer.
    expect(ends('2026-11-05T00:00')).toEqual(['2026-11-01T00:00']);
  });

  test('before the absence begins has no absence', () => {
    const future = rows({ from: '2026-10-28T00:00' });
    expect(done(future, back('2026-10-28T00:00')).absences).toEqual([]);
    expect(done(future, back(null)).absences).toEqual([]);
    expect(done(future, back('2026-10-29T00:00')).absences).toEqual([
      { ...away, from: '2026-10-28T00:00', to: '2026-10-29T00:00' },
    ]);
  });

  test('can’t come back in the past, or at an invalid hour', () => {
    expect(mistakes(rows(), back('2026-10-21T07:59'))).toEqual(['past']);
    expect(mistakes(rows(), back('soon'))).toEqual(['from']);
  });
});

describe('a calendar file', () => {
  const entry = (day: string, uid = 'a') => ({ uid, from: `${day}T09:00`, to: `${day}T13:00` });
  const file = (...entries: ReturnType<typeof entry>[]) => ({
    kind: 'import' as const,
    ...{ desk: 1, as: 'absence' as const, why: 'Curs', entries },
    ...{ uids: entries.map((each) => each.uid), replaces: false },
  });

  test('adds no day beyond the planned rota, and no shift of 24 hours', () => {
    expect(mistakes(rowsOf(), file(entry('2028-01-03')))).toEqual(['entries']);
    const day = { uid: 'a', from: `${MONDAY}T00:00`, to: '2026-10-27T00:00' };
    expect(mistakes(rowsOf(), { ...file(day), as: 'shift' })).toEqual(['entries']);
    expect(mistakes(rowsOf(), file(day))).toEqual([]);
  });

  test('changes nothing when it is imported a second time', () => {
    const once = done(rowsOf(), file(entry(MONDAY), entry('2026-10-27')));
    const kept = { ...once, absences: once.absences.map((each, nth) => ({ ...each, id: nth })) };
    expect(done(kept, file(entry(MONDAY), entry('2026-10-27')))).toEqual(kept);
  });

  test('with another day for the same event moves it; other events stay', () => {
    const once = done(rowsOf(), file(entry(MONDAY), entry('2026-10-28', 'b')));
    const moved = done(once, file(entry('2026-10-27')));
    expect(moved.absences.map((each) => `${each.uid} ${each.from}`)).toEqual([
      'b 2026-10-28T09:00',
      'a 2026-10-27T09:00',
    ]);
  });

  test('that replaces earlier files removes what it does not have; an empty file removes everything', () => {
    const by = (uid: string | null, desk = 1, day = '2026-10-28') => ({
      ...{ id: 1, desk, from: `${day}T09:00`, to: `${day}T10:00`, why: '', uid },
    });
    const before: RotaRows = {
      shifts: [pattern(), pattern({ id: 2, from: '15:00', to: '16:00', uid: 'd' })],
      absences: [by('b'), by(null), by('b', 2), by('b', 1, '2026-10-19'), by('b', 1, TODAY)],
    };
    const left = (edit: RotaEdit) =>
      done(before, edit).absences.map((each) => `${each.desk} ${each.uid} ${each.from}`);
    const stay = ['1 null 2026-10-28T09:00', '2 b 2026-10-28T09:00', '1 b 2026-10-19T09:00'];
    const again = file(entry(MONDAY));
    expect(left({ ...again, replaces: true })).toEqual([...stay, `1 a ${MONDAY}T09:00`]);
    expect(left(again)).toHaveLength(6);
    expect(left({ ...file(), replaces: true })).toEqual(stay);
    const shifts = done(before, { ...file(), as: 'shift', replaces: true }).shifts;
    expect(shifts).toEqual([
      pattern(),
      pattern({ id: 2, from: '15:00', to: '16:00', uid: 'd', until: '2026-10-20' }),
    ]);
  });

  test('that replaces earlier files removes their absences and their shifts', () => {
    const away = { id: 1, desk: 1, from: `${MONDAY}T15:00`, to: `${MONDAY}T16:00`, why: '' };
    const brought = pattern({ id: 2, from: '15:00', to: '16:00', since: TODAY, uid: 'a' });
    const before: RotaRows = {
      shifts: [pattern(), brought],
      absences: [
        { ...away, uid: 'a' },
        { ...away, id: 2, uid: null },
      ],
    };
    for (const as of ['absence', 'shift'] as const) {
      const uidsAfter = (edit: ReturnType<typeof file>) => {
        const { shifts, absences } = done(before, { ...edit, as });
        const other = as === 'absence' ? shifts : absences;
        return other.map(({ uid }) => uid);
      };
      expect(uidsAfter({ ...file(), replaces: true })).toEqual([null]);
      expect(uidsAfter({ ...file(entry(MONDAY)), replaces: true })).toEqual([null]);
      // Without `replaces`, a file of one kind does not change the other kind.
      expect(uidsAfter(file(entry(MONDAY)))).toContain('a');
    }
  });

  test('of shifts removes other shifts that overlap, only on its days', () => {
    const rows = rowsOf(
      pattern(),
      pattern({ id: 2, from: '15:00', to: '18:00' }),
      pattern({ id: 3, weekdays: [7], from: '22:00', to: '09:30' }),
      pattern({ id: 4, desk: 2 }),
    );
    expect(done(rows, { ...file(entry(MONDAY)), as: 'shift' }).shifts).toEqual([
      pattern({ id: 4, desk: 2 }),
      pattern({ except: [MONDAY] }),
      pattern({ id: 2, from: '15:00', to: '18:00' }),
      pattern({ id: 3, weekdays: [7], from: '22:00', to: '09:30', except: ['2026-10-25'] }),
      pattern({ id: null, weekdays: [1], to: '13:00', since: MONDAY, until: MONDAY, uid: 'a' }),
    ]);
  });

  test('of shifts is refused if they overlap each other or a shift that has begun', () => {
    const twice = { ...file(entry(MONDAY), entry(MONDAY, 'b')), as: 'shift' as const };
    expect(mistakes(rowsOf(), twice)).toEqual(['overlap']);
    const night = pattern({ weekdays: [2], from: '22:00', to: '10:00' });
    expect(mistakes(rowsOf(night), { ...file(entry(TODAY)), as: 'shift' })).toEqual(['overlap']);
  });

  test('of shifts makes one pattern of a series', () => {
    const edit = { ...file(entry(MONDAY), entry('2026-11-02'), entry('2026-11-16')) };
    expect(done(rowsOf(), { ...edit, as: 'shift' }).shifts).toEqual([
      pattern({
        ...{ id: null, weekdays: [1], to: '13:00', since: MONDAY, until: '2026-11-16', uid: 'a' },
        except: ['2026-11-09'],
      }),
    ]);
  });
});

test('week codes are read as they are written, also at the turn of the year', () => {
  for (const each of ['2026-W01', '2026-W53', '2027-W01', '2030-W52'])
    expect(weekCode(readWeek(each)!)).toBe(each);
  for (const each of ['2027-W53', '2026-W00', '2026-W5', '2026-W54', ''])
    expect(readWeek(each)).toBeNull();
  expect(readWeek('2026-W53')!.toString()).toBe('2026-12-28');
});

/** The hours of each desk on each day, as plain text: `1 2026-10-26` → `09:00-14:00`. */
type Paper = Map<string, Set<string>>;
const WEEKS = 7;
const DAYS = daysOf(Temporal.PlainDate.from('2026-10-12'), WEEKS);
const key = (desk: number, day: string) => `${desk} ${day}`;

const paperOf = ({ shifts }: RotaRows): Paper => {
  const paper: Paper = new Map();
  for (const desk of [1, 2, 3])
    for (const day of DAYS) {
      const on = shifts.filter((each) => each.desk === desk && startsOn(each, day));
      paper.set(key(desk, day), new Set(on.map(({ from, to }) => `${from}-${to}`)));
    }
  return paper;
};

/** Returns the result of the same edit on paper: whole days are replaced. */
function onPaper(before: Paper, rows: RotaRows, edit: RotaEdit): Paper {
  const paper: Paper = new Map([...before].map(([each, times]) => [each, new Set(times)]));
  const at = (desk: number, day: string) => paper.get(key(desk, day)) ?? new Set();
  const plusDays = (day: string, days: number) =>
    Temporal.PlainDate.from(day).add({ days }).toString();
  const weekday = (day: string) => Temporal.PlainDate.from(day).dayOfWeek;
  switch (edit.kind) {
    case 'add':
      for (const day of DAYS) {
        const isIts = edit.weekdays
          ? day >= edit.day &&
            (edit.until === null || day <= edit.until) &&
            edit.weekdays.includes(weekday(day))
          : day === edit.day;
        if (isIts) at(edit.desk, day).add(`${edit.from}-${edit.to}`);
      }
      return paper;
    case 'alter':
    case 'drop': {
      const shift = rows.shifts.find((each) => each.id === edit.shift)!;
      const isOnwards = edit.kind === 'drop' ? edit.onwards : edit.weekdays !== null;
      for (const day of DAYS) {
        if (day < edit.day || (!isOnwards && day > edit.day)) continue;
        const others = rows.shifts.filter(
          (each) => each !== shift && each.desk === shift.desk && startsOn(each, day),
        );
        const isTwin = others.some((each) => each.from === shift.from && each.to === shift.to);
        if (startsOn(shift, day) && !(isTwin && isOnwards))
          at(shift.desk, day).delete(`${shift.from}-${shift.to}`);
        if (edit.kind === 'drop') continue;
        const isInSpan = edit.until === null || day <= edit.until;
        const isIts = edit.weekdays
          ? isInSpan && edit.weekdays.includes(weekday(day)) && !shift.except?.includes(day)
          : true;
        if (isIts) at(shift.desk, day).add(`${edit.from}-${edit.to}`);
      }
      return paper;
    }
    case 'swap': {
      const [a, b] = edit.desks.map((desk) => key(desk, edit.day)) as [string, string];
      return paper.set(a, before.get(b) ?? new Set()).set(b, before.get(a) ?? new Set());
    }
    case 'copy':
      for (const desk of [1, 2, 3])
        for (let nth = 0; nth < edit.count * 7; nth++) {
          const day = plusDays(edit.to, nth);
          const source = before.get(key(desk, plusDays(edit.from, nth % 7)));
          if (day >= TODAY && paper.has(key(desk, day))) paper.set(key(desk, day), new Set(source));
        }
      return paper;
    default:
      return paper;
  }
}

const sorted = (paper: Paper) =>
  Object.fromEntries([...paper].map(([each, times]) => [each, [...times].sort()]));

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '30'))
  .map(([hour, half]) => `${String(hour).padStart(2, '0')}:${half}`);
const openDay = fc.constantFrom(...DAYS.filter((each) => each >= TODAY));
const weekdays = fc.option(fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }));
const desk = fc.constantFrom(1, 2, 3);
const monday = fc.constantFrom(...DAYS.filter((_, nth) => nth % 7 === 0));

/** An edit. For a shift, it takes the `nth` shift that begins on the day. */
const wish = fc.record({
  ...{ kind: fc.constantFrom('add', 'alter', 'drop', 'swap', 'copy'), nth: fc.nat(9), desk },
  ...{ other: desk, day: openDay, from: time, to: time, weekdays, until: fc.option(openDay) },
  ...{
    source: monday,
    target: monday,
    count: fc.integer({ min: 1, max: 3 }),
    onwards: fc.boolean(),
  },
});
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never;

function editOf(rows: RotaRows, wanted: Wish): RotaEdit | null {
  const { kind, day, from, to } = wanted;
  if (kind === 'add')
    return {
      kind,
      desk: wanted.desk,
      day,
      from,
      to,
      weekdays: wanted.weekdays,
      until: wanted.until,
    };
  if (kind === 'swap') return { kind, day, desks: [wanted.desk, wanted.other] };
  if (kind === 'copy') return { kind, from: wanted.source, to: wanted.target, count: wanted.count };
  const there = rows.shifts.filter((each) => startsOn(each, day));
  const shift = there[wanted.nth % Math.max(1, there.length)]?.id;
  if (shift === undefined || shift === null) return null;
  if (kind === 'alter')
    return { kind, shift, day, from, to, weekdays: wanted.weekdays, until: wanted.until };
  return { kind: 'drop', shift, day, onwards: wanted.onwards };
}

const START = rowsOf(
  pattern(),
  pattern({ id: 2, desk: 2, weekdays: [1, 3], from: '15:00', to: '19:00', except: ['2026-10-28'] }),
  pattern({ id: 3, desk: 2, weekdays: [6, 7], from: '22:00', to: '06:00', until: '2026-11-15' }),
  pattern({ id: 4, desk: 3, weekdays: [7], from: '01:30', to: '03:30', since: '2026-10-11' }),
);

const DESK: Omit<RotaDesk, 'id' | 'code' | 'shifts' | 'absences'> = {
  ...{ skills: 'all', languages: ['ca'], channels: ['phone'] },
};
const EMPTY: Rota = {
  timeZone: 'Europe/Madrid',
  isClosed: () => false,
  desks: [1, 2, 3].map((id) => ({ id, code: `${id}`, ...DESK, shifts: [], absences: [] })),
};

test('any sequence of edits gives the same minutes as on paper, also while the clocks change', () => {
  fc.assert(
    fc.property(fc.array(wish, { minLength: 1, maxLength: 8 }), (wishes) => {
      let rows = START;
      let paper = paperOf(rows);
      for (const each of wishes) {
        const edit = editOf(rows, each);
        const edited = edit && applyEdit(rows, edit, CONTEXT);
        if (!edit || !edited?.ok) continue;
        paper = onPaper(paper, rows, edit);
        const shifts = edited.rows.shifts.map((shift, nth) => ({ ...shift, id: nth + 1 }));
        rows = { ...edited.rows, shifts };
        expect(sorted(paperOf(rows))).toEqual(sorted(paper));
      }
      // The day of 25 hours, minute by minute: the engine reads the rows, the plain calculator reads the paper.
      const written = [...paper].flatMap(([each, times]) => {
        const [id, day] = each.split(' ') as [string, string];
        return [...times].map((text, nth): RotaShift => {
          const [from, to] = text.split('-') as [string, string];
          const on = { weekdays: [Temporal.PlainDate.from(day).dayOfWeek], since: day, until: day };
          return pattern({ id: nth, desk: Number(id), from, to, ...on });
        });
      });
      const policy = {
        leadMinutes: 0,
        horizonDays: 6,
        buffer: 0,
        starts: 'packed',
        step: 1,
      } as const;
      const need = { procedure: 'p', channel: 'phone', language: 'ca', duration: 1 };
      const query = { ...need, from: '2026-10-25', to: '2026-10-25' };
      const now = instantOf(Math.floor(Date.UTC(2026, 9, 23) / 60_000));
      expect(slotsWithDesks(rotaWith(EMPTY, rows), policy, query, new Map(), now)).toEqual(
        plainSlots(rotaWith(EMPTY, rowsOf(...written)), policy, query, new Map(), now),
      );
    }),
    { numRuns: 200 },
  );
});
