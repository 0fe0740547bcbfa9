import type { Office } from '../../../domain/office/types.ts';
import { viewerOf } from '../../../features/foundation/staff/service.ts';
import {
  daysOfMonth,
  maySeeMonth,
  monthAsked,
  sumOfSheets,
} from '../../../features/insight/statistics/rules.ts';
import type { OfficeSheet, SheetDays } from '../../../features/insight/statistics/types.ts';
import type { Reading } from '../../../lib/db/reading/reading.ts';
import { type Dates, datesIn } from '../../../lib/i18n/dates.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { DeskVisit, SignedInVisit, StaffDeps, StaffVisit } from '../visit.tsx';
import { AsOf } from './as-of.tsx';
import { ByOffice, KeyFigures, Sentences } from './sheet.tsx';

type MonthDeps = Pick<StaffDeps, 'statistics' | 'offices' | 'reading'>;

/** An office, and who looks at it. */
interface Seen {
  viewer: StaffViewer;
  office: Office;
}

/** A month of some offices, to be shown. */
interface Month {
  visit: Pick<StaffVisit, 't' | 'show'>;
  dates: Dates;
  timeZone: string;
  today: Temporal.PlainDate;
  month: Temporal.PlainDate;
  /** Of whom it is: an office, or the town. */
  name: string;
  /** The page without its month. */
  path: string;
  /** The page of all figures; null: the reader doesn’t see it. */
  all: string | null;
  /** Where they were read. */
  reading: Reading;
}

/**
 * The month on one sheet, in sums that name nobody: `/staff/month` of all offices in which a person sees it, for whoever governs; and
 * `…/figures/month` of one office.
 */
export function monthPages(deps: MonthDeps) {
  const read = async (seen: readonly Seen[], days: SheetDays | null): Promise<OfficeSheet[]> => {
    if (days === null) return [];
    const sheets: OfficeSheet[] = [];
    // One after the other: many offices would take all connections that figures may have.
    for (const { viewer, office } of seen)
      sheets.push(
        ...[await deps.statistics.sheet(viewer, office, days)].flatMap((each) => each ?? []),
      );
    return sheets;
  };
  const page = async (
    shown: Omit<Month, 'today' | 'month' | 'dates' | 'reading'>,
    asked: { now: Temporal.Instant; month: string | undefined },
    seen: readonly Seen[],
  ) => {
    const today = asked.now.toZonedDateTimeISO(shown.timeZone).toPlainDate();
    const month = monthAsked(asked.month, today);
    const days = daysOfMonth(month, today);
    const sheets = await read(seen, days);
    const dates = datesIn(shown.visit.t.language, shown.timeZone);
    const { reading } = deps;
    return show({ ...shown, dates, today, month, reading }, days, sheets);
  };
  return {
    ofOffice: (visit: DeskVisit) => {
      const { viewer, office, base, c, now, t } = visit;
      if (!maySeeMonth(viewer)) return c.notFound();
      const name = textIn(office.name, t.language);
      const path = `${base}/figures/month`;
      const shown = { visit, name, path, all: `${base}/figures`, timeZone: office.timeZone };
      return page(shown, { now, month: c.req.query('month') }, [{ viewer, office }]);
    },
    ofTown: async (visit: SignedInVisit) => {
      const { session, c, now, t } = visit;
      const open = await deps.offices.list();
      const seen = open.flatMap((office) => {
        const viewer = viewerOf(session, office.code);
        return viewer && maySeeMonth(viewer) ? [{ viewer, office }] : [];
      });
      if (seen.length === 0) return c.notFound();
      const town = await deps.offices.town();
      const isWhole = seen.length === open.length;
      const names = seen.map(({ office }) => textIn(office.name, t.language));
      const name = isWhole ? town.name : new Intl.ListFormat(t.language).format(names);
      const shown = { visit, name, path: '/staff/month', all: null, timeZone: town.timeZone };
      return page(shown, { now, month: c.req.query('month') }, seen);
    },
  };
}

function show(shown: Month, days: SheetDays | null, sheets: readonly OfficeSheet[]): Response {
  const { visit, dates, month, name } = shown;
  const { t } = visit;
  const title = t('figures.month.of', { name, month: dates.month(noonOf(shown, month)) });
  return visit.show(
    { title },
    <div class="sheet stack month">
      <h1>{title}</h1>
      <Turning shown={shown} since={sheets.flatMap(({ since }) => since ?? []).sort()[0] ?? null} />
      <Body shown={shown} days={days} sheets={sheets} />
      <AsOf t={t} dates={dates} reading={shown.reading} />
      <p class="soft small">{t('figures.month.explain')}</p>
    </div>,
  );
}

function Body(props: { shown: Month; days: SheetDays | null; sheets: readonly OfficeSheet[] }) {
  const { shown, days, sheets } = props;
  const { visit, dates } = shown;
  const { t } = visit;
  if (days === null) return <p role="status">{t('figures.month.begins')}</p>;
  const sum = sumOfSheets(sheets);
  const isEmpty = sum.now.booked === 0 && sum.now.served === 0 && !sum.requests?.came;
  const opinionMonth =
    sum.opinion && dates.month(noonOf(shown, Temporal.PlainDate.from(sum.opinion.month)));
  return (
    <>
      {days.isOver ? null : (
        <p>{t('figures.month.soFar', { day: dates.day(noonOf(shown, days.to)) })}</p>
      )}
      {isEmpty ? (
        <p role="status">{t('figures.month.none')}</p>
      ) : (
        <>
          <KeyFigures t={t} sum={sum} opinionMonth={opinionMonth} />
          {sheets.length > 1 ? <ByOffice t={t} sheets={sheets} sum={sum} /> : null}
          <Sentences t={t} sum={sum} />
        </>
      )}
    </>
  );
}

const noonOf = ({ timeZone }: Pick<Month, 'timeZone'>, day: Temporal.PlainDate) =>
  day.toZonedDateTime({ timeZone, plainTime: '12:00' }).toInstant();

/** The months before and after: from the first with figures to the present one. */
function Turning({ shown, since }: { shown: Month; since: string | null }) {
  const { visit, month, today, path, all } = shown;
  const { t } = visit;
  const link = (to: Temporal.PlainDate, text: string) => (
    <a href={`${path}?month=${to.toString().slice(0, 7)}`}>{text}</a>
  );
  const next = month.add({ months: 1 });
  const hasNext = Temporal.PlainDate.compare(next, today) <= 0;
  // Of a month that begins today nothing is read, and so nothing is known of those before.
  const hasBefore = since === null ? !hasNext : since < month.toString();
  return (
    <nav class="row no-print" aria-label={t('figures.month.turn')}>
      {hasBefore ? link(month.subtract({ months: 1 }), t('figures.month.before')) : null}
      {hasNext ? link(next, t('figures.month.after')) : null}
      {all ? <a href={all}>{t('figures.month.all')}</a> : null}
    </nav>
  );
}
