import { opensPapers } from '../../../../features/service/cases/service.ts';
import { sendFile } from '../../../files/served.ts';
import { problem } from '../../problem.tsx';
import type { CaseVisit, CitizenDeps } from '../../visit.tsx';

/** `/{language}/case/{secret}/download/{id}`: downloads a paper. Whoever may not open it is led back to the case. */
export const paperFile =
  ({ cases }: Pick<CitizenDeps, 'cases'>) =>
  async (visit: CaseVisit): Promise<Response> => {
    const { c, viewer, office, found, secret, to } = visit;
    if (!opensPapers(viewer, found)) return visit.redirect(to.case(secret));
    const opened = await cases.openPaper(viewer, office, found.id, c.req.param('document') ?? '');
    return opened ? sendFile(c, opened) : problem(visit, 'not_found');
  };
