import { scoreOf } from '../../../features/insight/statistics/rules.ts';
import type {
  Counts,
  Figures,
  RequestFigures,
  Span,
} from '../../../features/insight/statistics/types.ts';
import { Say } from '../../../ui/parts.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { growthOf, monthAsked, sumOfRequests } from './month-rules.ts';
import { monthName, numbersOf, per, write } from './tables.ts';

interface Month {
  visit: DeskVisit;
  month: Temporal.PlainDate;
  now: Figures;
  /** The same month a year before. */
  before: Figures;
  requests: RequestFigures | null;
  /** A month that is not over is not compared with a whole one. */
  isOver: boolean;
}

/** `…/figures/month`: a month on one page, in sentences, to print and to hand on. It names nobody. */
export function monthPage(deps: Pick<StaffDeps, 'statistics'>) {
  return async (visit: DeskVisit) => {
    const { t, viewer, office, c } = visit;
    const today = visit.now.toZonedDateTimeISO(office.timeZone).toPlainDate();
    const month = monthAsked(c.req.query('month'), today);
    const now = await deps.statistics.figures(viewer, office, spanOf(month));
    const lastYear = spanOf(month.subtract({ years: 1 }));
    const before = await deps.statistics.figures(viewer, office, lastYear);
    const requests = await deps.statistics.requests(viewer, office, spanOf(month));
    if (!now || !before) return c.notFound();
    const isOver = Temporal.PlainDate.compare(month.add({ months: 1 }), today) <= 0;
    const shown = { visit, month, now, before, requests, isOver };
    return visit.show(
      { title: t('figures.month.title') },
      <div class="stack">
        <h1>
          <Say of={office.name} t={t} />
          {`, ${monthName(visit, month.toString())}`}
        </h1>
        <Turning {...shown} today={today} />
        {now.total.booked === 0 && now.total.unbooked === 0 ? (
          <p role="status">{t('figures.month.none')}</p>
        ) : (
          <Sentences {...shown} />
        )}
        {requests ? <Told visit={visit} requests={requests} /> : null}
        <p class="soft small">{t('figures.month.explain')}</p>
      </div>,
    );
  };
}

const spanOf = (month: Temporal.PlainDate): Span => ({
  from: month,
  to: month.add({ months: 1 }).subtract({ days: 1 }),
  channel: null,
  procedure: null,
  language: null,
});

/** The months before and after. */
function Turning({ visit, month, today }: Month & { today: Temporal.PlainDate }) {
  const { t, base } = visit;
  const link = (to: Temporal.PlainDate, text: string) => (
    <a href={`${base}/figures/month?month=${to.toString().slice(0, 7)}`}>{text}</a>
  );
  const next = month.add({ months: 1 });
  const isThere = Temporal.PlainDate.compare(next, today) <= 0;
  return (
    <p class="row">
      {link(month.subtract({ months: 1 }), t('figures.month.before'))}
      {isThere ? link(next, t('figures.month.after')) : null}
      <a href={`${base}/figures`}>{t('figures.month.all')}</a>
    </p>
  );
}

function Sentences({ visit, now, before, isOver }: Month) {
  const { t } = visit;
  const numbers = numbersOf(visit);
  const { total } = now;
  const count = (value: number) => write(numbers, { value, how: 'count' });
  const percent = (value: number | null) => write(numbers, { value, how: 'percent' });
  const served = (of: Counts) => of.fulfilled + of.unbooked;
  const grown = growthOf(served(total), served(before.total));
  const kept = total.booked - total.cancelled;
  return (
    <>
      <h2>{t('figures.month.people')}</h2>
      <p class="lead">
        {t('figures.month.served', {
          served: count(served(total)),
          unbooked: count(total.unbooked),
        })}
      </p>
      {isOver ? (
        <p>
          {grown === null
            ? t('figures.month.noYear')
            : t(`figures.month.${grown < 0 ? 'fewer' : 'more'}`, {
                before: count(served(before.total)),
                percent: percent(Math.abs(grown)),
              })}
        </p>
      ) : null}
      <p>{t('figures.month.missed', { noshow: count(total.noshow), of: count(kept) })}</p>
      <h2>{t('figures.month.waiting')}</h2>
      <p>
        {t('figures.month.days', {
          days: write(numbers, { value: per(total.waitDays, kept), how: 'number' }),
          punctual: percent(per(total.punctual, total.contacted)),
        })}
      </p>
      <h2>{t('figures.month.said')}</h2>
      <Said visit={visit} now={now} />
      <h2>{t('figures.month.late')}</h2>
      <ul>
        <li>{t('figures.month.lateCalls', { count: count(total.contacted - total.punctual) })}</li>
        <li>{t('figures.month.unkept', { count: count(total.unkept) })}</li>
      </ul>
    </>
  );
}

/** What people said, in figures. Comments are not here: whoever wrote them may have named somebody, and the page is handed on. */
function Said({ visit, now }: Pick<Month, 'visit' | 'now'>) {
  const { t } = visit;
  const numbers = numbersOf(visit);
  const { opinion } = now;
  const score = opinion.scores && scoreOf(opinion.scores);
  if (!score) return <p>{t('figures.month.unsaid')}</p>;
  const [yes = 0, partly = 0, no = 0] = opinion.solved ?? [];
  return (
    <p>
      {t('figures.month.score', {
        answered: write(numbers, { value: opinion.answered, how: 'count' }),
        mean: write(numbers, { value: score.mean, how: 'number' }),
        solved: write(numbers, { value: per(yes, yes + partly + no), how: 'percent' }),
      })}
    </p>
  );
}

/** Complaints, suggestions and incidents, and those that took longer than they may. */
function Told({ visit, requests }: { visit: DeskVisit; requests: RequestFigures }) {
  const { t } = visit;
  const numbers = numbersOf(visit);
  const sum = sumOfRequests(requests.type.map(({ counts }) => counts));
  if (!sum) return null;
  const count = (value: number) => write(numbers, { value, how: 'count' });
  return (
    <>
      <h2>{t('figures.month.requests')}</h2>
      <p>
        {t('figures.month.came', {
          came: count(sum.came),
          closed: count(sum.closed),
          open: count(sum.open),
        })}
      </p>
      <p>
        {t('figures.month.overTime', {
          late: count(sum.withTerm - sum.inTime),
          of: count(sum.withTerm),
        })}
      </p>
    </>
  );
}
