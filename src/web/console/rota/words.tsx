import type { OfficeDesk } from '../../../domain/office/types.ts';
import { instantAt, localMinute } from '../../../domain/rota.ts';
import {
  daysAfter,
  isDay,
  mondayOf,
  readWeek,
  WEEKS_AHEAD,
  weekCode,
} from '../../../features/service/rota/rules.ts';
import type { RotaDay } from '../../../features/service/rota/types.ts';
import { unaccented } from '../../../lib/unaccented.ts';
import { askedText } from '../../form.ts';
import { type Paged, pageOf } from '../../paged.tsx';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit } from '../visit.tsx';

type Saying = Pick<DeskVisit, 't' | 'dates' | 'office'>;

/** Returns the office's present local day. */
export const todayOf = ({ now, office }: Pick<DeskVisit, 'now' | 'office'>): string =>
  localMinute(now, office.timeZone).slice(0, 10);

const noonOf = (day: string, { office }: Saying) => instantAt(`${day}T12:00`, office.timeZone);

/** "dilluns, 7 de desembre" */
export const formatDay = (visit: Saying, day: string): string =>
  visit.dates.day(noonOf(day, visit));

/** "dl. 7/12" */
export const formatBriefDay = (visit: Saying, day: string): string =>
  visit.dates.briefDay(noonOf(day, visit));

/** Returns `09:30` in the reader's format; the day's end is 24:00. */
export function formatTime({ dates }: Saying, time: string): string {
  const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return minutes === 1440 ? '24:00' : dates.clock(minutes);
}

/** "9:00–14:00"; past midnight "22:00–6:00 (+1)". */
export function formatSpan(visit: Saying, { from, to }: { from: string; to: string }): string {
  const span = `${formatTime(visit, from)}–${formatTime(visit, to)}`;
  return to <= from ? `${span} ${visit.t('rota.nextDay')}` : span;
}

/** "Absent 9:00–11:00", "Absent tot el dia". */
export const formatAway = (visit: Saying, away: { from: string; to: string }): string =>
  away.from === '00:00' && away.to === '24:00'
    ? visit.t('rota.awayAllDay')
    : visit.t('rota.awayFor', { span: formatSpan(visit, away) });

/** "Taula 1: dl. 30/11 9:00 – dl. 30/11 14:00" */
export function formatAbsence(
  visit: Saying & Pick<DeskVisit, 'people'>,
  { desk, from, to }: { desk: number; from: string; to: string },
): string {
  const say = (local: string) => formatLocal(visit, local);
  return visit.t('away.line', { desk: formatDesk(visit, desk), from: say(from), to: say(to) });
}

/** "dl. 30/11 9:00" */
function formatLocal({ dates, office }: Saying, local: string): string {
  const at = instantAt(local, office.timeZone);
  return `${dates.briefDay(at)} ${dates.time(at)}`;
}

/** "dl. 30/11 9:00 – dl. 30/11 14:00" */
export const formatHours = (visit: Saying, { from, to }: { from: string; to: string }): string =>
  `${formatLocal(visit, from)} – ${formatLocal(visit, to)}`;

/** Returns a week by its first and last day, "Del dl. 7/12 al dg. 13/12". */
export const formatWeek = (visit: Saying, monday: Temporal.PlainDate): string => {
  const first = monday.toString();
  const values = {
    first: formatBriefDay(visit, first),
    last: formatBriefDay(visit, daysAfter(first, 6)),
  };
  return visit.t('rota.week', values);
};

/** A desk's day in few words. */
export function DayWords({ visit, day }: { visit: DeskVisit; day: RotaDay }) {
  const { t } = visit;
  const { shifts, absences } = day;
  if (shifts.length === 0 && absences.length === 0)
    return <span class="soft">{t('rota.nothing')}</span>;
  return (
    <>
      {shifts.length === 0 ? <span class="soft">{t('rota.nothing')}</span> : null}
      {shifts.map((each) => (
        <div key={each.from + each.to} class="figures">
          {formatSpan(visit, each)}
        </div>
      ))}
      {absences.map((each) => (
        <div key={each.from + each.to}>{formatAway(visit, each)}</div>
      ))}
    </>
  );
}

/** Returns the day in the address; today by default. */
export function dayAsked(visit: DeskVisit): string {
  const asked = visit.c.req.query('day') ?? '';
  return isDay(asked) ? asked : todayOf(visit);
}

/** Returns the week in the address; the present one by default. Past ones are read-only. */
export function weekAsked(visit: DeskVisit): Temporal.PlainDate {
  const today = Temporal.PlainDate.from(todayOf(visit));
  const asked = readWeek(visit.c.req.query('week') ?? '');
  const last = mondayOf(today).add({ weeks: WEEKS_AHEAD });
  return asked && Temporal.PlainDate.compare(asked, last) <= 0 ? asked : mondayOf(today);
}

/** Mondays to choose from. */
export function WeekOptions(props: { visit: DeskVisit; back: number; chosen: string }) {
  const { visit, back, chosen } = props;
  const first = mondayOf(Temporal.PlainDate.from(todayOf(visit))).subtract({ weeks: back });
  const weeks = Array.from({ length: back + WEEKS_AHEAD }, (_, nth) => first.add({ weeks: nth }));
  return (
    <>
      {weeks.map((each) => (
        <option key={weekCode(each)} value={weekCode(each)} selected={weekCode(each) === chosen}>
          {formatWeek(visit, each)}
        </option>
      ))}
    </>
  );
}

/** The filter for the shown desks. */
export interface DeskFilter {
  /** Part of a name. */
  name: string;
  /** A procedure's code. */
  skill: string;
  desks: Paged<OfficeDesk>;
}

const DESKS_A_PAGE = 25;

/** Returns the filter in the address: by name, by skill, and the page. */
export function desksAsked({ c, office }: DeskVisit): DeskFilter {
  const name = askedText(c, 'q', 80);
  const skill = c.req.query('skill') ?? '';
  const able = new Set(
    office.rota.desks
      .filter(
        (each) => !office.procedure(skill) || each.skills === 'all' || each.skills.includes(skill),
      )
      .map((each) => each.id),
  );
  const found = office.desks.filter(
    (each) => able.has(each.id) && unaccented(each.name).includes(unaccented(name)),
  );
  return { name, skill, desks: pageOf(found, c.req.query('page'), DESKS_A_PAGE) };
}
