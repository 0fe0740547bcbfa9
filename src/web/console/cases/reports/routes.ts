import { get, post, type Route } from '../../../routes.ts';
import { type DeskVisit, type StaffDeps, staffVisits } from '../../visit.tsx';
import { caseAt } from '../case.tsx';
import { answerReportPage, reportPaper } from './answer.tsx';
import { askReportPage } from './ask.tsx';
import { reportsPage } from './list.tsx';

/** Reports about cases: those that are asked for, and those that are to be given. `one`: the address of a case. */
export function reportRoutes(deps: StaffDeps, one: string): Route[] {
  const a = staffVisits(deps);
  const ask = askReportPage(deps);
  const answer = answerReportPage(deps);
  const reports = '/console/:office/reports';
  return [
    get(`${one}/reports`, 'member', a.desk(ask.get)),
    post(`${one}/reports`, 'member', a.desk(ask.post)),
    post(`${one}/reports/:asked/withdraw`, 'member', a.desk(withdrawReport(deps))),
    get(reports, 'member', a.desk(reportsPage(deps))),
    get(`${reports}/:report`, 'member', a.desk(answer.get)),
    post(`${reports}/:report`, 'member', a.desk(answer.post)),
    get(`${reports}/:report/papers/:shown`, 'member', a.desk(reportPaper(deps))),
  ];
}

/** `…/cases/{id}/reports/{report}/withdraw`: goes on without a report. What came meanwhile stays. */
const withdrawReport =
  ({ reports }: Pick<StaffDeps, 'reports'>) =>
  async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const { id = '', asked = '' } = c.req.param() as Record<string, string>;
    const done = await reports.withdraw(viewer, office, id, asked);
    if (!done.ok && done.reason === 'not_found') return c.notFound();
    return visit.redirect(done.ok ? `${caseAt(visit)}?done=report-withdrawn` : caseAt(visit));
  };
