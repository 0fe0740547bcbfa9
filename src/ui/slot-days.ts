import { spokenMinutes } from './spoken-times.ts';

/** The parts of a day into which free times are sorted. */
export const DAY_PARTS = ['morning', 'afternoon'] as const;
export type DayPart = (typeof DAY_PARTS)[number];

/** The beginning of the afternoon, in local time. */
const AFTERNOON = '14:00';
const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** A start: minutes since the epoch, as the slot engine counts them. A page of times has hundreds of them. */
export type Start = number;

/** A local day with its starts, in order. */
export interface SlotDay {
  /** `YYYY-MM-DD`. */
  key: string;
  /** Its first minute, and the first minute of its afternoon. */
  midnight: Start;
  afternoon: Start;
  /** Whether local time equals the minutes since midnight: false on days when summer time begins or ends. */
  isEven: boolean;
  starts: readonly Start[];
}

export const instantOf = (start: Start): Temporal.Instant =>
  Temporal.Instant.fromEpochMilliseconds(start * MINUTE_MS);

export const startOf = (at: Temporal.Instant): Start => at.epochMilliseconds / MINUTE_MS;

/** Returns the local days that have a start, in order. `starts` must be in order too. */
export function daysOf(starts: readonly Start[], timeZone: string): SlotDay[] {
  const days: (SlotDay & { starts: Start[] })[] = [];
  let end = 0; // the end of the last day
  for (const start of starts) {
    const last = days.at(-1);
    if (last && start < end) last.starts.push(start);
    else {
      const day = instantOf(start).toZonedDateTimeISO(timeZone).startOfDay();
      const midnight = minuteOf(day);
      end = minuteOf(day.add({ days: 1 }));
      days.push({
        key: day.toPlainDate().toString(),
        midnight,
        afternoon: minuteOf(day.withPlainTime(AFTERNOON)),
        isEven: end - midnight === DAY_MINUTES,
        starts: [start],
      });
    }
  }
  return days;
}

const minuteOf = (at: Temporal.ZonedDateTime): Start => at.epochMilliseconds / MINUTE_MS;

/** Returns the starts in one part of a day. */
export const startsIn = (day: SlotDay, part: DayPart): Start[] =>
  day.starts.filter((each) => each < day.afternoon === (part === 'morning'));

/** Returns the days with their starts in one part of the day, without empty days. */
export const onlyIn = (days: readonly SlotDay[], part: DayPart): SlotDay[] =>
  days
    .map((day) => ({ ...day, starts: startsIn(day, part) }))
    .filter((day) => day.starts.length > 0);

/** Returns some starts of a day grouped by hour, without empty hours. */
export function byHour(day: SlotDay, starts: readonly Start[]): Start[][] {
  const hours: Start[][] = [];
  let last = -1;
  for (const start of starts) {
    const hour = Math.floor((start - day.midnight) / 60);
    if (hour === last) hours.at(-1)?.push(start);
    else hours.push([start]);
    last = hour;
  }
  return hours;
}

/** Some starts of a day: those that are shown at once, and the rest. Each in order. */
export interface Thinned {
  shown: Start[];
  rest: Start[];
}

/** Divides some starts of a day: at most four of each hour are shown at once (see `spokenMinutes`). */
export function thinned(day: SlotDay, starts: readonly Start[]): Thinned {
  const minuteOf = (start: Start) => (start - day.midnight) % 60;
  const shown = byHour(day, starts).flatMap((hour) => {
    const spoken = new Set(spokenMinutes(hour.map(minuteOf)));
    return hour.filter((each) => spoken.has(minuteOf(each)));
  });
  const isShown = new Set(shown);
  return { shown, rest: starts.filter((each) => !isShown.has(each)) };
}
