import { canArrive, checkInStands } from '../../../features/service/check-in/rules.ts';
import { minutesBetween } from '../../../features/service/encounter/rules.ts';
import type { DayEntry } from '../../../features/service/encounter/types.ts';
import type { DeskVisit } from '../visit.tsx';
import { spanIn } from '../words.ts';

/** Marks somebody of the day's list as there, once it can be. */
export function ArrivedButton({
  visit,
  entry,
  day,
}: {
  visit: DeskVisit;
  entry: DayEntry;
  day: Temporal.PlainDate;
}) {
  const { t, base, now } = visit;
  if (!canArrive(checkInStands({ ...entry, displacedAt: null }, now))) return null;
  return (
    <form method="post" action={`${base}/appointment/${entry.id}/arrived`} class="small">
      <input type="hidden" name="day" value={day.toString()} />
      <button type="submit" class="link">
        {t('checkIn.desk.mark')}
        <span class="hide">: {entry.name}</span>
      </button>
    </form>
  );
}

/** Since when somebody is there. */
export function ArrivedSince({ visit, at }: { visit: DeskVisit; at: Temporal.Instant }) {
  const { t, dates, now } = visit;
  const span = spanIn(t, minutesBetween(at, now));
  return <span>{t('checkIn.desk.since', { time: dates.time(at), span })}</span>;
}
