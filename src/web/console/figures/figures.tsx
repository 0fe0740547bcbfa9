import { CHANNELS } from '../../../domain/channel.ts';
import type { Figures, Span, YearOnYear } from '../../../features/insight/statistics/types.ts';
import { ENCOUNTER_LANGUAGES, textIn } from '../../../lib/i18n/languages.ts';
import { Select } from '../fields.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { AsOf, sendFiguresFile } from './as-of.tsx';
import { queryOf, spanAsked, yearAsked } from './asked.ts';
import { CHAT_TABLES, ChatFigures, chatTable } from './chats.tsx';
import { CASE_TABLES, handedInTable } from './handed-in.ts';
import {
  Done,
  Groups,
  HandedInCases,
  HowCallsWere,
  Months,
  Opinions,
  WeekHours,
  Year,
} from './parts.tsx';
import { RequestSection, requestSideOf, requestTable } from './requests.tsx';
import {
  type FigureTable,
  languageName,
  numbersOf,
  sumsOf,
  TABLES,
  tableOf,
  write,
  yearTable,
} from './tables.ts';

export interface FiguresProps {
  visit: DeskVisit;
  span: Span;
  found: Figures;
}

/** `…/figures`: the totals of a span, and their breakdowns. */
export function figuresPage(deps: Pick<StaffDeps, 'statistics' | 'offices' | 'reading'>) {
  return async (visit: DeskVisit) => {
    const { t, viewer, office } = visit;
    const span = spanAsked(visit);
    const found = await deps.statistics.figures(viewer, office, span);
    const year = await deps.statistics.yearOnYear(viewer, office, yearAsked(visit));
    const chats = await deps.statistics.chats(viewer, office, span);
    const requests = await deps.statistics.requests(viewer, office, span);
    const areas = await deps.offices.areas();
    if (!found || !year || !chats) return visit.c.notFound();
    return visit.show(
      { title: t('figures.title') },
      <div class="numbers">
        <h1>{t('figures.title')}</h1>
        <p class="lead">{t('figures.lead')}</p>
        <AsOf t={t} dates={visit.dates} reading={deps.reading} />
        <p>
          <a href={`${visit.base}/figures/month`}>{t('figures.month.title')}</a>
        </p>
        <Choose visit={visit} span={span} />
        {found.total.booked === 0 ? (
          <p role="status">{t('figures.none')}</p>
        ) : (
          <Shown visit={visit} span={span} found={found} />
        )}
        <ChatFigures visit={visit} span={span} found={chats} />
        {requests ? (
          <RequestSection visit={visit} span={span} found={requests} areas={areas} />
        ) : null}
        <YearSection visit={visit} span={span} found={year} />
      </div>,
    );
  };
}

function Choose({ visit, span }: Pick<FiguresProps, 'visit' | 'span'>) {
  const { t, base, office } = visit;
  const day = (name: 'from' | 'to') => (
    <div class="field">
      <label for={name}>{t(`figures.${name}`)}</label>
      <input type="date" id={name} name={name} value={span[name].toString()} required />
    </div>
  );
  return (
    <form action={`${base}/figures`} class="choose" aria-label={t('figures.choose')}>
      {day('from')}
      {day('to')}
      <Select
        name="channel"
        label={t('figures.head.channel')}
        value={span.channel ?? ''}
        empty={t('figures.all')}
        options={CHANNELS.map((each) => ({ value: each, label: t(`figures.channel.${each}`) }))}
      />
      <Select
        name="procedure"
        label={t('figures.head.procedure')}
        value={span.procedure === null ? '' : (office.procedure(span.procedure)?.code ?? '')}
        empty={t('figures.all')}
        options={office.procedures.map((each) => ({
          value: each.code,
          label: textIn(each.name, t.language),
        }))}
      />
      <Select
        name="language"
        label={t('figures.head.language')}
        value={span.language ?? ''}
        empty={t('figures.all')}
        options={ENCOUNTER_LANGUAGES.map((each) => ({
          value: each,
          label: languageName(visit, each),
        }))}
      />
      <button type="submit" class="button quiet">
        {t('staff.day.show')}
      </button>
    </form>
  );
}

function Shown(props: FiguresProps) {
  const { visit, found } = props;
  const { t } = visit;
  const numbers = numbersOf(visit);
  return (
    <>
      <dl class="sums">
        {sumsOf(visit, found).map(({ name, figure }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="figures">{write(numbers, figure)}</dd>
          </div>
        ))}
      </dl>
      <p class="soft small">{t('figures.explain')}</p>
      <Months {...props} />
      <Groups {...props} side="channel" />
      <Groups {...props} side="procedure" />
      <Groups {...props} side="language" />
      <WeekHours {...props} />
      <Done {...props} />
      <HowCallsWere {...props} />
      <Opinions {...props} />
    </>
  );
}

function YearSection(props: { visit: DeskVisit; span: Span; found: YearOnYear }) {
  const { visit, span, found } = props;
  const { t, base, now, office } = visit;
  const thisYear = now.toZonedDateTimeISO(office.timeZone).year;
  const to = (year: number) =>
    `${base}/figures?${queryOf(visit, span, { year: String(year) })}#year`;
  return (
    <section class="stack" aria-labelledby="year">
      <h2 id="year">{t('figures.section.year')}</h2>
      <nav class="row" aria-label={t('figures.years')}>
        <a href={to(found.year - 1)}>‹ {found.year - 1}</a>
        {found.year < thisYear ? <a href={to(found.year + 1)}>{found.year + 1} ›</a> : null}
      </nav>
      <Year visit={visit} found={found} />
      <HandedInCases visit={visit} found={found} />
      <p class="row">
        <a href={`${base}/figures/import`}>{t('figures.import.title')}</a>
      </p>
    </section>
  );
}

/**
 * One of the page's tables as a file: `?table=channel`. Figures are raw: shares as parts of 1, times in
 * minutes.
 */
export function figuresFile(deps: Pick<StaffDeps, 'statistics' | 'offices' | 'reading'>) {
  return async (visit: DeskVisit) => {
    const { c, viewer, office } = visit;
    const asked = c.req.query('table');
    const name = TABLES.find((each) => each === asked) ?? 'month';
    const ofYear = ['year', ...CASE_TABLES].includes(asked ?? '');
    const ofCases = CASE_TABLES.find((each) => each === asked);
    const ofChats = CHAT_TABLES.find((each) => each === asked);
    const ofRequests = requestSideOf(asked);
    const tables = async (): Promise<FigureTable | null> => {
      if (ofYear) {
        const year = await deps.statistics.yearOnYear(viewer, office, yearAsked(visit));
        if (!year) return null;
        return ofCases ? handedInTable(visit, year, ofCases) : yearTable(visit, year);
      }
      if (ofChats) {
        const chats = await deps.statistics.chats(viewer, office, spanAsked(visit));
        return chats && chatTable(visit, chats, ofChats);
      }
      if (ofRequests) {
        const requests = await deps.statistics.requests(viewer, office, spanAsked(visit));
        const areas = await deps.offices.areas();
        return requests && requestTable({ visit, found: requests, areas }, ofRequests);
      }
      const found = await deps.statistics.figures(viewer, office, spanAsked(visit));
      return found && tableOf(visit, found, name);
    };
    const table = await tables();
    if (!table) return c.notFound();
    const file = `figures-${office.code}-${ofYear || ofChats || ofRequests ? asked : name}`;
    // The two figures beside it give the growth.
    const kept = table.rows.map(({ name: head, figures }) => [
      head,
      ...figures.filter(({ how }) => how !== 'growth').map(({ value }) => plain(value)),
    ]);
    const heads = table.heads.slice(0, kept[0]?.length ?? table.heads.length);
    return sendFiguresFile(visit, deps.reading, { name: file, rows: [heads, ...kept] });
  };
}

const plain = (value: number | null): string =>
  value === null ? '' : String(Math.round(1000 * value) / 1000);
