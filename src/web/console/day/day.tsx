import { can } from '../../../domain/roles.ts';
import { closedOf, inOrder, isStillOpen } from '../../../features/service/encounter/rules.ts';
import type { DayEntry } from '../../../features/service/encounter/types.ts';
import type { OutsideReason } from '../../../features/service/rota/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Mark } from '../../../ui/mark.tsx';
import { Tag } from '../../../ui/parts.tsx';
import { needsIn } from '../../words/needs.ts';
import { ArrivedButton, ArrivedSince } from '../check-in/marks.tsx';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit } from '../visit.tsx';
import {
  bookedName,
  type OutsideShift,
  outsideIn,
  outsideShift,
  standing,
  turnIn,
  whenIn,
} from '../words.ts';
import { DayLine } from './line.tsx';
import { ViewChooser } from './view.tsx';

export interface DayRegionProps {
  visit: DeskVisit;
  day: Temporal.PlainDate;
  /** The shown desk; null for the whole office. */
  desk: number | null;
  entries: readonly DayEntry[];
  /** The appointment that is open in the middle region. */
  current?: string | undefined;
}

/** Returns whether this viewer may see other desks. */
export const seesOffice = ({ viewer }: DeskVisit): boolean => can(viewer, 'see_every_desk');

/** The left region: today's appointments in the order of serving, then the finished ones. */
export function DayRegion(props: DayRegionProps) {
  const { visit, day, desk, entries } = props;
  const { t, dates, office, now } = visit;
  const noon = day.toZonedDateTime({ timeZone: office.timeZone, plainTime: '12:00' }).toInstant();
  const isToday = now.toZonedDateTimeISO(office.timeZone).toPlainDate().equals(day);
  const wantsLine = visit.preferences.view === 'line';
  const outside = outsideShift(office, entries);
  return (
    <section
      class="region day-region stack"
      aria-labelledby="day"
      data-from={addressOf(props, day)}
      data-day={day.toString()}
    >
      <h2 id="day" class="day-title">
        {dates.day(noon)}
        {isToday ? (
          <span class="soft small"> {t('staff.day.now', { time: dates.time(now) })}</span>
        ) : null}
      </h2>
      <DayChooser {...props} />
      {entries.length === 0 ? <p class="soft">{t('staff.day.empty')}</p> : null}
      {wantsLine && desk === null ? <p class="soft">{t('shortcuts.line.chooseDesk')}</p> : null}
      {wantsLine && desk !== null ? (
        <>
          <DayLine {...props} desk={desk} isToday={isToday} outside={outside} />
          <Cancelled {...props} outside={outside} />
        </>
      ) : (
        <Lists {...props} outside={outside} isToday={isToday} />
      )}
    </section>
  );
}

interface ListProps extends DayRegionProps {
  /** The appointments at an hour at which their desk does not work. */
  outside: OutsideShift;
}

/** The appointments to serve, and the finished ones folded where nobody needs them. */
function Lists({ isToday, ...props }: ListProps & { isToday: boolean }) {
  const { visit, entries, current } = props;
  const { t, now } = visit;
  const open = inOrder(entries, now);
  const closed = closedOf(entries);
  const isWanted = closed.some((each) => each.id === current || isUnsettled(each));
  return (
    <>
      {open.length > 0 ? (
        <>
          <h3>{t('staff.day.open', { count: open.length })}</h3>
          <Entries {...props} entries={open} />
        </>
      ) : null}
      {closed.length > 0 ? (
        <details class="day-done" open={!isToday || isWanted}>
          <summary>
            <h3>{t('staff.day.closed', { count: closed.length })}</h3>
          </summary>
          <Entries {...props} entries={closed} />
        </details>
      ) : null}
    </>
  );
}

/** The cancelled appointments, which the hours have no place for. */
function Cancelled(props: ListProps) {
  const { t } = props.visit;
  const cancelled = closedOf(props.entries).filter(({ status }) => status === 'cancelled');
  if (cancelled.length === 0) return null;
  return (
    <>
      <h3>{t('shortcuts.line.cancelled', { count: cancelled.length })}</h3>
      <Entries {...props} entries={cancelled} />
    </>
  );
}

const Entries = ({ visit, entries, current, outside, day }: ListProps) => (
  <ol class="entries">
    {entries.map((entry) => (
      <Entry
        key={entry.id}
        visit={visit}
        entry={entry}
        isCurrent={entry.id === current}
        outside={outside.get(entry.id)}
        day={day}
      />
    ))}
  </ol>
);

/** Whether a finished appointment still asks for something of staff. */
const isUnsettled = ({ undelivered, hasStoppedResult }: DayEntry): boolean =>
  undelivered || hasStoppedResult;

/** One row: two lines for most, a third for what is under way, late or missing. */
function Entry(props: {
  visit: DeskVisit;
  entry: DayEntry;
  isCurrent: boolean;
  /** Why its desk does not work at its hour, if it doesn't. */
  outside: OutsideReason | undefined;
  day: Temporal.PlainDate;
}) {
  const { visit, entry, isCurrent, outside, day } = props;
  const { t, dates, office, now, base } = visit;
  const { kind, word, situation } = standing(t, entry, now);
  const isUpcoming = situation === 'upcoming';
  // Who was called before has the next call beside the calls.
  const turn = entry.failedAttempts > 0 ? '' : turnIn(t, entry, now);
  const desk = seesOffice(visit) ? formatDesk(visit, entry.desk) : undefined;
  return (
    <li class={situation === 'cancelled' ? 'entry off' : 'entry'}>
      <time class="figures" dateTime={entry.start.toString()}>
        {dates.time(entry.start)}
      </time>
      <div>
        <a
          href={`${base}/appointment/${entry.id}`}
          aria-current={isCurrent ? 'true' : undefined}
          class="who"
        >
          {entry.name}
        </a>
        <p class="small soft">
          {bookedName(t, office, entry)} · {t(`board.by.${entry.channel}`)}
          {desk ? ` · ${desk}` : ''}
        </p>
        <p class="small marks">
          {situation === 'waiting' ? <Mark lit /> : null}
          {isUpcoming ? null : <Tag kind={kind}>{word}</Tag>}
          {entry.arrivedAt ? (
            <ArrivedSince visit={visit} at={entry.arrivedAt} />
          ) : turn && !isUpcoming ? (
            <span>{turn}</span>
          ) : null}
          {outside ? <Tag kind="warn">{outsideIn(t, outside)}</Tag> : null}
        </p>
        <ArrivedButton visit={visit} entry={entry} day={day} />
        {entry.failedAttempts > 0 ? (
          <p class="small">
            {t('staff.day.attempts', { count: entry.failedAttempts })}
            {afterCalls(visit, entry)}
          </p>
        ) : null}
        {entry.needs.length > 0 ? (
          <p class="small">{needsIn(t, entry, 'staff').needs.join(' · ')}</p>
        ) : null}
        <NotArrived t={t} entry={entry} />
      </div>
    </li>
  );
}

/** What follows the calls that failed: the end, or another call. */
function afterCalls(visit: DeskVisit, { status, lacksNumber, endsAt, dueAt }: DayEntry) {
  const { t, dates } = visit;
  if (!isStillOpen(status)) return '';
  if (endsAt && status === 'booked')
    return ` · ${t('unreached.line', { time: whenIn(visit, endsAt) })}`;
  return lacksNumber ? '' : ` · ${t('shortcuts.line.againAt', { time: dates.time(dueAt) })}`;
}

/** What the citizen has not got: a notice, or a result that the check stopped. */
function NotArrived({ t, entry }: { t: Translate; entry: DayEntry }) {
  if (!entry.undelivered && !entry.hasStoppedResult) return null;
  return (
    <p class="small marks">
      {entry.undelivered ? <Tag kind="bad">{t('staff.undelivered')}</Tag> : null}
      {entry.hasStoppedResult ? <Tag kind="bad">{t('staff.resultStopped')}</Tag> : null}
    </p>
  );
}

/** Returns the address of the same desk's list on a day. */
const addressOf = ({ visit, desk }: DayRegionProps, day: Temporal.PlainDate): string =>
  `${visit.base}?day=${day}${desk !== null && seesOffice(visit) ? `&desk=${desk}` : ''}`;

function DayChooser(props: DayRegionProps) {
  const { visit, day } = props;
  const { t, base } = visit;
  const to = (other: Temporal.PlainDate) => addressOf(props, other);
  return (
    <>
      <nav class="row small" aria-label={t('staff.day.others')}>
        <a href={to(day.subtract({ days: 1 }))} data-action="dayBefore">
          {t('staff.day.before')}
        </a>
        <a href={base} data-action="today">
          {t('staff.day.today')}
        </a>
        <a href={to(day.add({ days: 1 }))} data-action="dayAfter">
          {t('staff.day.after')}
        </a>
      </nav>
      <ViewChooser visit={visit} back={addressOf(props, day)} />
      {seesOffice(visit) ? (
        <ChooseForm {...props} />
      ) : (
        <details class="choose">
          <summary class="small">{t('staff.day.other')}</summary>
          <ChooseForm {...props} />
        </details>
      )}
    </>
  );
}

/** Any day; and, for whoever sees the whole office, any desk. */
function ChooseForm({ visit, day, desk }: DayRegionProps & { day: Temporal.PlainDate }) {
  const { t, office, base } = visit;
  return (
    <form action={base} class="choose">
      <div class="field">
        <label for="choose-day" class="small">
          {t('staff.day.choose')}
        </label>
        <input type="date" id="choose-day" name="day" value={day.toString()} required />
      </div>
      {seesOffice(visit) ? (
        <div class="field">
          <label for="choose-desk" class="small">
            {t('staff.day.desk')}
          </label>
          <select id="choose-desk" name="desk">
            <option value="">{t('staff.day.everyDesk')}</option>
            {office.desks.map((each) => (
              <option key={each.id} value={each.id} selected={each.id === desk}>
                {formatDesk(visit, each.id)}
              </option>
            ))}
          </select>
        </div>
      ) : null}
      <button type="submit" class="button quiet">
        {t('staff.day.show')}
      </button>
    </form>
  );
}
