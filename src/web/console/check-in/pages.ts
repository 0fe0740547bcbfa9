import type { CheckIns } from '../../../features/service/check-in/service.ts';
import { readForm } from '../../form.ts';
import { conflict, here } from '../encounter/appointment.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** `…/arrived`, `…/not-arrived`, `…/missed`: what staff see at the site. The day's list comes back to itself. */
export const checkInPage =
  (deps: StaffDeps, deed: keyof CheckIns) =>
  async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office, base } = visit;
    const form = await readForm(c);
    const id = c.req.param('id') ?? '';
    const done = await deps.checkIns[deed](viewer, office.id, id);
    if (done.ok) {
      const day = form.text('day');
      return visit.redirect(/^\d{4}-\d\d-\d\d$/.test(day) ? `${base}?day=${day}` : here(visit));
    }
    return done.reason === 'not_found' ? c.notFound() : conflict(deps, visit, '');
  };
