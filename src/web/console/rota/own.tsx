import { mayChangeRota, weekCode } from '../../../features/service/rota/rules.ts';
import { Table } from '../../../ui/parts.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { DayWords, formatDay, formatWeek, todayOf, weekAsked } from './words.tsx';

const WEEKS = 2;

/** `…/rota/mine`: the reader's own hours, two weeks at a time, read-only. */
export function ownRotaPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { t, c, viewer, office, base } = visit;
    const monday = weekAsked(visit);
    const days = await deps.rota.own(viewer, office, monday, WEEKS);
    if (!days) return mayChangeRota(viewer) ? visit.redirect(`${base}/rota`) : c.notFound();
    const to = (weeks: number) => `${base}/rota/mine?week=${weekCode(monday.add({ weeks }))}`;
    return visit.show(
      { title: t('rota.own.title') },
      <>
        <h1>{t('rota.own.title')}</h1>
        <p class="lead">
          {t('rota.own.lead', { desk: visit.office.desk(viewer.desk ?? 0)?.name ?? '' })}
        </p>
        <p>
          <a href={`${base}/calendars`}>{t('calendars.link')}</a>
        </p>
        <nav class="row" aria-label={t('rota.weeks')}>
          <a href={to(-WEEKS)} rel="prev">
            {t('rota.before')}
          </a>
          <a href={`${base}/rota/mine`}>{t('rota.thisWeek')}</a>
          <a href={to(WEEKS)} rel="next">
            {t('rota.after')}
          </a>
        </nav>
        {[0, 1].map((nth) => (
          <Table
            key={nth}
            caption={formatWeek(visit, monday.add({ weeks: nth }))}
            columns={[
              {
                head: t('rota.day'),
                cell: ({ day }) => (
                  <>
                    {formatDay(visit, day)}
                    {day === todayOf(visit) ? (
                      <span class="soft"> · {t('staff.day.today')}</span>
                    ) : null}
                  </>
                ),
              },
              {
                head: t('rota.hours'),
                cell: (day) =>
                  office.rota.isClosed(day.day) ? (
                    <span class="soft">{t('rota.closed')}</span>
                  ) : (
                    <DayWords visit={visit} day={day} />
                  ),
              },
            ]}
            rows={days.slice(7 * nth, 7 * nth + 7)}
            keyOf={({ day }) => day}
          />
        ))}
      </>,
    );
  };
}
