import { isSamePost } from '../../../domain/roles.ts';
import { viewerOf } from '../../../features/foundation/staff/service.ts';
import { caseStream } from '../../case-stream.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** `…/form/{id}/stream`: tells the official's pages that an answer has changed. It ends with the encounter, with their session or with their post. */
export function assistedStream(deps: StaffDeps) {
  return async ({ c, viewer, office }: DeskVisit): Promise<Response> => {
    const id = c.req.param('id') ?? '';
    const isUnderway = async () =>
      (await deps.cases.encounterOf(viewer, office, id))?.isUnderway === true;
    if (!(await isUnderway())) return c.notFound();
    const headers = new Headers({ cookie: c.req.header('Cookie') ?? '' });
    return caseStream(deps, c, {
      of: `staff ${viewer.staff} ${id}`,
      case: { id, office: office.id },
      mayGoOn: async () => {
        const session = await deps.staff.session(headers, { isIdle: true });
        const isSame = isSamePost(session && viewerOf(session, office.code), viewer);
        return isSame && (await isUnderway());
      },
    });
  };
}
