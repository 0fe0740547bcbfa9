import type { Context as Request } from 'hono';
import type { CitizenDeps } from './visit.tsx';

/** Opened documents, the log of them, and the code for them. */
const PAPERS = /\/documents\/[^/]+/;
/** Both sides see everything that a call or its test does in the citizen's name. */
const CALLS = /\/(room|device)(\/|$)/;
/** In a call only the citizen may allow a picture, ask for a phone call, or refuse to identify. */
const ANSWERS = /\/room\/(still|phone|identify)$/;

/**
 * Returns whether a request would act as the citizen, or open their documents, in a browser with a
 * console session.
 * Staff act under their own name, even with a citizen's link.
 */
export async function isByStaff(deps: Pick<CitizenDeps, 'staff'>, c: Request): Promise<boolean> {
  const { method, path } = c.req;
  const isReading = method === 'GET' || method === 'HEAD';
  const isOfCall = CALLS.test(path) && !ANSWERS.test(path);
  if (isReading ? !PAPERS.test(path) : isOfCall) return false;
  return worksHere(deps, c);
}

/** Returns whether this browser has a console session. */
export const worksHere = async (
  { staff }: Pick<CitizenDeps, 'staff'>,
  c: Request,
): Promise<boolean> => (await staff.session(c.req.raw.headers, { isIdle: true })) !== null;
