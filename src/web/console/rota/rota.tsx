import { mondayOf, weekCode } from '../../../features/service/rota/rules.ts';
import type { RotaWeek } from '../../../features/service/rota/service.ts';
import { Notice, Say } from '../../../ui/parts.tsx';
import { PageLinks } from '../../paged.tsx';
import { Key } from '../key.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { RotaDayLists, RotaTable } from './week.tsx';
import {
  type DeskFilter,
  desksAsked,
  formatWeek,
  todayOf,
  WeekOptions,
  weekAsked,
} from './words.tsx';

/** The data of a week of some desks, for the page. */
export interface WeekProps {
  visit: DeskVisit;
  monday: Temporal.PlainDate;
  week: RotaWeek;
  filter: DeskFilter;
}

/** `…/rota`: the shifts, a week at a time. */
export function rotaPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { t, c, viewer, office } = visit;
    const monday = weekAsked(visit);
    const filter = desksAsked(visit);
    const ids = filter.desks.shown.map((each) => each.id);
    const week = await deps.rota.week(viewer, office, monday, ids);
    if (!week) return c.notFound();
    const props = { visit, monday, week, filter };
    return visit.show(
      { title: t('rota.title'), islands: ['rota'] },
      <div class="rota">
        <h1>{t('rota.title')}</h1>
        <p class="lead">{formatWeek(visit, monday)}</p>
        <Ways {...props} />
        <Chooser {...props} />
        {filter.desks.shown.length === 0 ? (
          <Notice>{t(office.desks.length === 0 ? 'board.noDesks' : 'rota.noneFound')}</Notice>
        ) : (
          <>
            <RotaTable {...props} />
            <RotaDayLists {...props} />
          </>
        )}
        <PageLinks
          t={t}
          name={t('rota.desks')}
          at={filter.desks}
          href={(page) => addressOf(props, monday, page)}
        />
      </div>,
    );
  };
}

/** The possible actions on the week; none in the past. */
function Ways({ visit, monday }: WeekProps) {
  const { t, base } = visit;
  const today = todayOf(visit);
  const week = weekCode(monday);
  if (monday.add({ days: 6 }).toString() < today) return <p class="soft">{t('rota.over')}</p>;
  const isThis = monday.toString() <= today;
  const day = isThis ? today : monday.toString();
  return (
    <p class="row ways">
      <a
        href={`${base}/rota/shift?day=${day}`}
        class="button"
        data-action="addShift"
        data-for-day="yes"
      >
        {t('rota.add.title')} <Key action="addShift" />
      </a>
      <a href={`${base}/rota/absence?day=${day}`} data-action="deskAway" data-for-day="yes">
        {t('rota.absence.title')} <Key action="deskAway" />
      </a>
      <a href={`${base}/rota/swap?day=${day}`}>{t('rota.swap.title')}</a>
      <a href={`${base}/rota/copy?week=${week}`}>{t('rota.copy.title')}</a>
      <a href={`${base}/rota/import`}>{t('rota.import.title')}</a>
      <a href={`${base}/calendars`}>{t('calendars.title')}</a>
    </p>
  );
}

/** Returns the address of another view with the same desks. */
function addressOf(
  { visit, filter }: WeekProps,
  monday: Temporal.PlainDate,
  page = filter.desks.page,
): string {
  const query = new URLSearchParams({ week: weekCode(monday) });
  if (filter.name) query.set('q', filter.name);
  if (filter.skill) query.set('skill', filter.skill);
  if (page > 1) query.set('page', `${page}`);
  return `${visit.base}/rota?${query}`;
}

function Chooser(props: WeekProps) {
  const { visit, monday, filter } = props;
  const { t, base, office } = visit;
  const thisWeek = mondayOf(Temporal.PlainDate.from(todayOf(visit)));
  return (
    <search>
      <nav class="row" aria-label={t('rota.weeks')}>
        <a href={addressOf(props, monday.subtract({ weeks: 1 }))} rel="prev" data-week="before">
          {t('rota.before')}
        </a>
        <a href={addressOf(props, thisWeek)}>{t('rota.thisWeek')}</a>
        <a href={addressOf(props, monday.add({ weeks: 1 }))} rel="next" data-week="after">
          {t('rota.after')}
        </a>
      </nav>
      <form action={`${base}/rota`} class="rota-choose">
        <div class="field">
          <label for="week">{t('rota.whichWeek')}</label>
          <select id="week" name="week">
            <WeekOptions visit={visit} back={8} chosen={weekCode(monday)} />
          </select>
        </div>
        <div class="field">
          <label for="q">{t('rota.byName')}</label>
          <input id="q" name="q" type="search" value={filter.name} autocomplete="off" />
        </div>
        <div class="field">
          <label for="skill">{t('rota.bySkill')}</label>
          <select id="skill" name="skill">
            <option value="">{t('rota.anySkill')}</option>
            {office.procedures.map((each) => (
              <option key={each.code} value={each.code} selected={each.code === filter.skill}>
                <Say of={each.name} t={t} />
              </option>
            ))}
          </select>
        </div>
        <button type="submit" class="button quiet">
          {t('staff.day.show')}
        </button>
      </form>
    </search>
  );
}
