import type { ComponentChildren } from 'preact';
import { scoreOf } from '../../../features/insight/statistics/rules.ts';
import type { Side, YearOnYear } from '../../../features/insight/statistics/types.ts';
import { Bar, Behind, Columns, heatOf } from '../../../ui/charts.tsx';
import { Table } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import { queryOf } from './asked.ts';
import type { FiguresProps } from './figures.tsx';
import { CASE_TABLES, handedInTable } from './handed-in.ts';
import {
  briefMonth,
  type FigureTable,
  hoursOf,
  MEASURES,
  numbersOf,
  partMark,
  type TableName,
  tableOf,
  weekdayName,
  write,
  yearTable,
} from './tables.ts';

/**
 * The link that downloads a table. It is in the table's caption: a wide, scrolling table needs an
 * element with the focus.
 */
function Save({ visit, span, table }: Omit<FiguresProps, 'found'> & { table: TableName }) {
  const { t, base } = visit;
  return (
    <a class="save" href={`${base}/figures.csv?${queryOf(visit, span, { table })}`}>
      {t('figures.export')}
      <span class="hide">: {t(`figures.table.${table}`)}</span>
    </a>
  );
}

/**
 * A table of figures; with `isDrawn` its first figure is also a bar. `only`: the positions of the shown
 * figures.
 */
function Rows(props: {
  visit: DeskVisit;
  name: string;
  table: FigureTable;
  save: ComponentChildren;
  isDrawn?: boolean;
  only?: readonly number[];
}) {
  const { visit, name, table, save, isDrawn, only } = props;
  const numbers = numbersOf(visit);
  const [first = '', ...heads] = table.heads;
  const most = Math.max(0, ...table.rows.map((row) => row.figures[0]?.value ?? 0));
  const shown = heads.flatMap((head, at) => (!only || only.includes(at) ? [{ head, at }] : []));
  return (
    <Table
      caption={
        <>
          <span id={`${name}-table`}>{table.caption}</span> {save}
        </>
      }
      rows={table.rows}
      keyOf={(row) => row.name}
      columns={[
        {
          head: first,
          cell: (row) => (
            <>
              {row.name}
              {isDrawn ? <Bar value={row.figures[0]?.value ?? 0} most={most} /> : null}
            </>
          ),
        },
        ...shown.map(({ head, at }) => ({
          head,
          number: true,
          cell: (row: FigureTable['rows'][number]) => {
            const figure = row.figures[at] ?? { value: null, how: 'count' };
            return (
              <>
                {write(numbers, figure)}
                {figure.note ? <span class="soft small note"> {figure.note}</span> : null}
              </>
            );
          },
        })),
      ]}
    />
  );
}

/** The figures of each group on the page; the file has all. */
const SHOWN = MEASURES.flatMap(({ name }, at) =>
  name === 'cancelled' || name === 'late' ? [] : [at],
);

/** The maximum number of distinguishable columns on a wide screen. */
const MONTHS_DRAWN = 24;

/** Month by month, as columns. */
export function Months(props: FiguresProps) {
  const { visit, span, found } = props;
  const { t } = visit;
  const numbers = numbersOf(visit);
  const all = found.by.month;
  const table = tableOf(visit, found, 'month');
  const rows = table.rows.map((row, at) => ({
    ...row,
    name: `${row.name} ${partMark(found, all[at]?.key ?? '')}`.trim(),
  }));
  const drawn = all.slice(-MONTHS_DRAWN);
  return (
    <section class="stack" aria-labelledby="months">
      <h2 id="months">{t('figures.section.months')}</h2>
      <p class="soft small">{t('figures.months.explain')}</p>
      {drawn.length < all.length ? (
        <p class="soft small">
          {t('figures.months.last', { months: drawn.length, all: all.length })}
        </p>
      ) : null}
      <Columns
        name={t('figures.months.picture', { months: drawn.length })}
        columns={drawn.map(({ key, counts }) => ({
          label: `${briefMonth(visit, key)} ${key.slice(2, 4)}`,
          value: counts.booked,
          part: counts.fulfilled,
          text: numbers.count(counts.booked),
          mark: partMark(found, key),
        }))}
      />
      {found.notWhole.length > 0 ? <p class="soft small">{t('figures.months.part')}</p> : null}
      <Behind summary={t('figures.behind')}>
        <Rows
          visit={visit}
          name="month"
          save={<Save visit={visit} span={span} table="month" />}
          table={{ ...table, rows }}
        />
      </Behind>
    </section>
  );
}

export function Groups(props: FiguresProps & { side: Side }) {
  const { visit, span, found, side } = props;
  return (
    <div class="group">
      <Rows
        visit={visit}
        name={side}
        save={<Save visit={visit} span={span} table={side} />}
        table={tableOf(visit, found, side)}
        isDrawn={true}
        only={SHOWN}
      />
    </div>
  );
}

/** A week's hours, darker with higher numbers; each with its figure. */
export function WeekHours(props: FiguresProps) {
  const { visit, span, found } = props;
  const { t } = visit;
  const numbers = numbersOf(visit);
  const hours = hoursOf(found);
  const most = Math.max(0, ...[...found.hours.values()].flat());
  return (
    <section class="stack" aria-labelledby="hours">
      <h2 id="hours">{t('figures.section.hours')}</h2>
      <div class="scroll">
        <table class="table heat">
          <caption>
            {t('figures.table.hours')} <Save visit={visit} span={span} table="hours" />
          </caption>
          <thead>
            <tr>
              <th scope="col">{t('figures.head.hours')}</th>
              {hours.map((hour) => (
                <th key={hour} scope="col" class="number">
                  {hour}
                  <span class="hide"> h</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...found.hours].map(([day, counts]) => (
              <tr key={day}>
                <th scope="row">{weekdayName(visit, day)}</th>
                {hours.map((hour) => (
                  <td key={hour} class={`figures heat-${heatOf(counts[hour] ?? 0, most)}`}>
                    {numbers.count(counts[hour] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Groups {...props} side="day" />
    </section>
  );
}

export function Done(props: FiguresProps) {
  const { visit, span, found } = props;
  const table = tableOf(visit, found, 'items');
  if (table.rows.length === 0) return null;
  return (
    <div class="group">
      <Rows
        visit={visit}
        name="items"
        save={<Save visit={visit} span={span} table="items" />}
        table={table}
        isDrawn={true}
      />
    </div>
  );
}

export function HowCallsWere(props: FiguresProps) {
  const { visit, span, found } = props;
  const { t, base } = visit;
  if (!found.calls || found.calls.calls === 0) return null;
  return (
    <div class="group">
      <Rows
        visit={visit}
        name="calls"
        save={<Save visit={visit} span={span} table="calls" />}
        table={tableOf(visit, found, 'calls')}
        isDrawn={true}
      />
      <p class="soft small">{t('figures.calls.explain', { calls: found.calls.calls })}</p>
      <p class="row">
        <a href={`${base}/calls`}>{t('quality.title')}</a>
      </p>
    </div>
  );
}

/** The others are on the page of comments. */
const COMMENTS_SHOWN = 5;

/** The citizens' opinions: of whole months, and of at least five surveys. */
export function Opinions(props: FiguresProps) {
  const { visit, span, found } = props;
  const { t, base } = visit;
  const { opinion, comments } = found;
  const numbers = numbersOf(visit);
  const score = opinion.scores && scoreOf(opinion.scores);
  return (
    <section class="stack" aria-labelledby="opinions">
      <h2 id="opinions">{t('figures.section.opinions')}</h2>
      <p class="soft small">{t('figures.opinions.explain', { leftOut: opinion.leftOut })}</p>
      {opinion.scores && score ? (
        <>
          <p>
            {t('figures.opinions.said', {
              n: numbers.count(score.n),
              mean: numbers.number(score.mean),
              high: numbers.percent(100 * score.high),
              rate: numbers.share(opinion.answered, opinion.ended),
            })}
          </p>
          <Columns
            name={t('figures.opinions.picture')}
            columns={opinion.scores.map((people, at) => ({
              label: String(at),
              value: people,
              text: numbers.count(people),
            }))}
          />
          <Behind summary={t('figures.behind')}>
            <Rows
              visit={visit}
              name="scores"
              save={<Save visit={visit} span={span} table="scores" />}
              table={tableOf(visit, found, 'scores')}
            />
          </Behind>
        </>
      ) : (
        <p>{t('figures.opinions.none')}</p>
      )}
      {opinion.solved ? (
        <Rows
          visit={visit}
          name="solved"
          save={<Save visit={visit} span={span} table="solved" />}
          table={tableOf(visit, found, 'solved')}
          isDrawn={true}
        />
      ) : null}
      {comments.slice(0, COMMENTS_SHOWN).map((each) => (
        <blockquote key={each} class="said">
          {each}
        </blockquote>
      ))}
      <p>
        <a href={`${base}/figures/comments`}>{t('figures.comments.title')}</a>
      </p>
    </section>
  );
}

/**
 * Encounters of both years and their growth; the number of months is beside it, and in columns of the file.
 */
const YEAR_SHOWN = [0, 1, 4];

/** The channels, beside the year before. */
export function Year({ visit, found }: { visit: DeskVisit; found: YearOnYear }) {
  const { t } = visit;
  const table = yearTable(visit, found);
  if (found.months === 0 || table.rows.length === 1) return <p>{t('figures.year.none')}</p>;
  return (
    <>
      <p class="soft small">{t('figures.year.explain', { months: found.months })}</p>
      <Rows
        visit={visit}
        name="year"
        save={
          <a class="save" href={`${visit.base}/figures.csv?table=year&year=${found.year}`}>
            {t('figures.export')}
            <span class="hide">: {t('figures.section.year')}</span>
          </a>
        }
        table={table}
        isDrawn={true}
        only={YEAR_SHOWN}
      />
    </>
  );
}

/** The cases that were handed in in a year, beside the year before. */
export function HandedInCases({ visit, found }: { visit: DeskVisit; found: YearOnYear }) {
  const { t, base } = visit;
  const { now, before } = found.handedIn;
  if (now.length + before.length === 0) return null;
  return (
    <>
      <h3>{t('figures.section.cases')}</h3>
      {CASE_TABLES.map((name) => (
        <Rows
          key={name}
          visit={visit}
          name={name}
          save={
            <a class="save" href={`${base}/figures.csv?table=${name}&year=${found.year}`}>
              {t('figures.export')}
              <span class="hide">: {t(`figures.section.${name}`)}</span>
            </a>
          }
          table={handedInTable(visit, found, name)}
          isDrawn={true}
        />
      ))}
    </>
  );
}
