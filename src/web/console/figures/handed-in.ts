import { growth } from '../../../features/insight/statistics/rules.ts';
import type { HandedIn, YearOnYear } from '../../../features/insight/statistics/types.ts';
import { DOORS } from '../../../features/service/cases/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { DeskVisit } from '../visit.tsx';
import { type FigureTable, monthName } from './tables.ts';

/** The tables of the cases that were handed in, beside the year before. */
export const CASE_TABLES = ['cases', 'caseMonths'] as const;
type CaseTable = (typeof CASE_TABLES)[number];

const sumOf = (all: readonly HandedIn[]): number => all.reduce((sum, { cases }) => sum + cases, 0);

/** Returns cases by procedure and how they began, or by month, beside the year before. */
export function handedInTable(visit: DeskVisit, found: YearOnYear, name: CaseTable): FigureTable {
  const { t } = visit;
  const { year, handedIn } = found;
  const row = (label: string, is: (each: HandedIn) => boolean) => {
    const now = sumOf(handedIn.now.filter(is));
    const before = sumOf(handedIn.before.filter(is));
    const figures = [now, before].map((value) => ({ value, how: 'count' as const }));
    return {
      name: label,
      figures: [...figures, { value: growth(now, before), how: 'growth' as const }],
    };
  };
  const rows =
    name === 'cases'
      ? groupsOf(found).map(({ procedure, door }) =>
          row(
            `${procedureName(visit, procedure)}, ${doorName(visit, door)}`,
            (each) => each.procedure === procedure && each.door === door,
          ),
        )
      : Array.from({ length: found.months }, (_, at) =>
          row(
            monthName(visit, Temporal.PlainDate.from({ year, month: at + 1, day: 1 }).toString()),
            (each) => each.month === at + 1,
          ),
        );
  return {
    caption: t(`figures.table.${name}`, { year, before: year - 1 }),
    heads: [
      t(name === 'cases' ? 'figures.head.procedure' : 'figures.head.month'),
      ...[year, year - 1].map(String),
      t('figures.measure.growth'),
    ],
    rows: [...rows, row(t('figures.all'), () => true)],
  };
}

/** The procedures with the doors by which cases of them began, those with most cases first. */
function groupsOf({ handedIn }: YearOnYear): Pick<HandedIn, 'procedure' | 'door'>[] {
  const sums = new Map<string, number>();
  for (const { procedure, door, cases } of [...handedIn.now, ...handedIn.before])
    sums.set(`${procedure} ${door}`, (sums.get(`${procedure} ${door}`) ?? 0) + cases);
  return [...sums]
    .toSorted(([, a], [, b]) => b - a)
    .map(([key]) => {
      const [procedure = '', door = ''] = key.split(' ');
      return { procedure: Number(procedure), door };
    });
}

const procedureName = ({ office, t }: DeskVisit, id: number): string =>
  textIn(office.procedure(id)?.name, t.language);

function doorName({ t }: DeskVisit, door: string): string {
  const known = DOORS.find((each) => each === door);
  return known ? t(`caseDesk.door.${known}`) : door;
}
