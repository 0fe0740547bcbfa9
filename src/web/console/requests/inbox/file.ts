import type { RequestInboxRow } from '../../../../features/service/requests/service.ts';
import { settingsOf } from '../../../../features/service/requests/service.ts';
import { csvOf } from '../../../files/csv.ts';
import { teamName } from '../../cases/words.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { areaName, requestTypeName } from '../words.ts';
import { requestFilterIn } from './filter.ts';
import { type AroundRequests, aroundRequests } from './table.tsx';

const COLUMNS = [
  'reference',
  'type',
  'kind',
  'state',
  'area',
  'team',
  'assignee',
  'sent',
  'due',
  'closed',
] as const;

/** `…/requests.csv`: the list of the inbox with its filter, without what anybody wrote and without who it was. */
export function requestsFile(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office } = visit;
    const rows =
      settingsOf(office) && (await deps.requests.inboxFile(viewer, office, requestFilterIn(visit)));
    if (!rows) return c.notFound();
    const around = await aroundRequests(deps, visit, rows);
    const heads = COLUMNS.map((each) => t(`requestDesk.column.${each}`));
    c.header('Content-Disposition', `attachment; filename="requests-${office.code}.csv"`);
    c.header('Content-Type', 'text/csv; charset=utf-8');
    c.header('Cache-Control', 'no-store');
    return c.body(csvOf([heads, ...rows.map((row) => cellsOf(around, row))]));
  };
}

function cellsOf({ visit, names, areas }: AroundRequests, row: RequestInboxRow): string[] {
  const { t, office } = visit;
  const local = (at: Temporal.Instant | null) =>
    at?.toZonedDateTimeISO(office.timeZone).toString({ timeZoneName: 'never' }) ?? '';
  return [
    row.reference,
    requestTypeName(visit, row.type),
    t(`requestDesk.kind.${row.kind}`),
    t(`requests.state.${row.state}`),
    areaName(visit, areas, row.area),
    row.team === null ? '' : teamName(visit, row.team) || row.team,
    row.assignee === null ? '' : (names.get(row.assignee) ?? ''),
    local(row.sentAt),
    row.due?.toString() ?? '',
    local(row.closedAt),
  ];
}
