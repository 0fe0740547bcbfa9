import { GIVEN_LEVELS } from '../../../domain/identity.ts';
import { PROVING_LEVEL } from '../../../features/service/identifying/rules.ts';
import { readForm } from '../../form.ts';
import { conflict, here, showAppointment } from '../encounter/appointment.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** `…/identify`: asks the citizen, on their screens, to identify. */
export const askIdentityPage =
  (deps: StaffDeps) =>
  async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const chosen = (await readForm(c)).text('level');
    const level = GIVEN_LEVELS.find((each) => each === chosen) ?? PROVING_LEVEL;
    const asked = await deps.identifying.ask(viewer, office, c.req.param('id') ?? '', level);
    if (asked.ok) return visit.redirect(here(visit));
    return asked.reason === 'not_found' ? c.notFound() : conflict(deps, visit, '');
  };

/** `…/identify/{person}/show`: shows the whole identifier of a person, on this page alone. It is recorded. */
export const revealPage =
  (deps: StaffDeps) =>
  async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const person = c.req.param('person') ?? '';
    const id = c.req.param('id') ?? '';
    const identifier = await deps.identifying.reveal(viewer, office, id, person);
    if (identifier === null) return c.notFound();
    c.header('Cache-Control', 'no-store');
    return showAppointment(deps, visit, { revealed: { person, identifier } });
  };
