import type { HolidayRules } from '../../../../domain/office/calendar/holidays.ts';
import { workingDaysOf } from '../../../../domain/office/calendar/working-days.ts';
import { REQUEST_KINDS, type RequestKind } from '../../../../domain/requests/kinds.ts';
import { type Cell, publish } from '../publishing.ts';
import type {
  OpenRequestRow,
  RequestCounts,
  RequestFigures,
  RequestGroup,
  RequestIndicator,
  RequestMonthRow,
  RequestSpanRow,
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

/** Returns requests by type, team, district and month; the sums of a month are of what happened in it. */
export function requestFigures(rows: readonly RequestSpanRow[]): RequestFigures {
  const by = (keyOf: (row: RequestSpanRow) => string | null) =>
    groupsOf(Map.groupBy(rows, (row) => keyOf(row) ?? NO_AREA));
  const months = new Set(
    rows.flatMap(({ cameIn, closedIn, reopenedIn }) =>
      [cameIn, closedIn, reopenedIn].filter((each) => each !== null),
    ),
  );
  return {
    type: by(({ type }) => type),
    team: by(({ team }) => team),
    area: by(({ area }) => area),
    month: groupsOf(new Map([...months].sort().map((month) => [month, inMonth(rows, month)]))),
  };
}

/** Returns what of requests happened in a month. */
const inMonth = (rows: readonly RequestSpanRow[], month: string): RequestSpanRow[] =>
  rows.map((row) => {
    const isClosedThen = row.closedIn === month;
    return {
      ...row,
      isReceived: row.cameIn === month,
      isReopened: row.reopenedIn === month,
      closedAfter: isClosedThen ? row.closedAfter : null,
      workingDays: isClosedThen ? row.workingDays : null,
      isInTime: isClosedThen ? row.isInTime : null,
      score: isClosedThen ? row.score : null,
      solved: isClosedThen ? row.solved : null,
    };
  });

const groupsOf = (groups: ReadonlyMap<string, readonly RequestSpanRow[]>): RequestGroup[] =>
  [...groups].map(([key, some]) => ({ key, counts: countsOf(some) }));

function countsOf(rows: readonly RequestSpanRow[]): RequestCounts {
  const count = (is: (row: RequestSpanRow) => boolean) => rows.filter(is).length;
  const closed = rows.filter(({ closedAfter }) => closedAfter !== null);
  return {
    came: count(({ isReceived }) => isReceived),
    open: count(({ isReceived, isOpen }) => isReceived && isOpen),
    closed: closed.length,
    withTerm: count(({ isInTime }) => isInTime !== null),
    inTime: count(({ isInTime }) => isInTime === true),
    workingDays: closed.length === 0 ? null : medianOf(closed, ({ workingDays }) => workingDays),
    reopened: count(({ isReopened }) => isReopened),
    scored: count(({ score }) => score !== null),
    scores: rows.reduce((sum, { score }) => sum + (score ?? 0), 0),
    judged: count(({ solved }) => solved !== null),
    solved: count(({ solved }) => solved === 'yes'),
  };
}

/** Returns how many working days lie between the days on which something came and was closed; what comes on a day that does not count came on the next one (Ley 39/2015, art. 31.2). */
export function workingDaysFor(rules: HolidayRules): (cameOn: string, closedOn: string) => number {
  const calendar = workingDaysOf(rules);
  const known = new Map<string, number>();
  return (cameOn, closedOn) => {
    const key = `${cameOn} ${closedOn}`;
    const days =
      known.get(key) ??
      Math.max(
        0,
        calendar.between(
          calendar.handedInOn(Temporal.PlainDate.from(cameOn)),
          Temporal.PlainDate.from(closedOn),
        ),
      );
    known.set(key, days);
    return days;
  };
}
