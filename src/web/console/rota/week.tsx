import type { OfficeDesk } from '../../../domain/office/types.ts';
import { daysOf } from '../../../features/service/rota/rules.ts';
import type { DayAbsence, DayShift, RotaDay } from '../../../features/service/rota/types.ts';
import { Tag } from '../../../ui/parts.tsx';
import { DeskName } from '../desk-name.tsx';
import type { WeekProps } from './rota.tsx';
import {
  formatAway,
  formatBriefDay,
  formatDay,
  formatSpan,
  formatWeek,
  todayOf,
} from './words.tsx';

/**
 * The week on a wide screen: a row for each desk, a column for each day. The `rota` island makes it a grid.
 */
export function RotaTable(props: WeekProps) {
  const { visit, monday, filter } = props;
  const { t } = visit;
  const today = todayOf(visit);
  const days = daysOf(monday);
  return (
    <div class="scroll rota-table">
      {/* The island makes it a grid, which may have no caption. */}
      <p id="rota-week" class="caption">
        {t('rota.caption', { week: formatWeek(visit, monday) })}
      </p>
      <table class="table" aria-labelledby="rota-week">
        <thead>
          <tr>
            <th scope="col">{t('staff.day.desk')}</th>
            {days.map((day) => (
              <th key={day} scope="col" class={day === today ? 'now' : undefined}>
                {formatBriefDay(visit, day)}
                {day === today ? <div class="small">{t('staff.day.today')}</div> : null}
                {visit.office.rota.isClosed(day) ? (
                  <div class="small soft">{t('rota.closed')}</div>
                ) : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {filter.desks.shown.map((desk) => (
            <tr key={desk.id}>
              <th scope="row">
                <DeskName visit={visit} desk={desk.id} />
              </th>
              {dayOf(props, desk.id).map((day, nth) => (
                <td
                  key={day.day}
                  data-place={`desk-${desk.id}-${nth + 1}`}
                  class={day.day === today ? 'now' : undefined}
                  data-desk={desk.id}
                  data-day={day.day < today ? undefined : day.day}
                >
                  <Cell {...props} desk={desk} day={day} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {(days.at(-1) ?? '') >= today ? (
        <p id="rota-keys" class="small soft" hidden>
          {t('rota.keys', { absence: t('rota.absence.title'), shift: t('rota.add.title') })}
        </p>
      ) : null}
    </div>
  );
}

/** The week on a telephone: a list for each day, of the desks that work or should. */
export function RotaDayLists(props: WeekProps) {
  const { visit, monday, filter } = props;
  const { t } = visit;
  const today = todayOf(visit);
  return (
    <div class="rota-days">
      <nav class="row" aria-label={t('rota.days')}>
        {daysOf(monday).map((day) => (
          <a key={day} class="act" href={`#day-${day}`}>
            {formatBriefDay(visit, day)}
          </a>
        ))}
      </nav>
      {daysOf(monday).map((day, nth) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <h2 id={`day-${day}`}>
            {formatDay(visit, day)}
            {day === today ? <span class="soft"> · {t('staff.day.today')}</span> : null}
          </h2>
          {visit.office.rota.isClosed(day) ? <p class="soft">{t('rota.closed')}</p> : null}
          <ul class="unmarked">
            {filter.desks.shown.map((desk) => {
              const own = dayOf(props, desk.id)[nth];
              return own ? (
                <li key={desk.id}>
                  <strong>
                    <DeskName visit={visit} desk={desk.id} />
                  </strong>{' '}
                  <Cell {...props} desk={desk} day={own} />
                </li>
              ) : null;
            })}
          </ul>
        </section>
      ))}
    </div>
  );
}

const dayOf = ({ week }: WeekProps, desk: number): readonly RotaDay[] => week.days.get(desk) ?? [];

interface CellProps extends WeekProps {
  desk: OfficeDesk;
  day: RotaDay;
}

/** A desk's day: each shift and absence links to its form, unless the day is over. */
function Cell(props: CellProps) {
  const { visit, desk, day } = props;
  const { t, base } = visit;
  const isOver = day.day < todayOf(visit);
  const isEmpty = day.shifts.length === 0 && day.absences.length === 0;
  return (
    <>
      {day.shifts.map((each) => (
        <Shift key={`${each.id}`} {...props} shift={each} isOver={isOver} />
      ))}
      {day.absences.map((each) => (
        <Absence key={`${each.id}`} {...props} absence={each} isOver={isOver} />
      ))}
      <OutsideHours {...props} />
      {isEmpty && isOver ? <span class="soft">{t('rota.nothing')}</span> : null}
      {isEmpty && !isOver ? (
        <a class="act soft" href={`${base}/rota/shift?day=${day.day}&desk=${desk.id}`}>
          {t('rota.addHere')}
          <span class="hide">
            : {desk.name}, {formatDay(visit, day.day)}
          </span>
        </a>
      ) : null}
    </>
  );
}

function Shift(props: CellProps & { shift: DayShift; isOver: boolean }) {
  const { visit, desk, day, shift, isOver } = props;
  const span = formatSpan(visit, shift);
  const note = shift.once ? <span class="small soft"> {visit.t('rota.once')}</span> : null;
  if (isOver)
    return (
      <div>
        <span class="figures">{span}</span>
        {note}
      </div>
    );
  return (
    <div>
      <a class="act figures" href={`${visit.base}/rota/shift?day=${day.day}&shift=${shift.id}`}>
        {span}
        <span class="hide">
          , {desk.name}, {formatDay(visit, day.day)}
        </span>
      </a>
      {note}
    </div>
  );
}

function Absence(props: CellProps & { absence: DayAbsence; isOver: boolean }) {
  const { visit, desk, day, absence, isOver } = props;
  const words = formatAway(visit, absence);
  return (
    <div>
      <Tag kind="warn">
        {isOver ? (
          words
        ) : (
          <a class="act" href={`${visit.base}/rota/absence?absence=${absence.id}`}>
            {words}
            <span class="hide">
              , {desk.name}, {formatDay(visit, day.day)}
            </span>
          </a>
        )}
      </Tag>
    </div>
  );
}

/** Appointments outside the desk's hours, as a reminder for coordinators. */
function OutsideHours({ visit, week, desk, day }: CellProps) {
  const { t, base, office, dates } = visit;
  const dayAt = (at: Temporal.Instant) =>
    at.toZonedDateTimeISO(office.timeZone).toPlainDate().toString();
  const found = week.outside.filter(
    (each) => each.desk === desk.id && dayAt(each.start) === day.day,
  );
  return (
    <>
      {found.map((each) => (
        <div key={each.id}>
          <Tag kind="bad">
            <a class="act" href={`${base}/appointment/${each.id}`}>
              {t(each.why === 'calendar' ? 'rota.outside.calendar' : 'rota.outside', {
                time: dates.time(each.start),
              })}
            </a>
          </Tag>
        </div>
      ))}
    </>
  );
}
