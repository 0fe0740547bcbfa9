import type { Span } from '../../../features/insight/statistics/types.ts';
import { Table } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import { queryOf } from './asked.ts';
import { type FigureTable, numbersOf, write } from './tables.ts';

/** A table of figures with the link that saves it as a file, in the address of which it is `name`. */
export function OneTable(props: {
  visit: DeskVisit;
  span: Span;
  name: string;
  table: FigureTable;
}) {
  const { visit, span, name, table } = props;
  const { t, base } = visit;
  const numbers = numbersOf(visit);
  const [first = '', ...heads] = table.heads;
  return (
    <Table
      caption={
        <>
          <span id={`${name}-table`}>{table.caption}</span>{' '}
          <a class="save" href={`${base}/figures.csv?${queryOf(visit, span, { table: name })}`}>
            {t('figures.export')}
            <span class="hide">: {table.caption}</span>
          </a>
        </>
      }
      rows={table.rows}
      keyOf={(row) => row.name}
      columns={[
        { head: first, cell: (row) => row.name },
        ...heads.map((head, at) => ({
          head,
          number: true,
          cell: (row: FigureTable['rows'][number]) =>
            write(numbers, row.figures[at] ?? { value: null, how: 'count' }),
        })),
      ]}
    />
  );
}
