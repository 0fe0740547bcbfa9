import type { Context as Request } from 'hono';
import { can } from '../../domain/roles.ts';
import { viewerOf } from '../../features/foundation/staff/service.ts';
import { seesMonthSomewhere } from '../../features/insight/statistics/rules.ts';
import { mayAssist } from '../../features/service/encounter/rules.ts';
import type { StaffViewer } from '../../lib/viewer.ts';
import { type Guard, type Guards, open, routeOf, type StaffPolicy } from '../routes.ts';
import { askToSignIn, type StaffDeps, sessionOf } from './visit.tsx';

type Allows = (viewer: StaffViewer, c: Request) => boolean | Promise<boolean>;

/**
 * Returns the guards of the staff's pages. A thing of another person answers like a missing one. The
 * services decide
 * what depends on a thing in the address, such as the owner of a passkey.
 */
export function staffGuards(deps: StaffDeps): Guards {
  const inOffice =
    (allows: Allows): Guard =>
    async (c) => {
      const session = await sessionOf(deps, c);
      if (!session) return askToSignIn(deps, c);
      const viewer = viewerOf(session, c.req.param('office') ?? '');
      const isAllowed = viewer !== null && (await allows(viewer, c));
      return isAllowed ? null : c.notFound();
    };
  const staff: Record<StaffPolicy, Guard> = {
    'signed-in': async (c) => ((await sessionOf(deps, c)) ? null : askToSignIn(deps, c)),
    operator: async (c) => {
      const session = await sessionOf(deps, c);
      if (!session) return askToSignIn(deps, c);
      return session.operator ? null : c.notFound();
    },
    month: async (c) => {
      const session = await sessionOf(deps, c);
      if (!session) return askToSignIn(deps, c);
      return seesMonthSomewhere(session.offices) ? null : c.notFound();
    },
    member: inOffice((viewer) => can(viewer, 'open_console')),
    desk: inOffice(mayAssist),
    attends: inOffice(
      (viewer, c) => mayAssist(viewer) && deps.documents.isOpenTo(viewer, c.req.param('id') ?? ''),
    ),
    coordinator: inOffice((viewer) => can(viewer, 'coordinate')),
    administrator: inOffice((viewer) => can(viewer, 'administer')),
  };
  return {
    of: { open, ...staff },
    answered: async (c, { policy }, { status }) => {
      const session = policy in staff ? await sessionOf(deps, c) : null;
      if (session && (status === 403 || status === 404))
        deps.security.note('access.refused', { staff: session.staff, route: routeOf(c), status });
    },
  };
}
