import type { VNode } from 'preact';
import type { Dates } from '../lib/i18n/dates.ts';
import type { Translate } from '../lib/i18n/translate.ts';
import { byHour, DAY_PARTS, instantOf, type SlotDay, type Start, startsIn } from './slot-days.ts';

/** With more times than this in a day, morning and afternoon are separate, and each hour has its own line. */
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
  chosen?: Temporal.Instant | undefined;
  error?: string | undefined;
  legend: string;
}

/** The settings with which the parts of the picker are drawn. The parts are functions rather than components: there are hundreds. */
interface Drawing {
  t: Translate;
  dates: Dates;
  chosen: Start | undefined;
  /** The very first time carries the field's `id`, so that the error summary reaches it. */
  first: Start | undefined;
}

/**
 * One group of radio buttons, named `start`: a heading per day that opens and closes, each button named by day and hour. It works without a
 * script; the keyboard skips closed days.
 */
export function SlotPicker(props: SlotPickerProps) {
  const { t, dates, days, error } = props;
  const chosen = props.chosen && props.chosen.epochMilliseconds / 60_000;
  const drawing: Drawing = { t, dates, chosen, first: days[0]?.starts[0] };
  const total = days.reduce((sum, day) => sum + day.starts.length, 0);
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

const has = (starts: readonly Start[], chosen: Start | undefined): boolean =>
  chosen !== undefined && starts.includes(chosen);

function drawDay(day: SlotDay, isOpen: boolean, drawing: Drawing): VNode {
  const { t, dates } = drawing;
  const name = dates.day(instantOf(day.starts[0] ?? day.midnight));
  const isLong = day.starts.length > SPLIT_ABOVE;
  const parts = isLong ? DAY_PARTS.filter((part) => startsIn(day, part).length > 0) : [];
  return (
    <details class="day" open={isOpen} key={day.key}>
      <summary>
        <h2>{name}</h2> {drawCount(t, day.starts.length)}
      </summary>
      {parts.length > 1
        ? drawParts(day, name, drawing)
        : drawTimes(day, name, day.starts, isLong, drawing)}
    </details>
  );
}

/** Draws morning and afternoon; on a very long day each opens and closes separately. */
function drawParts(day: SlotDay, name: string, drawing: Drawing): VNode[] {
  const { t, chosen } = drawing;
  return DAY_PARTS.map((part, index) => {
    const starts = startsIn(day, part);
    const times = drawTimes(day, name, starts, true, drawing);
    const title = <h3>{t(`citizen.times.${part}`)}</h3>;
    if (day.starts.length <= FOLD_ABOVE)
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
  <span class="soft">{t('citizen.times.free', { count })}</span>
);

/** Draws the times in one block, or each hour on its own line. */
function drawTimes(
  day: SlotDay,
  name: string,
  starts: readonly Start[],
  isLong: boolean,
  drawing: Drawing,
): VNode {
  const line = (times: readonly Start[]) => (
    <div class="slots">{times.map((start) => drawTime(start, day, name, drawing))}</div>
  );
  return isLong ? <div class="hours">{byHour(day, starts).map(line)}</div> : line(starts);
}

function drawTime(start: Start, day: SlotDay, name: string, drawing: Drawing): VNode {
  const { dates, first, chosen } = drawing;
  const id = start === first ? 'start' : `start-${start}`;
  const at = instantOf(start);
  const time = day.isEven ? dates.clock(start - day.midnight) : dates.time(at);
  return (
    <div class="slot">
      <input
        type="radio"
        name="start"
        id={id}
        value={at.toString()}
        checked={start === chosen}
        aria-label={`${name}, ${time}`}
      />
      <label for={id}>{time}</label>
    </div>
  );
}
