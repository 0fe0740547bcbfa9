import type { RotaAbsence, RotaRows, RotaShift } from '../../foundation/offices/types.ts';
import {
  type DayWanted,
  daysAfter,
  gathered,
  onwards,
  overlapping,
  startsOn,
  timesOn,
  upTo,
  withDays,
  withRoomFor,
} from './shifts.ts';
import type { EditMistake, RotaEdit } from './types.ts';
import { daysOf, mondayOf, WEEKS_AHEAD } from './weeks.ts';

/** The facts that an edit is checked against. */
export interface EditContext {
  /** The desks of the office that are not retired. */
  readonly desks: ReadonlySet<number>;
  /** The current local time of the office: `2026-11-30T09:00`. */
  readonly now: string;
}

export type Edited = { ok: true; rows: RotaRows } | { ok: false; mistakes: EditMistake[] };

/** Maximum characters of a reason. */
const LONGEST_WHY = 200;
/** Maximum days of an absence. */
const LONGEST_AWAY_DAYS = 366;
/** Maximum weeks that one copy fills. */
export const MOST_COPIES = 12;
/** Maximum stretches that one file adds. */
export const MOST_ENTRIES = 400;

const wrong = (...mistakes: EditMistake[]): Edited => ({ ok: false, mistakes });
const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
const isEnd = (text: string): boolean => isTime(text) || text === '24:00';
export const isDay = (text: string): boolean => /^20\d\d-\d\d-\d\d$/.test(text) && parses(text);
export const isMoment = (text: string): boolean =>
  /^20\d\d-\d\d-\d\dT\d\d:\d\d$/.test(text) && parses(text);

function parses(text: string): boolean {
  try {
    Temporal.PlainDateTime.from(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a shift that begins on a day may end on `until`; null: the shift has no end. */
const isLast = (until: string | null, day: string): boolean =>
  until === null || (isDay(until) && until >= day);

const areWeekdays = (weekdays: readonly number[]): boolean =>
  weekdays.length > 0 && weekdays.every((each) => Number.isInteger(each) && each > 0 && each < 8);

/** Returns the rota after an edit, or the mistakes of the edit. Past days never change. */
export function applyEdit(rows: RotaRows, edit: RotaEdit, context: EditContext): Edited {
  switch (edit.kind) {
    case 'add':
      return add(rows, edit, context);
    case 'alter':
      return alter(rows, edit, context);
    case 'drop':
      return drop(rows, edit, context);
    case 'absence':
      return absence(rows, edit, context);
    case 'close':
      return close(rows, edit, context);
    case 'reopen':
      return reopen(rows, edit, context);
    case 'back':
      return back(rows, edit, context);
    case 'swap':
      return swap(rows, edit, context);
    case 'copy':
      return copy(rows, edit, context);
    case 'import':
      return bringIn(rows, edit, context);
  }
}

type Of<K extends RotaEdit['kind']> = Extract<RotaEdit, { kind: K }>;

const today = ({ now }: EditContext): string => now.slice(0, 10);
const furthest = (context: EditContext): string => daysAfter(today(context), 7 * (WEEKS_AHEAD + 1));

function dayMistakes(day: string, context: EditContext): EditMistake[] {
  if (!isDay(day) || day > furthest(context)) return ['day'];
  return day < today(context) ? ['past'] : [];
}

function timesMistakes({ from, to }: { from: string; to: string }): EditMistake[] {
  const mistakes: EditMistake[] = [];
  if (!isTime(from)) mistakes.push('from');
  if (!isEnd(to)) mistakes.push('to');
  return mistakes.length === 0 && from === to ? ['order'] : mistakes;
}

/** Returns the rota with other shifts. It refuses them if they add an overlap of two shifts of the desk. */
function withShifts(rows: RotaRows, shifts: RotaShift[], desk: number, day: string): Edited {
  // As far as a rota is planned, from that day on.
  const days = daysOf(Temporal.PlainDate.from(day).subtract({ days: 1 }), WEEKS_AHEAD + 1);
  const before = new Set(overlapping(rows.shifts, desk, days));
  const isNew = overlapping(shifts, desk, days).some((each) => !before.has(each));
  return isNew ? wrong('overlap') : { ok: true, rows: { ...rows, shifts } };
}

function add(rows: RotaRows, edit: Of<'add'>, context: EditContext): Edited {
  const { desk, day, from, to, weekdays, until } = edit;
  const mistakes = [...dayMistakes(day, context), ...timesMistakes(edit)];
  if (!context.desks.has(desk)) mistakes.unshift('desk');
  if (weekdays && !areWeekdays(weekdays)) mistakes.push('weekdays');
  if (!isLast(until, day)) mistakes.push('until');
  if (mistakes.length > 0) return wrong(...mistakes);
  if (!weekdays) {
    const times = [...timesOn(rows.shifts, desk, day), { from, to }];
    return withShifts(rows, withDays(rows.shifts, [{ desk, day, times }]), desk, day);
  }
  const fresh = { id: null, desk, weekdays, from, to, since: day, uid: null };
  const shift = onwards(fresh, day, { from, to, weekdays, until });
  return shift ? withShifts(rows, [...rows.shifts, shift], desk, day) : wrong('weekdays');
}

function alter(rows: RotaRows, edit: Of<'alter'>, context: EditContext): Edited {
  const { day, from, to, weekdays, until } = edit;
  const mistakes = [...dayMistakes(day, context), ...timesMistakes(edit)];
  if (weekdays && !areWeekdays(weekdays)) mistakes.push('weekdays');
  if (weekdays && !isLast(until, day)) mistakes.push('until');
  if (mistakes.length > 0) return wrong(...mistakes);
  const shift = find(rows, edit.shift, day);
  if (!shift) return wrong('gone');
  const { desk } = shift;
  if (!weekdays) {
    const others = timesOn(rows.shifts, desk, day).filter((each) => !isSame(each, shift));
    const changed = [{ desk, day, times: [...others, { from, to }] }];
    return withShifts(rows, withDays(rows.shifts, changed), desk, day);
  }
  // Without this, an edit that changes nothing would split the shift in two.
  if (isSame(edit, shift) && until === (shift.until ?? null) && isSameSet(weekdays, shift.weekdays))
    return { ok: true, rows };
  const next = onwards(shift, day, { from, to, weekdays, until });
  if (!next) return wrong('weekdays');
  return withShifts(rows, replaced(rows, shift, [upTo(shift, day), next]), desk, day);
}

function drop(rows: RotaRows, edit: Of<'drop'>, context: EditContext): Edited {
  const mistakes = dayMistakes(edit.day, context);
  if (mistakes.length > 0) return wrong(...mistakes);
  const shift = find(rows, edit.shift, edit.day);
  if (!shift) return wrong('gone');
  if (edit.onwards)
    return { ok: true, rows: { ...rows, shifts: replaced(rows, shift, [upTo(shift, edit.day)]) } };
  const { desk } = shift;
  const times = timesOn(rows.shifts, desk, edit.day).filter((each) => !isSame(each, shift));
  return {
    ok: true,
    rows: { ...rows, shifts: withDays(rows.shifts, [{ desk, day: edit.day, times }]) },
  };
}

const isSame = (a: { from: string; to: string }, b: { from: string; to: string }): boolean =>
  a.from === b.from && a.to === b.to;

const isSameSet = (a: readonly number[], b: readonly number[]): boolean =>
  new Set(a).symmetricDifference(new Set(b)).size === 0;

const find = (rows: RotaRows, id: number, day: string): RotaShift | undefined =>
  rows.shifts.find((each) => each.id === id && startsOn(each, day));

const replaced = (rows: RotaRows, shift: RotaShift, by: readonly (RotaShift | null)[]) =>
  rows.shifts.flatMap((each) => (each === shift ? by.filter((part) => part !== null) : [each]));

function absence(rows: RotaRows, edit: Of<'absence'>, context: EditContext): Edited {
  const { desk, from, to, why } = edit;
  const mistakes = absenceMistakes(edit, context);
  if (!context.desks.has(desk)) mistakes.unshift('desk');
  if (mistakes.length > 0) return wrong(...mistakes);
  const fresh = { id: null, desk, from, to, why, uid: null };
  return { ok: true, rows: { ...rows, absences: [...rows.absences, fresh] } };
}

function absenceMistakes(
  { from, to, why }: { from: string; to: string; why: string },
  context: EditContext,
): EditMistake[] {
  const mistakes: EditMistake[] = [];
  if (!isMoment(from)) mistakes.push('from');
  if (!isMoment(to)) mistakes.push('to');
  if (why.length > LONGEST_WHY) mistakes.push('why');
  if (isMoment(from) && isMoment(to)) mistakes.push(...spanMistakes(from, to, context));
  return mistakes;
}

/** Adds an absence of every desk that isn't absent all that time anyway. */
function close(rows: RotaRows, edit: Of<'close'>, context: EditContext): Edited {
  const { from, to, why } = edit;
  const mistakes = absenceMistakes(edit, context);
  if (mistakes.length > 0) return wrong(...mistakes);
  const isCovered = (desk: number) =>
    rows.absences.some((each) => each.desk === desk && each.from <= from && each.to >= to);
  const fresh = [...context.desks]
    .filter((desk) => !isCovered(desk))
    .map((desk) => ({ id: null, desk, from, to, why, uid: null }));
  return { ok: true, rows: { ...rows, absences: [...rows.absences, ...fresh] } };
}

function reopen(rows: RotaRows, { absences }: Of<'reopen'>, { now }: EditContext): Edited {
  const found = rows.absences.filter(
    ({ id, to }) => id !== null && absences.includes(id) && to > now,
  );
  if (found.length === 0) return wrong('gone');
  return { ok: true, rows: { ...rows, absences: endedAt(rows.absences, found, now) } };
}

function spanMistakes(from: string, to: string, { now }: EditContext): EditMistake[] {
  if (to <= from) return ['order'];
  if (to <= now) return ['past'];
  const last = Temporal.PlainDateTime.from(from).add({ days: LONGEST_AWAY_DAYS });
  return to > last.toString({ smallestUnit: 'minute' }) ? ['long'] : [];
}

function back(rows: RotaRows, edit: Of<'back'>, context: EditContext): Edited {
  const found = rows.absences.find((each) => each.id === edit.absence);
  const { now } = context;
  const at = edit.at ?? now;
  if (!found || found.to <= now) return wrong('gone');
  if (!isMoment(at)) return wrong('from');
  if (at < now) return wrong('past');
  return { ok: true, rows: { ...rows, absences: endedAt(rows.absences, [found], at) } };
}

/** Returns the absences, with some of them ended at a time. Those that have not begun by then are removed. */
const endedAt = (absences: readonly RotaAbsence[], which: readonly RotaAbsence[], at: string) =>
  absences.flatMap((each) => {
    if (!which.includes(each) || each.to <= at) return [each];
    return each.from < at ? [{ ...each, to: at }] : [];
  });

function swap(rows: RotaRows, { day, desks }: Of<'swap'>, context: EditContext): Edited {
  const mistakes = dayMistakes(day, context);
  if (!desks.every((each) => context.desks.has(each))) mistakes.push('desk');
  else if (desks[0] === desks[1]) mistakes.push('same_desk');
  if (mistakes.length > 0) return wrong(...mistakes);
  const [a, b] = desks;
  const wanted: DayWanted[] = [
    { desk: a, day, times: timesOn(rows.shifts, b, day) },
    { desk: b, day, times: timesOn(rows.shifts, a, day) },
  ];
  return { ok: true, rows: { ...rows, shifts: withDays(rows.shifts, wanted) } };
}

function copy(rows: RotaRows, { from, to, count }: Of<'copy'>, context: EditContext): Edited {
  const isMonday = (day: string) => isDay(day) && Temporal.PlainDate.from(day).dayOfWeek === 1;
  if (!isMonday(from) || !isMonday(to) || to > furthest(context)) return wrong('day');
  if (!Number.isInteger(count) || count < 1 || count > MOST_COPIES) return wrong('count');
  const first = Temporal.PlainDate.from(to);
  const thisWeek = mondayOf(Temporal.PlainDate.from(today(context)));
  if (Temporal.PlainDate.compare(first, thisWeek) < 0) return wrong('past');
  const source = daysOf(Temporal.PlainDate.from(from));
  const target = daysOf(first, count);
  if (target.includes(from)) return wrong('same_week');
  const wanted = [...context.desks].flatMap((desk) => {
    const times = source.map((day) => timesOn(rows.shifts, desk, day));
    return target.map((day, nth): DayWanted => ({ desk, day, times: times[nth % 7] ?? [] }));
  });
  const open = wanted.filter((each) => each.day >= today(context));
  return { ok: true, rows: { ...rows, shifts: withDays(rows.shifts, open) } };
}

function bringIn(rows: RotaRows, edit: Of<'import'>, context: EditContext): Edited {
  const { desk, why, entries } = edit;
  const mistakes: EditMistake[] = context.desks.has(desk) ? [] : ['desk'];
  if (why.length > LONGEST_WHY) mistakes.push('why');
  const areRight = entries.every(
    ({ uid, from, to }) =>
      uid.length <= 255 &&
      isMoment(from) &&
      isMoment(to) &&
      from < to &&
      from.slice(0, 10) <= furthest(context) &&
      (edit.as === 'absence' || from.slice(11) !== to.slice(11)),
  );
  if (!areRight || entries.length > MOST_ENTRIES) mistakes.push('entries');
  if (mistakes.length > 0) return wrong(...mistakes);
  // The file has no rows of the other kind. If it replaces earlier files, their rows of that kind are removed too.
  const as = (kind: typeof edit.as) =>
    edit.as === kind ? edit : { ...edit, entries: [], uids: [] };
  const left = withAbsences(rows, as('absence'), context);
  return withShifts(left, withSeries(left, as('shift'), context), desk, today(context));
}

/** Returns a test of whether this file replaces a row that an earlier file added to the desk. */
const isReplaced =
  ({ desk, uids, replaces }: Of<'import'>) =>
  (row: RotaShift | RotaAbsence): boolean =>
    row.desk === desk && row.uid !== null && (replaces || uids.includes(row.uid));

function withAbsences(rows: RotaRows, edit: Of<'import'>, { now }: EditContext): RotaRows {
  const { desk, why } = edit;
  const entries = edit.entries.filter((each) => each.to > now);
  const before = rows.absences.filter(isReplaced(edit)).filter((each) => each.to > now);
  const isEntry = (row: RotaAbsence) => (entry: { uid: string; from: string; to: string }) =>
    entry.uid === row.uid && entry.from === row.from && entry.to === row.to;
  const outdated = before.filter((row) => !entries.some(isEntry(row)));
  const fresh = entries.filter((entry) => !before.some((row) => isEntry(row)(entry)));
  return {
    ...rows,
    absences: [
      ...endedAt(rows.absences, outdated, now),
      ...fresh.map(({ uid, from, to }) => ({ id: null, desk, from, to, why, uid })),
    ],
  };
}

function withSeries(rows: RotaRows, edit: Of<'import'>, context: EditContext): RotaShift[] {
  const { desk } = edit;
  const isIts = isReplaced(edit);
  const kept = rows.shifts.flatMap((each) =>
    isIts(each) ? (upTo(each, today(context)) ?? []) : [each],
  );
  const days = edit.entries.map(({ uid, from, to }) => ({
    ...{ uid, day: from.slice(0, 10), from: from.slice(11), to: to.slice(11) },
  }));
  const open = days.filter((each) => each.day >= today(context));
  const series = Map.groupBy(open, ({ uid, from, to }) => `${from} ${to} ${uid}`);
  const fresh = [...series.values()].flatMap((each) => {
    const { uid, from, to } = each[0]!;
    const on = each.map(({ day }) => day);
    return gathered(desk, { from, to }, on, uid);
  });
  return [...withRoomFor(kept, desk, open, today(context)), ...fresh];
}
