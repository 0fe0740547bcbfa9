import { ADDRESS_KINDS } from '../../../domain/address.ts';
import { readForm } from '../../form.ts';
import { conflict, here, showAppointment } from '../encounter/appointment.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { CHECKS } from './proof.tsx';

/**
 * `…/contact/vouch`: a second member of staff, who checked the citizen's identity, confirms an address
 * as theirs.
 */
export function vouchPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { c, t, viewer, office } = visit;
    const form = await readForm(c);
    const kind = ADDRESS_KINDS.find((each) => each === form.text('address'));
    if (!kind) return visit.redirect(here(visit));
    const how = CHECKS.find((each) => each === form.text(`how-${kind}`));
    if (!how) {
      const problems = [{ href: `#how-${kind}`, text: t('proof.desk.vouch.missing') }];
      return showAppointment(deps, visit, { status: 422, problems });
    }
    const done = await deps.assistance.vouch(viewer, office, c.req.param('id') ?? '', {
      kind,
      how,
    });
    if (done.ok) return visit.redirect(`${here(visit)}?done=vouched`);
    if (done.reason === 'not_found') return c.notFound();
    if (done.reason === 'not_frozen') return conflict(deps, visit, '');
    const problems = [{ href: '#codes', text: t('proof.desk.own') }];
    return showAppointment(deps, visit, { status: 409, problems });
  };
}
