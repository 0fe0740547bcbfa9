import type { Context as Request } from 'hono';
import { isEnough } from '../../../domain/identity.ts';
import { hadSession } from '../../../features/foundation/identification/service.ts';
import { isTheirs, isUnclaimed } from '../../../features/service/cases/rules.ts';
import type { Case } from '../../../features/service/cases/types.ts';
import type { CitizenProof } from '../../../lib/viewer.ts';
import { proofHere, worksHere } from '../by-staff.ts';
import { browserOf } from '../identify/session.ts';
import { problem } from '../problem.tsx';
import {
  applicantOf,
  type CaseVisit,
  type CitizenDeps,
  type OfficeVisit,
  visitOf,
  withOffice,
} from '../visit.tsx';
import { claimPage } from './applicant/claim.tsx';
import { addressToReturn } from './applicant/kept.ts';
import { actsForIt, representedIn, representedPage } from './applicant/represented.tsx';

/** Returns what shows in this browser that somebody is the citizen in whose encounter a case was begun; null: nothing does. */
async function proofOf(
  deps: CitizenDeps,
  visit: OfficeVisit,
  found: Case,
): Promise<CitizenProof | null> {
  const id = found.citizenOf;
  const appointment = id && (await deps.appointments.byId(visit.office, id));
  return appointment ? proofHere(deps, visit, appointment) : null;
}

/**
 * Finds the case of a link. What an identified person began opens to them alone: anybody else is asked to identify, and comes back to the
 * same page. What they typed there meanwhile is kept for them.
 */
export async function findCase(deps: CitizenDeps, c: Request): Promise<CaseVisit | Response> {
  const visit = await visitOf(deps, c);
  const secret = c.req.param('secret') ?? '';
  const found = await deps.cases.bySecret(secret);
  if (!found || !visit.isOffered) return problem(visit, 'no_case');
  const of = withOffice(deps, visit, await deps.offices.byId(found.office));
  const procedure = of.office.procedure(found.procedure);
  if (!procedure) throw new Error(`Case ${found.id} names no procedure of its office`);
  // Staff fill in a form under their own name, never by a citizen's link.
  if (await worksHere(deps, c)) return problem(of, 'staff_here');
  const { session } = visit;
  if (isUnclaimed(found)) {
    if (session && isEnough(session.level, found.level))
      return claimPage(deps, { ...of, found, procedure, secret, session });
    return visit.redirect(visit.to.identify({ next: visit.to.case(secret), level: found.level }));
  }
  const proof = await proofOf(deps, of, found);
  const viewer = { ...applicantOf(found.id, session, visit.acting), proof };
  const handNames = (staff: readonly number[]) => deps.attendants.firstNames(of.office, staff);
  if (isTheirs(viewer, found)) {
    const represented = representedIn(of, found);
    return { ...of, found, procedure, secret, viewer, handNames, represented };
  }
  const notActing = await representedPage(deps, of, found, visit.to.case(secret));
  if (notActing) return notActing;
  const isTheirsToo = session?.person === found.person || actsForIt(session, found.representation);
  if (session && !(isTheirsToo && !isEnough(session.level, found.level)))
    return problem(of, 'other_person');
  const { cookie } = browserOf(c);
  const ended = !session && hadSession(cookie, deps.baseUrl) ? { ended: '1' } : {};
  const next = await addressToReturn(deps, visit, found);
  return visit.redirect(visit.to.identify({ next, level: found.level, ...ended }));
}
