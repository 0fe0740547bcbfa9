import { sendFile } from '../../../files/served.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';

/** `…/cases/{id}/papers/{document}`: downloads a file that was handed in with a case. Each look is on the trail. */
export const casePaper =
  ({ cases }: Pick<StaffDeps, 'cases'>) =>
  async ({ c, viewer, office }: DeskVisit): Promise<Response> => {
    const { id = '', document = '' } = c.req.param() as Record<string, string>;
    const opened = await cases.openPaper(viewer, office, id, document);
    return opened ? sendFile(c, opened) : c.notFound();
  };
