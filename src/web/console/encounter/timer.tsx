import { minutesBetween } from '../../../features/service/encounter/rules.ts';
import type { DayEntry, Dossier } from '../../../features/service/encounter/types.ts';
import type { DeskVisit } from '../visit.tsx';
import { spanIn } from '../words.ts';

/** The next appointment. */
export type Following = Pick<DayEntry, 'name' | 'dueAt'>;

interface TimerProps {
  visit: DeskVisit;
  dossier: Dossier;
  following: Following | null;
}

/**
 * The duration so far, the planned end and the next citizen, in words. The values are those of the
 * page's creation; the
 * island updates them, by the server's clock.
 */
export function Timer({ visit, dossier, following }: TimerProps) {
  const { t, dates, now } = visit;
  const { appointment, encounter } = dossier;
  if (!encounter) return null;
  const { startedAt } = encounter;
  const minutes = Math.max(0, minutesBetween(startedAt, now));
  const end = dates.time(appointment.end);
  const isOver = Temporal.Instant.compare(now, appointment.end) >= 0;
  const time = following && dates.time(following.dueAt);
  const isTime = following && Temporal.Instant.compare(now, following.dueAt) >= 0;
  return (
    <div
      class="timer small"
      id="timer"
      data-now={now.toString()}
      data-since={startedAt.toString()}
      data-until={appointment.end.toString()}
      data-moment={t('attending.timer.moment')}
      data-running={t('attending.timer.running', { span: '#', time: end })}
      data-past={t('attending.timer.past', { span: '#', time: end })}
    >
      <p class="figures">
        {t(isOver ? 'attending.timer.past' : 'attending.timer.running', {
          span: minutes < 1 ? t('attending.timer.moment') : spanIn(t, minutes),
          time: end,
        })}
      </p>
      {following && time ? (
        <p
          id="following"
          class={isTime ? 'it-is-time' : undefined}
          role="status"
          data-at={following.dueAt.toString()}
          data-time={t('attending.timer.time', { name: following.name, time })}
        >
          {t(isTime ? 'attending.timer.time' : 'attending.timer.next', {
            name: following.name,
            time,
          })}
        </p>
      ) : null}
    </div>
  );
}
