import {
  type Band,
  KINDS,
  type Kind,
  type Plan,
  type PlannedHalf,
} from '../../../features/insight/planning/types.ts';
import { type Column, Notice, Table, Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import { type PlanWords, SIGN_OF, stretches, wordsOfPlan } from './words.ts';

interface Props {
  visit: DeskVisit;
  plan: Plan;
}

/** The answer in a sentence, for all demand together. */
export function Answer({ visit, plan }: Props) {
  const { t } = visit;
  const words = wordsOfPlan(visit);
  const all = plan.weeks.at(-1);
  if (!all) return null;
  const { hours, rota, verdict } = all;
  const missing = {
    low: Math.max(0, Math.floor(hours.low - rota)),
    high: Math.ceil(Math.max(0, hours.high - rota)),
  };
  const said = {
    hours: words.band(hours),
    has: words.number(rota),
    missing: words.band(missing),
  };
  const { deskHours } = plan;
  const isShort = plan.halves.some((each) => each.verdict === 'short');
  return (
    <Notice kind={verdict === 'enough' && !isShort ? 'good' : 'warn'}>
      <p>
        <b>{t(`planning.answer.${verdict}`, said)}</b>
      </p>
      {verdict === 'enough' && isShort ? <p>{t('planning.answer.hours')}</p> : null}
      {verdict !== 'enough' && deskHours ? (
        <p>
          {t('planning.answer.desks', {
            each: words.number(deskHours),
            desks: words.fine({ low: missing.low / deskHours, high: missing.high / deskHours }),
          })}
        </p>
      ) : null}
    </Notice>
  );
}

/** The need of an ordinary week, by kind of demand. */
export function WeekTable({ visit, plan }: Props) {
  const { t } = visit;
  const words = wordsOfPlan(visit);
  const column = (
    name: 'demand' | 'hours' | 'rota',
    cell: (row: Plan['weeks'][number]) => string,
  ) => ({
    head: t(`planning.column.${name}`),
    number: true,
    cell,
  });
  return (
    <>
      <Table
        caption={t('planning.week')}
        wide="week"
        rows={plan.weeks}
        keyOf={(row) => row.kind}
        columns={[
          { head: t('planning.column.kind'), cell: (row) => words.kind(row.kind) },
          column('demand', (row) => words.band(row.demand)),
          column('hours', (row) => words.band(row.hours)),
          column('rota', (row) => words.number(row.rota)),
          {
            head: t('planning.column.verdict'),
            cell: ({ verdict }) => (
              <Tag kind={SIGN_OF[verdict]}>{t(`planning.verdict.${verdict}`)}</Tag>
            ),
          },
        ]}
      />
      {plan.attending === null ? null : (
        <p class="soft small">{t('planning.attending', { share: words.share(plan.attending) })}</p>
      )}
      {plan.overbooked ? <Notice kind="warn">{t('planning.overbooked')}</Notice> : null}
    </>
  );
}

/** Each day of an ordinary week: a picture, its text, and its table. */
export function Days({ visit, plan }: Props) {
  const { t } = visit;
  const words = wordsOfPlan(visit);
  const days = [...Map.groupBy(plan.halves, (each) => each.weekday)];
  const scale = scaleOf(plan.halves);
  const kinds = KINDS.filter((kind) => plan.weeks.some((each) => each.kind === kind));
  return (
    <section class="stack" aria-labelledby="halves">
      <h2 id="halves">{t('planning.halves.title')}</h2>
      <p class="soft">{t('planning.halves.lead')}</p>
      <p class="row small">
        <Legend which="needs">{t('planning.legend.needs')}</Legend>
        <Legend which="has">{t('planning.legend.has')}</Legend>
      </p>
      <div class="days-planned">
        {days.map(([weekday, halves]) => (
          <section key={weekday} class="day-planned" aria-labelledby={`day-${weekday}`}>
            <h3 id={`day-${weekday}`}>{words.weekday(weekday)}</h3>
            <Picture halves={halves} scale={scale} words={words} />
            <p class="small">{formatDay(visit, halves, words)}</p>
            <details>
              <summary>
                {t('planning.day.figures')}
                <span class="hide"> {words.weekday(weekday)}</span>
              </summary>
              <DayTable visit={visit} weekday={weekday} halves={halves} kinds={kinds} />
            </details>
          </section>
        ))}
      </div>
    </section>
  );
}

function formatDay({ t }: DeskVisit, halves: readonly PlannedHalf[], words: PlanWords): string {
  const said = (['short', 'tight'] as const).flatMap((verdict) => {
    const times = stretches(halves, verdict, words);
    return times ? [t(`planning.day.${verdict}`, { times })] : [];
  });
  return said.length > 0 ? said.join(' ') : t('planning.day.enough');
}

function DayTable(props: {
  visit: DeskVisit;
  weekday: number;
  halves: readonly PlannedHalf[];
  kinds: readonly Kind[];
}) {
  const { visit, weekday, halves, kinds } = props;
  const { t } = visit;
  const words = wordsOfPlan(visit);
  const all: (Kind | 'all')[] = kinds.length > 1 ? [...kinds, 'all'] : [...kinds];
  const columns: Column<PlannedHalf>[] = all.map((kind) => ({
    head: words.kind(kind),
    number: true,
    cell: ({ needs, has }) => (
      <span class="nowrap">
        {t('planning.cell', { needs: words.band(needs[kind]), has: words.number(has[kind]) })}
      </span>
    ),
  }));
  return (
    <Table
      caption={t('planning.day.caption', { day: words.weekday(weekday) })}
      wide={`figures-${weekday}`}
      rows={halves}
      keyOf={({ half }) => String(half)}
      columns={[
        { head: t('planning.column.from'), cell: ({ half }) => words.clock(half) },
        ...columns,
        {
          head: t('planning.column.verdict'),
          cell: ({ verdict }) => (
            <Tag kind={SIGN_OF[verdict]}>{t(`planning.verdict.${verdict}`)}</Tag>
          ),
        },
      ]}
    />
  );
}

/** The common scale of all days' pictures: half hours, in steps of two hours, and people. */
interface Scale {
  from: number;
  to: number;
  most: number;
}

const LABELLED = 4;

function scaleOf(halves: readonly PlannedHalf[]): Scale {
  const all = halves.map((each) => each.half);
  const first = Math.min(...all);
  return {
    from: first - (first % LABELLED),
    to: Math.ceil((Math.max(...all) + 1) / LABELLED) * LABELLED,
    most: Math.ceil(Math.max(1, ...halves.flatMap(({ needs, has }) => [needs.all.high, has.all]))),
  };
}

/** The need, from least to most, and the rota. The table below has the same values. */
function Picture(props: { halves: readonly PlannedHalf[]; scale: Scale; words: PlanWords }) {
  const { halves, scale, words } = props;
  const { from, to, most } = scale;
  const y = (people: number) => 100 - (100 * people) / most;
  const x = (half: number) => 10 * (half - from);
  const lines = most <= 10 ? most : 4;
  const hours = Array.from({ length: (to - from) / LABELLED }, (_, i) => from + i * LABELLED);
  return (
    <div class="planned" aria-hidden="true">
      <span class="small soft top">{most}</span>
      <svg aria-hidden="true" viewBox={`0 0 ${10 * (to - from)} 100`} preserveAspectRatio="none">
        {Array.from({ length: lines + 1 }, (_, i) => (
          <path key={i} class="grid" d={`M0 ${y((i * most) / lines)}H${10 * (to - from)}`} />
        ))}
        {halves.map(({ half, needs: { all }, verdict }) => (
          <g key={half} class={verdict}>
            {bars(all).map(([from, to, which]) => (
              <rect
                key={which}
                class={which}
                x={x(half)}
                width="10"
                y={y(to)}
                height={y(from) - y(to)}
              />
            ))}
          </g>
        ))}
        <path class="has" d={stepsOf(halves, from, y)} />
      </svg>
      <p class="hours small soft">
        {hours.map((half) => (
          <span key={half}>{words.clock(half)}</span>
        ))}
      </p>
    </div>
  );
}

/** Returns the bars of the least need, from the ground, with the additional possible need on top. */
const bars = ({ low, high }: Band) =>
  (
    [
      [0, low, 'least'],
      [low, high, 'most'],
    ] as const
  ).filter(([from, to]) => to > from);

/** Returns a stepped line; a gap between half hours begins a new one. */
function stepsOf(
  halves: readonly PlannedHalf[],
  from: number,
  y: (people: number) => number,
): string {
  let last: number | null = null;
  return halves
    .map(({ half, has }) => {
      const x = 10 * (half - from);
      const step = `${last === half ? 'V' : `M${x} `}${y(has.all)}H${x + 10}`;
      last = half + 1;
      return step;
    })
    .join('');
}

function Legend({ which, children }: { which: 'needs' | 'has'; children: string }) {
  return (
    <span class="legend-of">
      <svg viewBox="0 0 20 10" width="20" height="10" aria-hidden="true">
        {which === 'needs' ? (
          <g class="enough">
            <rect class="least" y="5" width="20" height="5" />
            <rect class="most" width="20" height="5" />
          </g>
        ) : (
          <path class="has" d="M0 5H20" />
        )}
      </svg>{' '}
      {children}
    </span>
  );
}
