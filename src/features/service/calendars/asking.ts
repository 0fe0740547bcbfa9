import {
  type Answer,
  type GuardedRequest,
  guardedRequest,
  type RequestGuard,
} from '../../../lib/http/guarded-request.ts';
import { Trouble, troubleOfFailure } from './trouble.ts';

/**
 * Why an address was refused. `inner`: it leads into a network where this installation may not go; `other_host`: the server's answer led
 * to another origin than the one that was agreed on.
 */
export type RefusedAddress = 'inner' | 'other_host';

/** Where the requests of one connection may go. */
export interface Reach {
  /** The only origin: passwords and tokens go nowhere else, wherever the server's answers point. */
  origin: string;
  guard: RequestGuard;
  /** Is told of every refused address. */
  refused(why: RefusedAddress): void;
}

/**
 * Sends a request to the server of a calendar. Redirects aren't followed; one to another origin is refused. @throws Trouble when there is
 * no answer
 */
export async function askServer(request: GuardedRequest, reach: Reach): Promise<Answer> {
  const { url } = request;
  if (url.origin !== reach.origin) throw refuse(reach, 'other_host');
  const result = await guardedRequest(request, reach.guard);
  if (!result.ok && result.reason === 'refused_address') throw refuse(reach, 'inner');
  if (!result.ok) throw troubleOfFailure(result.reason);
  const to = isRedirect(result.status) && result.headers.location;
  if (to && URL.parse(to, url)?.origin !== reach.origin) throw refuse(reach, 'other_host');
  return result;
}

/** Returns whether a status sends elsewhere (RFC 9110, 15.4). */
export const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** Returns a header that may be there once; null: it is not. */
export const headerOf = ({ headers }: Pick<Answer, 'headers'>, name: string): string | null => {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
};

function refuse(reach: Reach, why: RefusedAddress): Trouble {
  reach.refused(why);
  return new Trouble('address');
}
