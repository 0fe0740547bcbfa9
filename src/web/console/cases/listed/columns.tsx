import { textIn } from '../../../../lib/i18n/languages.ts';
import type { DeskVisit } from '../../visit.tsx';

/** What a list has of a case. */
interface Listed {
  /** The id of its procedure. */
  procedure: number;
  reference: string;
}

/** The first columns of a list of cases: the reference, with the link to the case, and the procedure. `idOf`: the id of the case. */
export const caseColumns = <Row extends Listed>(
  { t, office, base }: DeskVisit,
  idOf: (of: Row) => string,
) => [
  {
    head: t('caseDesk.column.reference'),
    cell: (of: Row) => (
      <a href={`${base}/cases/${idOf(of)}`} class="figures">
        {of.reference}
      </a>
    ),
  },
  {
    head: t('caseDesk.column.procedure'),
    cell: (of: Row) => textIn(office.procedure(of.procedure)?.name, t.language),
  },
];
