import type { Dates } from '../lib/i18n/dates.ts';
import type { Translate } from '../lib/i18n/translate.ts';

/** Beyond this many times in a day, morning and afternoon stand apart. */
const SPLIT_ABOVE = 12;
const AFTERNOON = '14:00';
/** Up to so many times in all, every day is open. */
const OPEN_UP_TO = 24;

export interface SlotPickerProps {
  t: Translate;
  dates: Dates;
  timeZone: string;
  /** The free starts to offer, in order. */
  starts: readonly Temporal.Instant[];
  chosen?: string | undefined;
  error?: string | undefined;
  legend: string;
}

interface Day {
  key: string;
  starts: Temporal.Instant[];
}

/** The local days that have a start, in order. */
export function daysOf(starts: readonly Temporal.Instant[], timeZone: string): Day[] {
  const days: Day[] = [];
  let midnight = 0; // where the last day ends
  for (const start of starts) {
    const last = days.at(-1);
    if (last && start.epochMilliseconds < midnight) last.starts.push(start);
    else {
      const day = start.toZonedDateTimeISO(timeZone).startOfDay();
      midnight = day.add({ days: 1 }).epochMilliseconds;
      days.push({ key: day.toPlainDate().toString(), starts: [start] });
    }
  }
  return days;
}

/**
 * One group of radio buttons, named `start`: a heading per day that opens and closes, each button named by day and hour.
 * It works without a script; a day that is closed is passed over by the keyboard.
 */
export function SlotPicker(props: SlotPickerProps) {
  const { t, dates, timeZone, error } = props;
  const first = props.starts[0];
  const chip = (start: Temporal.Instant, day: string) => {
    const value = start.toString();
    return (
      <Chip
        key={value}
        id={start === first ? 'start' : `start-${start.epochMilliseconds / 60_000}`}
        value={value}
        checked={value === props.chosen}
        day={day}
        time={dates.time(start)}
      />
    );
  };
  return (
    <fieldset class={error ? 'wrong' : undefined} aria-describedby={error && 'start-error'}>
      <legend class="legend">{props.legend}</legend>
      {error ? (
        <p class="mend" id="start-error">
          {error}
        </p>
      ) : null}
      {daysOf(props.starts, timeZone).map((day, index) => (
        <DayOfSlots
          key={day.key}
          day={day}
          isOpen={
            index === 0 ||
            props.starts.length <= OPEN_UP_TO ||
            day.starts.some((each) => each.toString() === props.chosen)
          }
          t={t}
          dates={dates}
          timeZone={timeZone}
          chip={chip}
        />
      ))}
    </fieldset>
  );
}

function Chip(props: { id: string; value: string; checked: boolean; day: string; time: string }) {
  return (
    <div class="slot">
      <input
        type="radio"
        name="start"
        id={props.id}
        value={props.value}
        checked={props.checked}
        aria-label={`${props.day}, ${props.time}`}
      />
      <label for={props.id}>{props.time}</label>
    </div>
  );
}

function DayOfSlots(props: {
  day: Day;
  isOpen: boolean;
  t: Translate;
  dates: Dates;
  timeZone: string;
  chip: (start: Temporal.Instant, day: string) => preact.JSX.Element;
}) {
  const { day, t, dates, timeZone, chip } = props;
  const first = day.starts[0];
  if (!first) return null;
  const name = dates.day(first);
  const chips = (starts: Temporal.Instant[]) => (
    <div class="slots">{starts.map((start) => chip(start, name))}</div>
  );
  const { epochMilliseconds: noon } = first.toZonedDateTimeISO(timeZone).withPlainTime(AFTERNOON);
  const morning = day.starts.filter((each) => each.epochMilliseconds < noon);
  const afternoon = day.starts.filter((each) => each.epochMilliseconds >= noon);
  const split = day.starts.length > SPLIT_ABOVE && morning.length > 0 && afternoon.length > 0;
  return (
    <details class="day" open={props.isOpen}>
      <summary>
        <h2>{name}</h2>
        <span class="soft">{t('citizen.times.free', { count: day.starts.length })}</span>
      </summary>
      {split ? (
        <>
          <h3>{t('citizen.times.morning')}</h3>
          {chips(morning)}
          <h3>{t('citizen.times.afternoon')}</h3>
          {chips(afternoon)}
        </>
      ) : (
        chips(day.starts)
      )}
    </details>
  );
}
