import { sendFile } from '../../../files/served.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { caseAt } from '../case.tsx';

/** `…/cases/{id}/papers/{document}`: downloads a file that was handed in with a case. Each look is on the trail. */
export const casePaper =
  ({ cases }: Pick<StaffDeps, 'cases'>) =>
  async ({ c, viewer, office }: DeskVisit): Promise<Response> => {
    const { id = '', document = '' } = c.req.param() as Record<string, string>;
    const opened = await cases.openPaper(viewer, office, id, document);
    return opened ? sendFile(c, opened) : c.notFound();
  };

/** `…/cases/{id}/papers/{document}/release`: lets a file pass that the antivirus can't look into. */
export const releasePaper =
  ({ cases }: Pick<StaffDeps, 'cases'>) =>
  async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const { id = '', document = '' } = c.req.param() as Record<string, string>;
    const done = await cases.releasePaper(viewer, office, id, document);
    if (done === null) return c.notFound();
    // A colleague may have let it pass meanwhile: the page shows how it is now.
    return visit.redirect(done ? `${caseAt(visit)}?done=released` : caseAt(visit));
  };
