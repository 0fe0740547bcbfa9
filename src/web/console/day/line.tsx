import { isStillOpen, nextOf } from '../../../features/service/encounter/rules.ts';
import type { DayEntry } from '../../../features/service/encounter/types.ts';
import { hoursOf, piecesOf, presenceOf } from '../../../features/service/time-line/rules.ts';
import type { Hour, Placed, Presence } from '../../../features/service/time-line/types.ts';
import { Mark } from '../../../ui/mark.tsx';
import { Tag } from '../../../ui/parts.tsx';
import { needsIn } from '../../words/needs.ts';
import type { DeskVisit } from '../visit.tsx';
import { bookedName, type OutsideShift, outsideIn, spanIn, standing, turnIn } from '../words.ts';

export interface LineProps {
  visit: DeskVisit;
  day: Temporal.PlainDate;
  desk: number;
  entries: readonly DayEntry[];
  isToday: boolean;
  /** The appointments at an hour at which the desk does not work. */
  outside: OutsideShift;
  /** The appointment that is open in the middle region. */
  current?: string | undefined;
}

const NOBODY: Presence = { shifts: [], absences: [], elsewhere: [] };

/** A desk's day along its hours, to scale: a list of hours, each with the appointments that begin in it. */
export function DayLine(props: LineProps) {
  const { visit, day, desk: id, entries, isToday } = props;
  const { t, office, dates, now } = visit;
  const desk = office.rota.desks.find((each) => each.id === id);
  const presence = desk ? presenceOf(desk, office.rota, day) : NOBODY;
  const pieces = piecesOf(entries, presence, isToday ? now : null);
  return (
    <>
      {presence.shifts.length === 0 ? <p class="soft">{t('shortcuts.line.off')}</p> : null}
      <ol class="line">
        {hoursOf(pieces, office.timeZone).map((hour) => (
          <li key={hour.at.toString()} class={isEmpty(hour) ? 'hour-of empty' : 'hour-of'}>
            <span class="figures soft tick">{dates.time(hour.at)}</span>
            {hour.rest ? (
              <span class={`rest ${hour.rest.kind}`} data-minutes={inFives(hour.rest.minutes)} />
            ) : null}
            {hour.pieces.length > 0 ? (
              <ol>
                {hour.pieces.map((piece, index) => (
                  <PieceItem key={index} {...props} piece={piece} />
                ))}
              </ol>
            ) : null}
          </li>
        ))}
      </ol>
    </>
  );
}

const isEmpty = ({ rest, pieces }: Hour) =>
  rest === null && pieces.every(({ minutes }) => minutes === 0);

/** The steps of the stylesheet: five minutes. */
const inFives = (minutes: number): number | undefined => Math.round(minutes / 5) * 5 || undefined;

function PieceItem(props: LineProps & { piece: Placed<DayEntry> }) {
  const { piece } = props;
  const { t, dates } = props.visit;
  return (
    <li
      class={`piece ${piece.kind}`}
      title={piece.kind === 'elsewhere' ? t('calendars.busy.hint') : undefined}
      data-before={inFives(piece.before)}
      data-minutes={inFives(piece.minutes)}
    >
      {piece.kind === 'now' ? null : (
        <span class="figures span">
          <time dateTime={piece.at.toString()}>{dates.time(piece.at)}</time>
          {piece.minutes > 0 ? `–${dates.time(piece.until)}` : ''}
        </span>
      )}{' '}
      <PieceWords {...props} />
    </li>
  );
}

function PieceWords(props: LineProps & { piece: Placed<DayEntry> }) {
  const { visit, piece, entries } = props;
  const { t, now, dates } = visit;
  switch (piece.kind) {
    case 'appointment':
      return <Booked {...props} entry={piece.entry} />;
    case 'again':
      return (
        <WhoLink {...props} entry={piece.entry}>
          {t('shortcuts.line.again', { name: piece.entry.name })}
        </WhoLink>
      );
    case 'free': {
      const minutes = Math.round(piece.until.since(piece.at).total('minutes'));
      return <>{t('shortcuts.line.free', { span: spanIn(t, minutes) })}</>;
    }
    case 'absence':
      return <>{t('shortcuts.line.absence')}</>;
    case 'elsewhere':
      return <>{t('calendars.busy')}</>;
    case 'end':
      return <>{t('shortcuts.line.end')}</>;
    case 'now': {
      const next = nextOf(entries, now);
      const turn = next && turnIn(t, next, now);
      return (
        <>
          <strong>{t('shortcuts.line.now', { time: dates.time(now) })}</strong>
          {next && turn ? (
            <span class="small"> {t('shortcuts.line.next', { name: next.name, turn })}</span>
          ) : null}
        </>
      );
    }
  }
}

function Booked(props: LineProps & { entry: DayEntry }) {
  const { visit, entry, outside } = props;
  const { t, office, dates, now } = visit;
  const { kind, word, situation } = standing(t, entry, now);
  const turn = turnIn(t, entry, now);
  const why = outside.get(entry.id);
  const hasMoved = isStillOpen(entry.status) && !entry.dueAt.equals(entry.start);
  return (
    <>
      <WhoLink {...props}>{entry.name}</WhoLink>
      <p class="small soft">
        {bookedName(t, office, entry)} · {t(`board.by.${entry.channel}`)}
      </p>
      <p class="small marks">
        {situation === 'waiting' ? <Mark lit /> : null}
        <Tag kind={kind}>{word}</Tag>
        {hasMoved ? (
          <span>{t('shortcuts.line.moved', { time: dates.time(entry.dueAt) })}</span>
        ) : turn ? (
          <span>{turn}</span>
        ) : null}
        {why ? <Tag kind="warn">{outsideIn(t, why)}</Tag> : null}
        {entry.undelivered ? <Tag kind="bad">{t('staff.undelivered')}</Tag> : null}
        {entry.hasStoppedResult ? <Tag kind="bad">{t('staff.resultStopped')}</Tag> : null}
      </p>
      {entry.needs.length > 0 ? (
        <p class="small">{needsIn(t, entry, 'staff').needs.join(' · ')}</p>
      ) : null}
    </>
  );
}

function WhoLink(props: LineProps & { entry: DayEntry; children: preact.ComponentChildren }) {
  const { visit, entry, current, children } = props;
  return (
    <a
      href={`${visit.base}/appointment/${entry.id}`}
      aria-current={entry.id === current ? 'true' : undefined}
      class="who"
    >
      {children}
    </a>
  );
}
