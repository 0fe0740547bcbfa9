import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { caseAt, showCase } from '../case.tsx';

/** `…/notification/enotum`: the evidence of e-NOTUM, as it came. */
export function theirEvidenceFile(deps: StaffDeps) {
  return async ({ c, viewer, office }: DeskVisit): Promise<Response> => {
    const id = c.req.param('id') ?? '';
    const file = await deps.notifications.theirEvidence(viewer, office, id);
    if (!file) return c.notFound();
    c.header('Content-Type', 'application/xml');
    c.header('Content-Disposition', `attachment; filename="${file.reference}-enotum.xml"`);
    c.header('Cache-Control', 'no-store');
    return c.body(new Uint8Array(file.bytes));
  };
}

/** `…/notification/here`: notifies in the folder what e-NOTUM refused or stopped. */
export const takeBack = (deps: StaffDeps) => settling(deps, 'takeBack', 'taken-back');

/** `…/notification/again`: hands over once more what was stopped at e-NOTUM. */
export const handAgain = (deps: StaffDeps) => settling(deps, 'handAgain', 'handed-again');

function settling(deps: StaffDeps, how: 'takeBack' | 'handAgain', said: string) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office } = visit;
    const done = await deps.notifications[how](viewer, office, c.req.param('id') ?? '');
    if (done.ok) return visit.redirect(`${caseAt(visit)}?done=${said}`);
    if (done.reason === 'not_found') return c.notFound();
    return showCase(deps, visit, {
      status: 409,
      notice: { kind: 'warn', text: t('notification.desk.enotum.notTaken') },
    });
  };
}
