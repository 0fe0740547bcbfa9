import type { Context as Request } from 'hono';
import type { Appointment } from '../../domain/appointment.ts';
import type { CitizenProof } from '../../lib/viewer.ts';
import { proofIn } from './appointment/proof.ts';
import type { CitizenDeps, Visit } from './visit.tsx';

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

/**
 * Returns the proof in this browser that somebody is the citizen: a code that was typed, or an identification; null in a browser with a
 * console session, where the link's rights are all that there are.
 */
export async function proofHere(
  deps: CitizenDeps,
  { c, session }: Pick<Visit, 'c' | 'session'>,
  appointment: Appointment,
): Promise<CitizenProof | null> {
  const proved =
    (await proofIn(deps, c.req.header('Cookie'), appointment)) ??
    (session && (await deps.identifying.proof(session, appointment)));
  return proved && (await worksHere(deps, c)) ? null : proved;
}
