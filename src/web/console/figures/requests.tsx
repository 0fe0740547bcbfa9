import type { Area } from '../../../domain/requests/areas.ts';
import { NO_AREA, scoreOf } from '../../../features/insight/statistics/rules.ts';
import {
  REQUEST_SIDES,
  type RequestCounts,
  type RequestFigures,
  type RequestGroup,
  type RequestSide,
  type Span,
} from '../../../features/insight/statistics/types.ts';
import { teamName } from '../cases/words.ts';
import { areaName, requestTypeName } from '../requests/words.ts';
import type { DeskVisit } from '../visit.tsx';
import { OneTable } from './one-table.tsx';
import { type FigureTable, monthName, numbersOf, per } from './tables.ts';

const TABLE_NAMES = {
  type: 'requestTypes',
  team: 'requestTeams',
  area: 'requestAreas',
  month: 'requestMonths',
} as const satisfies Record<RequestSide, string>;

/** Returns the side whose table has a name in addresses; undefined: none. */
export const requestSideOf = (name: string | undefined): RequestSide | undefined =>
  REQUEST_SIDES.find((side) => TABLE_NAMES[side] === name);

const MEASURES = [
  { name: 'came', how: 'count', of: (c: RequestCounts) => c.came },
  { name: 'open', how: 'count', of: (c: RequestCounts) => c.open },
  { name: 'closed', how: 'count', of: (c: RequestCounts) => c.closed },
  { name: 'inTime', how: 'percent', of: (c: RequestCounts) => per(c.inTime, c.withTerm) },
  { name: 'workingDays', how: 'days', of: (c: RequestCounts) => c.workingDays },
  { name: 'reopened', how: 'count', of: (c: RequestCounts) => c.reopened },
] as const;

interface Shown {
  visit: DeskVisit;
  found: RequestFigures;
  areas: readonly Area[];
}

/** Returns requests by type, team or district, those with most first, or by month. */
export function requestTable({ visit, found, areas }: Shown, side: RequestSide): FigureTable {
  const { t } = visit;
  const came = ({ counts }: RequestGroup) => counts.came;
  const groups = side === 'month' ? found.month : found[side].toSorted((a, b) => came(b) - came(a));
  const name = TABLE_NAMES[side];
  return {
    caption: t(`figures.table.${name}`),
    heads: [
      t(`figures.head.${name}`),
      ...MEASURES.map((each) => t(`figures.requests.${each.name}`)),
    ],
    rows: groups.map(({ key, counts }) => ({
      name: nameOf({ visit, areas }, side, key),
      figures: MEASURES.map(({ how, of }) => ({ how, value: of(counts) })),
    })),
  };
}

function nameOf({ visit, areas }: Omit<Shown, 'found'>, side: RequestSide, key: string): string {
  const { t } = visit;
  if (side === 'type') return requestTypeName(visit, key);
  if (side === 'month') return monthName(visit, key);
  if (key === NO_AREA) return t(side === 'team' ? 'requestDesk.noTeam' : 'figures.requests.noArea');
  return side === 'team' ? teamName(visit, key) || key : areaName(visit, areas, key);
}

/** What people said of whole months. */
function Said({ visit, found }: Pick<Shown, 'visit' | 'found'>) {
  const { t } = visit;
  const { scores, solved } = found.opinion;
  const score = scores && scoreOf(scores);
  const numbers = numbersOf(visit);
  const [yes = 0, partly = 0, no = 0] = solved ?? [];
  return (
    <>
      {score ? (
        <p>
          {t('figures.requests.score', {
            n: numbers.count(score.n),
            mean: numbers.number(score.mean),
          })}
        </p>
      ) : null}
      {solved ? (
        <p>
          {t('figures.requests.solved', {
            n: numbers.count(yes + partly + no),
            yes: numbers.share(yes, yes + partly + no),
          })}
        </p>
      ) : null}
    </>
  );
}

/** Complaints, suggestions, incidents, questions and thanks: by type, team, district and month. */
export function RequestSection(props: Shown & { span: Span }) {
  const { visit, span, found } = props;
  const { t } = visit;
  if (found.type.length === 0) return null;
  // Without districts or teams there is nothing to divide.
  const sides = REQUEST_SIDES.filter(
    (side) => side === 'month' || found[side].some(({ key }) => key !== NO_AREA),
  );
  return (
    <section class="stack" aria-labelledby="requests">
      <h2 id="requests">{t('figures.section.requests')}</h2>
      <p class="soft small">{t('figures.requests.explain')}</p>
      <Said visit={visit} found={found} />
      {sides.map((side) => (
        <OneTable
          key={side}
          visit={visit}
          span={span}
          name={TABLE_NAMES[side]}
          table={requestTable(props, side)}
        />
      ))}
    </section>
  );
}
