import { dayIn } from '../../../domain/form/answers/days.ts';
import { nearInstant } from '../../../lib/calendar/near.ts';
import { DAY_PARTS, type DayPart } from '../../../ui/slot-days.ts';
import { readDay, readTypedDay, type TypedDay } from './days.ts';

type Day = Temporal.PlainDate;

export type DayProblem = 'bad' | 'past' | 'far';

/** The times that a page's address asks for. */
export interface Wanted {
  part: DayPart | null;
  /** From this day on; null: from the first bookable one. */
  from: Day | null;
  /** The days before this one; null: no such parameter. */
  before: Day | null;
  typed: TypedDay;
  /** The mistake in the typed day. The first days are shown. */
  mistake: DayProblem | null;
  /** The mistake in the day of an old or cut address. The first days are shown. */
  stale: DayProblem | null;
  /** The time to choose on the page; when it isn't free, the page says so, and shows times near it. */
  start: Temporal.Instant | null;
  /** Whether the form was sent without a time. */
  isMissing: boolean;
}

/**
 * Reads the wanted times from parameters, where days from `first` to `last` are bookable. `ask` returns
 * a parameter's value.
 */
export function readWanted(
  ask: (name: string) => string | undefined,
  first: Day,
  last: Day,
): Wanted {
  const typed = readTypedDay('on', ask);
  const part = DAY_PARTS.find((each) => each === ask('part')) ?? null;
  const start = nearInstant(ask('start') ?? '');
  const none: Wanted = {
    part,
    from: null,
    before: null,
    typed,
    mistake: null,
    stale: null,
    start,
    isMissing: ask('missing') !== undefined,
  };
  const within = (day: Day | 'bad') => check(day, first, last);

  const own = readDay(typed);
  if (own !== null) {
    const { day, problem } = within(own);
    return { ...none, from: day, mistake: problem };
  }
  for (const name of ['before', 'from'] as const) {
    const text = ask(name);
    if (!text) continue;
    const { day, problem } = within(dayIn(text) ?? 'bad');
    return { ...none, [name]: day, stale: problem };
  }
  return none;
}

/** Returns the day if it is bookable and isn't the default, or the mistake in it. */
function check(
  day: Day | 'bad',
  first: Day,
  last: Day,
): { day: Day | null; problem: DayProblem | null } {
  if (day === 'bad') return { day: null, problem: 'bad' };
  const order = Temporal.PlainDate.compare(day, first);
  if (order < 0) return { day: null, problem: 'past' };
  if (Temporal.PlainDate.compare(day, last) > 0) return { day: null, problem: 'far' };
  return { day: order === 0 ? null : day, problem: null };
}
