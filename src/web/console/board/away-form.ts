import { instantOf, minuteAtOrAfter, workTimes } from '../../../features/booking/slots/rules.ts';
import {
  awayMistakes,
  endOfShift,
  localMinute,
} from '../../../features/service/coordination/rules.ts';
import type { Away } from '../../../features/service/coordination/types.ts';
import type { ProblemLink } from '../../../ui/parts.tsx';
import type { Form } from '../../form.ts';
import type { DeskVisit } from '../visit.tsx';

/** The typed fields. */
export interface TypedAway {
  desk: string;
  /** `2026-11-30T09:00` */
  from: string;
  to: string;
  why: string;
}

/**
 * Returns the span from now to the end of the day's work, of the desk in the address or of the desk that
 * works longest.
 */
export function untilOf({ c, office, now }: DeskVisit): TypedAway {
  const asked = Number(c.req.query('desk'));
  const desk = office.desks.find((each) => each.id === asked);
  const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const times = workTimes(office.rota, today.toString(), today.toString());
  const midnight = today.add({ days: 1 }).toZonedDateTime(office.timeZone).toInstant();
  const ends = [...times].flatMap(([id, time]) => {
    if (desk && id !== desk.id) return [];
    return endOfShift(time, minuteAtOrAfter(now), minuteAtOrAfter(midnight)) ?? [];
  });
  const end = ends.length > 0 ? instantOf(Math.max(...ends)) : midnight;
  return {
    desk: desk ? `${desk.id}` : '',
    from: localMinute(now, office.timeZone),
    to: localMinute(end, office.timeZone),
    why: '',
  };
}

/** Returns the typed fields, and their meaning when nothing is wrong. */
export function readAway(
  { t, office, now }: DeskVisit,
  form: Form,
): { typed: TypedAway; away: Away | null; problems: ProblemLink[] } {
  const typed = {
    desk: form.text('desk'),
    from: form.text('from').slice(0, 16),
    to: form.text('to').slice(0, 16),
    why: form.line('why'),
  };
  const away = { ...typed, desk: Number(typed.desk) };
  const wrong = awayMistakes(office, away, now);
  const problems = wrong.map((each) => ({
    href: `#${each === 'desk' || each === 'from' || each === 'why' ? each : 'to'}`,
    text: t(`away.wrong.${each}`),
  }));
  return { typed, away: wrong.length === 0 ? away : null, problems };
}
