import type { Context as Request } from 'hono';
import type { Context } from '../../../context.ts';
import type { Browser } from '../../../features/foundation/identification/service.ts';
import type { CitizenSession } from '../../../features/foundation/identification/types.ts';
import { oncePerRequest } from '../../routes.ts';

/** The parts of the context that tell who is identified in a browser. */
export interface SessionDeps extends Pick<Context, 'identification' | 'security'> {
  /** The address of a request, for counting in memory only. */
  addressOf(c: Request): string;
}

/** Returns what identifies the browser of a request. */
export const browserOf = (c: Request): Browser => ({
  cookie: c.req.header('Cookie') ?? '',
  agent: c.req.header('User-Agent') ?? '',
});

const readers = new WeakMap<object, (c: Request) => Promise<CitizenSession | null>>();

/**
 * Returns the session of the identified person in a request's browser, read once per request; null: nobody is identified. A session whose
 * secret came from another browser is over, and a security event.
 */
export function sessionIn(deps: SessionDeps, c: Request): Promise<CitizenSession | null> {
  const { identification } = deps;
  const known = readers.get(identification);
  const read =
    known ??
    oncePerRequest(async (of: Request) => {
      const { session, isMoved } = await identification.read(browserOf(of));
      if (isMoved) deps.security.note('identity.session_moved', {}, deps.addressOf(of));
      return session;
    });
  if (!known) readers.set(identification, read);
  return read(c);
}
