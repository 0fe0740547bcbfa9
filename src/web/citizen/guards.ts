import type { Context as Request } from 'hono';
import { type Guard, type Guards, open, type Policy, routeOf } from '../routes.ts';
import { problem } from './problem.tsx';
import { type CitizenDeps, visitOf } from './visit.tsx';
import type { visits } from './visits.ts';

/** The form of the tokens in notices: an id and a signature. */
const NOTICE = /^[\w-]{22}\.[\w-]{32}$/;

/**
 * Returns the guards of the citizen's pages. The secret in the address must open what the policy names,
 * or the handler doesn't run. An unknown secret is a security event.
 */
export function citizenGuards(deps: CitizenDeps, find: ReturnType<typeof visits>['find']): Guards {
  const { security, addressOf } = deps;
  const note = (c: Request, policy: Policy) =>
    security.note('link.unknown', { what: policy, route: routeOf(c) }, addressOf(c));
  const opens =
    (policy: Policy, finder: (c: Request) => Promise<unknown>): Guard =>
    async (c) => {
      const found = await finder(c);
      if (!(found instanceof Response)) return null;
      // An ended journey is accepted too, and leads to its appointment.
      if (found.status === 404) note(c, policy);
      return found;
    };
  return {
    of: {
      open,
      journey: opens('journey', find.journey),
      appointment: opens('appointment', find.appointment),
      companion: opens('companion', find.companion),
      waiting: opens('waiting', find.waiting),
      chat: opens('chat', find.chat),
      case: opens('case', find.case),
      cosigner: opens('cosigner', find.cosigner),
      request: opens('request', find.request),
      follower: opens('follower', find.follower),
      person: async (c) => {
        const found = await find.person(c);
        return found instanceof Response ? found : null;
      },
      notice: async (c) =>
        NOTICE.test(c.req.param('token') ?? '')
          ? null
          : problem(await visitOf(deps, c), 'not_found'),
    },
    answered: (c, { policy }, { status }) => {
      // The handler itself checks the signed token, since the database has no secret for it.
      if (policy === 'notice' && status === 404) note(c, policy);
    },
  };
}
