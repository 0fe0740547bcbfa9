import type { InboxRow } from '../../../features/service/cases/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { csvOf } from '../../files/csv.ts';
import { stateName } from '../../words/states.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { filterIn } from './filter.ts';
import { type Around, aroundOf } from './inbox.tsx';

const COLUMNS = [
  'reference',
  'procedure',
  'state',
  'due',
  'assignee',
  'handedIn',
  'closed',
] as const;

/** `…/cases.csv`: the list of the inbox with its filter. Names of applicants are in it for those who see every document of the office. */
export function inboxFile(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office } = visit;
    const found = await deps.caseDesk.inboxFile(viewer, office, filterIn(visit));
    if (!found) return c.notFound();
    const around = await aroundOf(deps, visit, found.rows);
    const heads = [
      ...COLUMNS.map((each) => t(`caseDesk.column.${each}`)),
      ...(found.hasNames ? [t('caseDesk.column.applicant')] : []),
    ];
    const rows = found.rows.map((row) => cellsOf(around, row, found.hasNames));
    c.header('Content-Disposition', `attachment; filename="cases-${office.code}.csv"`);
    c.header('Content-Type', 'text/csv; charset=utf-8');
    c.header('Cache-Control', 'no-store');
    return c.body(csvOf([heads, ...rows]));
  };
}

function cellsOf({ visit, names, forms }: Around, row: InboxRow, hasNames: boolean): string[] {
  const { t, office } = visit;
  const form = forms.get(row.form);
  const local = (at: Temporal.Instant | null) =>
    at?.toZonedDateTimeISO(office.timeZone).toString({ timeZoneName: 'never' }) ?? '';
  return [
    row.reference,
    textIn(office.procedure(row.procedure)?.name, t.language),
    form ? stateName(row.state, form, t) : row.state,
    row.due?.toString() ?? '',
    row.assignee === null ? '' : (names.get(row.assignee) ?? ''),
    local(row.handedInAt),
    local(row.closedAt),
    ...(hasNames ? [row.name] : []),
  ];
}
