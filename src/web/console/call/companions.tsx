import { checkInvitation } from '../../../features/service/companions/rules.ts';
import { formatMistakes, type TypedInvitation } from '../../companion-link.tsx';
import { readForm } from '../../form.ts';
import { conflict, here, showAppointment } from '../encounter/appointment.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

type Done = { ok: true } | { ok: false; reason: 'not_found' | 'not_open' | 'full' };

/**
 * `…/companion`: invites a companion to a video call; `/{companion}/admit` lets them in,
 * `/{companion}/revoke` revokes their link.
 */
export function companionPages(deps: StaffDeps) {
  const { companions } = deps;

  const withMistakes = (visit: DeskVisit, invitation: TypedInvitation, full?: string) => {
    const wrong = Object.entries(formatMistakes(visit.t, invitation.mistakes));
    const problems = wrong.map(([field, text]) => ({ href: `#${field}`, text }));
    if (full) problems.push({ href: '#company', text: full });
    return showAppointment(deps, visit, { status: 422, problems, work: { typed: { invitation } } });
  };

  /** The script of the page only needs to know whether it is done. */
  const answer = (visit: DeskVisit, done: Done) => {
    const { c } = visit;
    if (c.req.header('Accept') === 'application/json') {
      if (done.ok) return c.body(null, 204);
      return c.body(null, done.reason === 'not_found' ? 404 : 409);
    }
    if (done.ok) return visit.redirect(here(visit));
    if (done.reason !== 'full') return conflict(deps, visit, '');
    const text = visit.t('colleagues.wrong.full');
    return showAppointment(deps, visit, { status: 409, problems: [{ href: '#company', text }] });
  };

  const act = (what: 'admit' | 'revoke') => async (visit: DeskVisit) => {
    const { c, viewer, office } = visit;
    const id = c.req.param('id') ?? '';
    const companion = c.req.param('companion') ?? '';
    return answer(visit, await companions[what](viewer, office.id, id, companion));
  };

  return {
    invite: async (visit: DeskVisit) => {
      const { c, t, viewer, office } = visit;
      const form = await readForm(c);
      const typed = { name: form.text('name'), role: form.text('role') };
      const checked = checkInvitation(typed);
      if (!checked.ok) return withMistakes(visit, { ...typed, mistakes: checked.mistakes });
      const id = c.req.param('id') ?? '';
      const made = await companions.invite(viewer, office.id, id, checked.invitation);
      if (made.ok) return visit.redirect(here(visit));
      return made.reason === 'too_many'
        ? withMistakes(visit, { ...typed, mistakes: {} }, t('companions.full'))
        : conflict(deps, visit, checked.invitation.name);
    },
    admit: act('admit'),
    revoke: act('revoke'),
  };
}
