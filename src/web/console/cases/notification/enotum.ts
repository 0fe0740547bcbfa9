import { zipOf } from '../../../../lib/zip/zip.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { caseAt, showCase } from '../case.tsx';

/** `…/notification/enotum`: the evidence of e-NOTUM, as it came; a package with a file for each time that it was handed over. */
export function theirEvidenceFile(deps: StaffDeps) {
  return async ({ c, viewer, office }: DeskVisit): Promise<Response> => {
    const id = c.req.param('id') ?? '';
    const file = await deps.notifications.theirEvidence(viewer, office, id);
    if (!file) return c.notFound();
    c.header('Cache-Control', 'no-store');
    const { reference, files } = file;
    const [only, ...others] = files;
    const isOne = only !== undefined && others.length === 0;
    c.header('Content-Type', isOne ? 'application/xml' : 'application/zip');
    const name = `${reference}-enotum.${isOne ? 'xml' : 'zip'}`;
    c.header('Content-Disposition', `attachment; filename="${name}"`);
    if (isOne) return c.body(new Uint8Array(only));
    const entries = files.map((bytes, index) => ({
      name: `${reference}-enotum-${index + 1}.xml`,
      read: async function* () {
        yield bytes;
      },
    }));
    return c.body(
      new Uint8Array(Buffer.concat(await Array.fromAsync(zipOf(entries, deps.clock.now())))),
    );
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
