import type {
  Board,
  BoardDesk,
  BoardEntry,
  Gap,
} from '../../../features/service/coordination/types.ts';
import {
  isStillOpen,
  LATE_AFTER_MINUTES,
  minutesBetween,
} from '../../../features/service/encounter/rules.ts';
import type { OutsideReason } from '../../../features/service/rota/types.ts';
import { STATE_KINDS } from '../bar/presence-menu.tsx';
import { DeskName } from '../desk-name.tsx';
import { formatOutlook } from '../outlook-words.ts';
import type { DeskVisit } from '../visit.tsx';
import { type OutsideShift, outsideIn, spanIn, standing } from '../words.ts';

const FIVE = 5;

/** Returns the classes that place an instant on the board: from its first hour, in steps of five minutes. */
export function placeClass(from: Temporal.Instant, at: Temporal.Instant): string {
  const minutes = Math.max(0, Math.floor(minutesBetween(from, at) / FIVE) * FIVE);
  return `h-${Math.floor(minutes / 60)} m-${minutes % 60}`;
}

/** Returns the classes for a duration, at least ten minutes so that the text is readable. */
export function lengthClass(from: Temporal.Instant, to: Temporal.Instant): string {
  const minutes = Math.max(10, Math.ceil(minutesBetween(from, to) / FIVE) * FIVE);
  return `lh-${Math.floor(minutes / 60)} lm-${minutes % 60}`;
}

const SIGNS = { good: '✓', warn: '▲', bad: '✕', now: '●', plain: '○' } as const;

export interface ColumnProps {
  visit: DeskVisit;
  board: Board;
  column: BoardDesk;
  isChoosing: boolean;
  /** The appointments at an hour at which their desk does not work. */
  outside: OutsideShift;
  /** The present-time line, if the board shows it. */
  now: string | null;
}

/** A desk's day: a list in the order of time, shown as one column of the board. */
export function BoardColumn(props: ColumnProps) {
  const { visit, board, column, isChoosing, outside, now } = props;
  const { desk, entries, gaps } = column;
  const all = [...entries, ...gaps].toSorted((a, b) => beginning(a) - beginning(b));
  return (
    <section class="column" aria-labelledby={`desk-${desk.id}`}>
      <div class="column-head">
        <h2 id={`desk-${desk.id}`}>
          <DeskName visit={visit} desk={desk.id} />
        </h2>
        <DeskNote visit={visit} column={column} />
      </div>
      <ol class="blocks">
        {now ? (
          <li
            class={`now-line ${now}`}
            id={column === board.desks[0] ? 'now' : undefined}
            aria-hidden="true"
          />
        ) : null}
        {all.map((each) =>
          'kind' in each ? (
            <Empty key={each.from.epochMilliseconds} visit={visit} board={board} gap={each} />
          ) : (
            <Block
              key={each.id}
              visit={visit}
              board={board}
              entry={each}
              canTick={isChoosing}
              outside={outside.get(each.id)}
            />
          ),
        )}
      </ol>
    </section>
  );
}

/** The notes beside a desk's name: what its agent is at now, how late it runs, and how much is free. */
function DeskNote({ visit, column }: { visit: DeskVisit; column: BoardDesk }) {
  const { t } = visit;
  return (
    <>
      <DeskState visit={visit} column={column} />
      {column.lateMinutes > 0 ? (
        <p class="warn">
          <span aria-hidden="true">▲ </span>
          {t('freeNow.board.late', { span: briefSpan(t, column.lateMinutes) })}
        </p>
      ) : null}
      <p class="soft">
        {column.freeMinutes > 0
          ? t('board.free', { span: spanIn(t, column.freeMinutes) })
          : t('board.full')}
      </p>
    </>
  );
}

/** Returns a duration as a narrow column has room for it: "26 min", "1 h 8 min". */
const briefSpan = (t: DeskVisit['t'], minutes: number): string =>
  minutes < 60 ? t('freeNow.board.minutes', { minutes }) : spanIn(t, minutes);

/** What the agent of a desk is at; nothing for a desk that has nobody and no hours today. */
function DeskState({ visit, column }: { visit: DeskVisit; column: BoardDesk }) {
  const { t, dates } = visit;
  const { outlook, entries, gaps, desk } = column;
  const standing = outlook?.standing;
  if (!outlook || (!standing && entries.length + gaps.length === 0)) return null;
  const state = standing?.state ?? 'away';
  const word = standing
    ? `${t(`liveBoard.state.${state}`)}, ${dates.time(standing.since)}`
    : t('freeNow.board.nobody');
  return (
    <p title={formatOutlook(visit, desk.id, outlook)} class="desk-state" data-state={state}>
      <span aria-hidden="true">{SIGNS[STATE_KINDS[state]]} </span>
      {word}
    </p>
  );
}

const beginning = (each: BoardEntry | Gap): number =>
  ('kind' in each ? each.from : each.start).epochMilliseconds;

function Empty({ visit, board, gap }: { visit: DeskVisit; board: Board; gap: Gap }) {
  const { t, dates } = visit;
  const values = { from: dates.time(gap.from), to: dates.time(gap.to) };
  const place = `${placeClass(board.from, gap.from)} ${lengthClass(gap.from, gap.to)}`;
  const title = gap.kind === 'calendar' ? t('calendars.busy.hint') : undefined;
  return (
    <li class={`gap ${gap.kind} ${place}`} title={title}>
      <span>{t(GAPS[gap.kind], values)}</span>
    </li>
  );
}

const GAPS = {
  free: 'board.gap.free',
  away: 'board.gap.away',
  calendar: 'calendars.busy.block',
} as const;

interface BlockProps {
  visit: DeskVisit;
  board: Board;
  entry: BoardEntry;
  canTick: boolean;
  /** Why its desk does not work at its hour, if it doesn't. */
  outside: OutsideReason | undefined;
}

/** An appointment: its hour, citizen and channel, and its state by a sign, a word and a colour. */
function Block({ visit, board, entry, canTick, outside }: BlockProps) {
  const { t, dates, base, now } = visit;
  const { kind, word, situation } = standing(t, entry, now);
  const place = `${placeClass(board.from, entry.start)} ${lengthClass(entry.start, entry.end)}`;
  const time = dates.time(entry.start);
  const more = [word, sinceIn(visit, entry), t(`board.by.${entry.channel}`)];
  const sign = (
    <span class="sign" aria-hidden="true">
      {SIGNS[kind]}
    </span>
  );
  const off = situation === 'cancelled' ? ' off' : '';
  const isOpen = isStillOpen(entry.status) && entry.status !== 'in_progress';
  return (
    <li class={`block ${kind}${off} ${place}`}>
      {canTick && isOpen ? (
        <label>
          <input type="checkbox" name="one" value={chosenValue(entry)} />
          <span>
            {time} {entry.name}
          </span>
        </label>
      ) : (
        <a href={`${base}/appointment/${entry.id}`}>
          {time} {entry.name}
        </a>
      )}
      <span class="how">
        {sign} {more.filter((each) => each !== '').join(' · ')}
        {outside ? <strong> · ▲ {outsideIn(t, outside)}</strong> : null}
        {entry.undelivered ? <strong> · ✕ {t('staff.undelivered')}</strong> : null}
        {entry.hasStoppedResult ? <strong> · ✕ {t('staff.resultStopped')}</strong> : null}
      </span>
    </li>
  );
}

/** Returns how late it is, or since when the citizen waits or is served. */
function sinceIn({ t, now }: DeskVisit, entry: BoardEntry): string {
  if (entry.since) return spanIn(t, Math.max(0, minutesBetween(entry.since, now)));
  const late = minutesBetween(entry.dueAt, now);
  return entry.status === 'booked' && late >= LATE_AFTER_MINUTES ? spanIn(t, late) : '';
}

/**
 * Returns the value of a ticked appointment with its desk and start: an appointment that changed
 * meanwhile is left alone.
 */
export const chosenValue = (one: { id: string; desk: number; start: Temporal.Instant }): string =>
  `${one.id} ${one.desk} ${one.start.epochMilliseconds}`;

export function readChosen(
  value: string,
): { id: string; desk: number; start: Temporal.Instant } | null {
  const [, id = '', desk, start] = /^([0-9a-f-]{36}) (\d{1,9}) (\d{1,14})$/.exec(value) ?? [];
  if (!desk || !start) return null;
  return { id, desk: Number(desk), start: Temporal.Instant.fromEpochMilliseconds(Number(start)) };
}
