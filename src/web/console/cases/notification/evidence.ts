import type { DeskVisit, StaffDeps } from '../../visit.tsx';

/** `…/notification/evidence`: the sealed evidence, which is issued when nobody has asked for it since the last fact. */
export function evidenceFile(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const file = await deps.notifications.evidence(viewer, office, c.req.param('id') ?? '');
    if (!file) return c.notFound();
    c.header('Content-Type', 'application/pdf');
    c.header('Content-Disposition', `attachment; filename="${file.reference}-notificacio.pdf"`);
    c.header('Cache-Control', 'no-store');
    return c.body(new Uint8Array(file.bytes));
  };
}
