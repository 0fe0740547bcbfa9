import type { HolidayRules } from '../../../../domain/office/calendar/holidays.ts';
import { workingDaysOf } from '../../../../domain/office/calendar/working-days.ts';
import { REQUEST_KINDS, type RequestKind } from '../../../../domain/requests/kinds.ts';
import { type Cell, publish } from '../publishing.ts';
import type {
  OpenRequestRow,
  RequestCounts,
  RequestGroup,
  RequestGroups,
  RequestIndicator,
  RequestMonthRow,
  RequestSums,
  WorkingDayNumbers,
} from './types.ts';

/** The code of what is in no district. */
export const NO_AREA = '-';

/** A type that an office has, or had. */
interface Known {
  code: string;
  kind: RequestKind;
  /** Whether each of its requests is on the public list, so that its number is no secret. */
  isPublic: boolean;
}

/** The data of a month, for publishing. */
export interface RequestMonth {
  rows: readonly RequestMonthRow[];
  types: readonly Known[];
  areas: readonly string[];
}

type At = Omit<OpenRequestRow, 'month' | 'value'>;
type Published = Omit<OpenRequestRow, 'month'>;

const at = (indicator: RequestIndicator, more: Partial<At> = {}): At => ({
  ...{ indicator, kind: null, type: null, area: null },
  ...more,
});

/**
 * Returns the figures of a month for publishing, with small ones kept back (docs/adr/0032). What is on the public list can be counted there, so a figure is
 * as small as the number of those in it that are not. `choose`: see `publish`.
 */
export function publishRequestMonth(
  month: RequestMonth,
  choose: (many: number) => number,
): Published[] {
  const { rows } = month;
  const closed = rows.filter(({ closedAfter }) => closedAfter !== null);
  const counted = (indicator: RequestIndicator, of: readonly RequestMonthRow[]) =>
    publish(treeOf(indicator, of, month), choose).map(({ at: place, value }) => {
      const here = of.filter((row) => isAt(row, place));
      // Anybody can count what is on the list, also where more than that is kept back.
      const isKnown = secretIn(here, place, month.types) === Number.POSITIVE_INFINITY;
      return { ...place, value: isKnown ? here.length : value };
    });
  const shownClosed = counted('requestsClosed', closed);
  return [
    ...counted(
      'requests',
      rows.filter(({ isReceived }) => isReceived),
    ),
    ...shownClosed,
    // Days are shown exactly where the number is: otherwise they would tell what is kept back beside it.
    ...shownClosed.map(({ value, ...place }) => ({
      ...place,
      indicator: 'requestDays' as const,
      value: value === null ? null : medianOf(closed.filter((each) => isAt(each, place))),
    })),
    ...shownClosed.map(({ value, ...place }) => ({
      ...place,
      indicator: 'requestWorkingDays' as const,
      value:
        value === null
          ? null
          : medianOf(
              closed.filter((each) => isAt(each, place)),
              ({ workingDays }) => workingDays,
            ),
    })),
    ...counted(
      'requestsReopened',
      rows.filter(({ isReopened }) => isReopened),
    ),
  ];
}

const isAt = (row: RequestMonthRow, place: At): boolean =>
  (place.kind === null || row.kind === place.kind) &&
  (place.type === null || row.type === place.type) &&
  (place.area === null || (row.area ?? NO_AREA) === place.area);

/** Divides by kind and then by type, and by district. */
function treeOf(
  indicator: RequestIndicator,
  rows: readonly RequestMonthRow[],
  { types, areas }: RequestMonth,
): Cell<At> {
  const cell = (place: At, parts: Cell<At>['parts'] = []): Cell<At> => {
    const here = rows.filter((row) => isAt(row, place));
    return { at: place, appointments: secretIn(here, place, types), value: here.length, parts };
  };
  const kinds = REQUEST_KINDS.map((kind) => {
    const known = types.filter((each) => each.kind === kind).map(({ code }) => code);
    const present = rows.filter((row) => row.kind === kind).map(({ type }) => type);
    const ofKind = [...new Set([...known, ...present])].sort();
    return cell(at(indicator, { kind }), [
      ofKind.map((type) => cell(at(indicator, { kind, type }))),
    ]);
  });
  const present = rows.map(({ area }) => area ?? NO_AREA);
  const all = areas.length > 0 ? [...areas, NO_AREA] : [];
  const districts = [...new Set([...all, ...present])].map((area) => cell(at(indicator, { area })));
  // Without districts there is nothing to divide.
  return cell(at(indicator), districts.length > 1 ? [kinds, districts] : [kinds]);
}

/** Returns how many requests in a figure are on no public list; infinity where every type that it may have is public. */
function secretIn(
  rows: readonly RequestMonthRow[],
  { kind, type }: At,
  types: readonly Known[],
): number {
  const isPublic = (code: string) => types.find((each) => each.code === code)?.isPublic ?? false;
  const possible = types.filter(
    (each) => (kind === null || each.kind === kind) && (type === null || each.code === type),
  );
  const secret = rows.filter((row) => !isPublic(row.type)).length;
  return secret === 0 && possible.every((each) => each.isPublic)
    ? Number.POSITIVE_INFINITY
    : secret;
}

/** Returns the days of the one in the middle, of two in the middle their mean; 0 of none. */
export function medianOf<Row extends RequestMonthRow>(
  rows: readonly Row[],
  daysOf: (row: Row) => number | null = ({ closedAfter }) => closedAfter,
): number {
  const days = rows.flatMap((row) => daysOf(row) ?? []).sort((a, b) => a - b);
  const middle = Math.floor(days.length / 2);
  const [upper = 0, lower = 0] = [days[middle], days[middle - 1]];
  return days.length % 2 === 0 ? (lower + upper) / 2 : upper;
}

const NOTHING: RequestCounts = {
  ...{ came: 0, open: 0, closed: 0, withTerm: 0, inTime: 0, workingDays: null, reopened: 0 },
};

/** Returns requests by type, team, district and month, from the sums of a span; those of a month are of what happened in it. */
export function requestFigures(sums: readonly RequestSums[]): RequestGroups {
  const of = (by: RequestSums['by']): RequestGroup[] =>
    sums
      .filter((each) => each.by === by)
      .map(({ by: _, key, ...counts }) => ({ key: key ?? NO_AREA, counts }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  const inMonths = (by: RequestSums['by']) =>
    new Map(of(by).flatMap(({ key, counts }) => (key === NO_AREA ? [] : [[key, counts] as const])));
  const [came, closed, reopened] = [
    inMonths('cameIn'),
    inMonths('closedIn'),
    inMonths('reopenedIn'),
  ];
  const months = new Set([...came.keys(), ...closed.keys(), ...reopened.keys()]);
  const month = [...months].sort().map((key): RequestGroup => {
    const { came: arrived, open } = came.get(key) ?? NOTHING;
    const { reopened: again } = reopened.get(key) ?? NOTHING;
    const counts = { ...(closed.get(key) ?? NOTHING), came: arrived, open, reopened: again };
    return { key, counts };
  });
  return { type: of('type'), team: of('team'), area: of('area'), month };
}

/**
 * Returns the months that lie whole in a span of days and are over, as first days. What people say of a request is shown for these alone: nothing more is
 * said in a month that is over, and the difference of two spans is a month (docs/adr/0032).
 */
export function wholeMonths(
  span: { from: Temporal.PlainDate; before: Temporal.PlainDate },
  today: Temporal.PlainDate,
): { from: Temporal.PlainDate; before: Temporal.PlainDate } {
  const from = span.from.day === 1 ? span.from : span.from.with({ day: 1 }).add({ months: 1 });
  const [end, over] = [span.before.with({ day: 1 }), today.with({ day: 1 })];
  return { from, before: Temporal.PlainDate.compare(end, over) < 0 ? end : over };
}

/** Returns the working days of an office from one local day to another, which is included. */
export function workingDayNumbers(
  rules: HolidayRules,
  first: Temporal.PlainDate,
  last: Temporal.PlainDate,
): WorkingDayNumbers {
  const calendar = workingDaysOf(rules);
  const [upTo, handedIn]: [number[], number[]] = [[], []];
  let number = 0;
  for (let day = first; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    const isCounted = calendar.counts(day);
    if (isCounted) number++;
    upTo.push(number);
    handedIn.push(isCounted ? number : number + 1);
  }
  return { first: first.toString(), upTo, handedIn };
}
