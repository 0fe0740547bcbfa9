import type { SlotAsk } from '../../../features/booking/slots/service.ts';
import { nearDay } from '../../../lib/calendar/near.ts';
import { byHour, instantOf, type SlotDay } from '../../../ui/slot-days.ts';
import { findFreeDays, lastDay, today } from '../../citizen/times/days.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** Returns the next days with free times at any desk; empty when the office doesn't offer the choice. */
export async function freeDays(
  deps: StaffDeps,
  { office, now }: DeskVisit,
  ask: SlotAsk,
  from: string,
  except?: string,
): Promise<{ days: SlotDay[]; more: string | null }> {
  const first = today(office, now);
  const asked = nearDay(from) ?? first;
  const start = Temporal.PlainDate.compare(asked, first) < 0 ? first : asked;
  const where = {
    slots: deps.slots,
    office,
    ask,
    part: null,
    first,
    last: lastDay(office, now),
    except,
  };
  const found = await findFreeDays(where, start);
  return found.ok ? found : { days: [], more: null };
}

export interface FreeTimesProps {
  visit: DeskVisit;
  days: readonly SlotDay[];
  /** The chosen instant. */
  chosen: string;
  error?: string | undefined;
}

/**
 * One group of radio buttons: day after day, a line for each hour. The first day is open, or the day of
 * the choice.
 */
export function FreeTimes({ visit, days, chosen, error }: FreeTimesProps) {
  const { t, dates } = visit;
  const first = days[0]?.starts[0];
  const isIn = (day: SlotDay) => day.starts.some((each) => instantOf(each).toString() === chosen);
  const opens = days.find(isIn) ?? days[0];
  return (
    <fieldset class={error ? 'wrong' : undefined} aria-describedby={error && 'start-error'}>
      <legend class="legend">{t('desk.times.title')}</legend>
      {error ? (
        <p class="mend" id="start-error">
          {error}
        </p>
      ) : null}
      {days.map((day) => {
        const name = dates.day(instantOf(day.starts[0] ?? day.midnight));
        return (
          <details class="more" open={day === opens} key={day.key}>
            <summary class="day-title">
              {name} <span class="soft">{t('desk.times.count', { count: day.starts.length })}</span>
            </summary>
            {byHour(day, day.starts).map((hour) => (
              <div class="hour-line figures" key={hour[0]}>
                {hour.map((start) => {
                  const at = instantOf(start);
                  return (
                    <label key={start}>
                      <input
                        type="radio"
                        name="start"
                        id={start === first ? 'start' : undefined}
                        value={at.toString()}
                        checked={at.toString() === chosen}
                        aria-label={`${name}, ${dates.time(at)}`}
                      />
                      {dates.time(at)}
                    </label>
                  );
                })}
              </div>
            ))}
          </details>
        );
      })}
    </fieldset>
  );
}

/** The same choice with the days side by side, so that an hour is found at a glance. */
export function TimesGrid({ visit, days, chosen, error }: FreeTimesProps) {
  const { t, dates } = visit;
  const first = days[0]?.starts[0];
  return (
    <fieldset class={error ? 'wrong' : undefined} aria-describedby={error && 'start-error'}>
      <legend class="legend">{t('desk.times.title')}</legend>
      {error ? (
        <p class="mend" id="start-error">
          {error}
        </p>
      ) : null}
      <div class="times-grid">
        {days.map((day) => {
          const at = instantOf(day.starts[0] ?? day.midnight);
          return (
            <div key={day.key}>
              <p class="small times-day">
                <abbr title={dates.day(at)}>{dates.briefDay(at)}</abbr>
              </p>
              {day.starts.map((start) => (
                <OneTime
                  key={start}
                  visit={visit}
                  at={instantOf(start)}
                  isFirst={start === first}
                  chosen={chosen}
                />
              ))}
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}

function OneTime(props: {
  visit: DeskVisit;
  at: Temporal.Instant;
  isFirst: boolean;
  chosen: string;
}) {
  const { visit, at, isFirst, chosen } = props;
  const { dates } = visit;
  return (
    <label class="figures">
      <input
        type="radio"
        name="start"
        id={isFirst ? 'start' : undefined}
        value={at.toString()}
        checked={at.toString() === chosen}
        aria-label={`${dates.day(at)}, ${dates.time(at)}`}
      />
      <span>{dates.time(at)}</span>
    </label>
  );
}
