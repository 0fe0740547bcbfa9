import { UNDO_STEPS } from '../../../features/service/encounter/types.ts';
import { readForm } from '../../form.ts';
import { conflict, here } from '../encounter/appointment.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** Takes the last step back. */
export function undoPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { viewer, office, c, t } = visit;
    const asked = (await readForm(c)).text('step');
    const step = UNDO_STEPS.find((each) => each === asked);
    if (!step) return visit.redirect(here(visit));
    const result = await deps.encounter.undo(viewer, office, c.req.param('id') ?? '', step);
    if (result.ok) return visit.redirect(`${here(visit)}?done=undone`);
    return result.reason === 'not_found'
      ? c.notFound()
      : conflict(deps, visit, '', {
          text: t(result.reason === 'slot_taken' ? 'undo.taken' : 'undo.late'),
        });
  };
}
