import { type Finding, right, warning } from './report.ts';

/** The connected calendars of all offices. */
export interface CalendarCount {
  all: number;
  /** Those that did not work at the last try. */
  failing: number;
}

/** Reports whether connected calendars work; nothing where there are none. Pure. */
export function aboutCalendars({ all, failing }: CalendarCount): Finding[] {
  if (all === 0) return [];
  if (failing === 0)
    return [
      right(
        `${all === 1 ? 'The connected calendar works' : `All ${all} connected calendars work`}.`,
      ),
    ];
  return [
    warning(
      `${failing} of ${all} connected calendars can't be read: the times that they keep busy may be old.`,
      'The page of calendars in each office’s console names the desk and the cause.',
    ),
  ];
}
