import { localMinute } from '../../../domain/rota.ts';
import { instantOf, minuteAtOrAfter, workTimes } from '../../../features/booking/slots/rules.ts';
import { endOfShift } from '../../../features/service/coordination/rules.ts';
import type { DeskVisit } from '../visit.tsx';

/**
 * Returns the first values of the form: from now to the end of the day's work, of the desk in the address or of the desk that works
 * longest.
 */
export function untilOf({ c, office, now }: DeskVisit) {
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
