import type { VNode } from 'preact';
import type { Dates } from '../lib/i18n/dates.ts';
import type { Translate } from '../lib/i18n/translate.ts';
import {
  byHour,
  DAY_PARTS,
  type DayPart,
  instantOf,
  type SlotDay,
  type Start,
  startOf,
  startsIn,
  thinned,
} from './slot-days.ts';

/** With more times than this shown in a day, morning and afternoon are separate, and each hour has its own line. */
const SPLIT_ABOVE = 12;
/** With more than this, each part of the day opens and closes separately. */
const FOLD_ABOVE = 24;
/** With at most this many in all, every day is open. */
const OPEN_UP_TO = 24;

export interface SlotPickerProps {
  t: Translate;
  dates: Dates;
  /** The days to offer, in order. */
  days: readonly SlotDay[];
  now: Temporal.Instant;
  chosen?: Temporal.Instant | undefined;
  error?: string | undefined;
  legend: string;
}

/** The settings with which the parts of the picker are drawn. The parts are functions rather than components: there are hundreds. */
interface Drawing {
  t: Translate;
  dates: Dates;
  /** The words beside the name of a near day, by its key. */
  near: Record<string, string>;
  chosen: Start | undefined;
  /** The very first time carries the field's `id`, so that the error summary reaches it. */
  first: Start | undefined;
}

/**
 * One group of radio buttons, named `start`: a heading per day that opens and closes, each button named by day and hour. Of each hour at
 * most four times are shown, the others open below. It works without a script; the keyboard skips what is closed.
 */
export function SlotPicker(props: SlotPickerProps) {
  const { t, dates, days, now, error } = props;
  const chosen = props.chosen && startOf(props.chosen);
  const [day] = days;
  const first = day && thinned(day, day.starts).shown[0];
  const drawing: Drawing = { t, dates, near: nearDays(t, dates, now), chosen, first };
  const total = days.reduce((sum, { starts }) => sum + starts.length, 0);
  return (
    <fieldset class={error ? 'days wrong' : 'days'} aria-describedby={error && 'start-error'}>
      <legend class="legend">{props.legend}</legend>
      {error ? (
        <p class="mend" id="start-error">
          {error}
        </p>
      ) : null}
      {days.map((day, index) =>
        drawDay(day, index === 0 || total <= OPEN_UP_TO || has(day.starts, chosen), drawing),
      )}
    </fieldset>
  );
}

/** Returns the words for today and tomorrow, by the key of the day. */
function nearDays(t: Translate, dates: Dates, now: Temporal.Instant): Record<string, string> {
  const today = now.toZonedDateTimeISO(dates.timeZone).toPlainDate();
  return {
    [today.toString()]: t('times.today'),
    [today.add({ days: 1 }).toString()]: t('times.tomorrow'),
  };
}

const has = (starts: readonly Start[], chosen: Start | undefined): boolean =>
  chosen !== undefined && starts.includes(chosen);

function drawDay(day: SlotDay, isOpen: boolean, drawing: Drawing): VNode {
  const { t, dates, near } = drawing;
  const name = dates.day(instantOf(day.starts[0] ?? day.midnight));
  const word = near[day.key];
  const { length } = thinned(day, day.starts).shown;
  const isLong = length > SPLIT_ABOVE;
  const parts = isLong ? DAY_PARTS.filter((part) => startsIn(day, part).length > 0) : [];
  return (
    <details class="day" open={isOpen} key={day.key}>
      <summary>
        <h2>
          {name}
          {word ? <span class="soft"> ({word})</span> : null}
        </h2>{' '}
        {drawCount(t, day.starts.length)}
      </summary>
      {parts.length > 1
        ? drawParts(day, name, length > FOLD_ABOVE, drawing)
        : drawTimes(day, name, null, isLong, drawing)}
    </details>
  );
}

/** Draws morning and afternoon; on a very long day each opens and closes separately. */
function drawParts(day: SlotDay, name: string, isFolded: boolean, drawing: Drawing): VNode[] {
  const { t, chosen } = drawing;
  return DAY_PARTS.map((part, index) => {
    const starts = startsIn(day, part);
    const times = drawTimes(day, name, part, true, drawing);
    const title = <h3>{t(`citizen.times.${part}`)}</h3>;
    if (!isFolded)
      return (
        <div key={part}>
          {title}
          {times}
        </div>
      );
    const isOpen = has(day.starts, chosen) ? has(starts, chosen) : index === 0;
    return (
      <details class="part" open={isOpen} key={part}>
        <summary>
          {title} {drawCount(t, starts.length)}
        </summary>
        {times}
      </details>
    );
  });
}

const drawCount = (t: Translate, count: number): VNode => (
  <span class="soft">
    <span class="hide">, </span>
    {t('citizen.times.free', { count })}
  </span>
);

/** Draws the times of a day or of a part of it in one block, or each hour on its own line; the less round ones open below. */
function drawTimes(
  day: SlotDay,
  name: string,
  part: DayPart | null,
  isLong: boolean,
  drawing: Drawing,
): VNode {
  const { t, chosen } = drawing;
  const { shown, rest } = thinned(day, part ? startsIn(day, part) : day.starts);
  const line = (times: readonly Start[]) => (
    <div class="slots">{times.map((start) => drawTime(start, day, name, drawing))}</div>
  );
  const lines = (times: readonly Start[]) => (
    <div class="hours">{byHour(day, times).map(line)}</div>
  );
  return (
    <>
      {isLong ? lines(shown) : line(shown)}
      {rest.length > 0 ? (
        <details class="rest" open={has(rest, chosen)}>
          <summary>{t(`times.rest.${part ?? 'day'}`, { count: rest.length })}</summary>
          {lines(rest)}
        </details>
      ) : null}
    </>
  );
}

function drawTime(start: Start, day: SlotDay, name: string, drawing: Drawing): VNode {
  const { dates, first, chosen } = drawing;
  const at = instantOf(start);
  const time = day.isEven ? dates.clock(start - day.midnight) : dates.time(at);
  return (
    <label class="slot">
      <input
        type="radio"
        name="start"
        id={start === first ? 'start' : undefined}
        value={at.toString()}
        checked={start === chosen}
        aria-label={`${name}, ${time}`}
      />
      <span>{time}</span>
    </label>
  );
}
