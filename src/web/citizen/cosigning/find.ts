import type { Context as Request } from 'hono';
import type { CosignerRow } from '../../../features/service/cases/service.ts';
import type { PersonViewer } from '../../../lib/viewer.ts';
import { worksHere } from '../by-staff.ts';
import { problem } from '../problem.tsx';
import { type CitizenDeps, type OfficeVisit, personOf, visitOf, withOffice } from '../visit.tsx';

/** The request of an identified person with the link of somebody who must sign. Whether it is them is for the service to tell. */
export interface CosignVisit extends OfficeVisit {
  secret: string;
  found: CosignerRow;
  viewer: PersonViewer;
}

/** Finds whom a link asks to sign. Nothing of it is told before they are identified for themselves, to the level at which people sign. */
export async function findCosigner(deps: CitizenDeps, c: Request): Promise<CosignVisit | Response> {
  const visit = await visitOf(deps, c);
  const secret = c.req.param('secret') ?? '';
  const found = await deps.cosigning.bySecret(secret);
  if (!found || !visit.isOffered) return problem(visit, 'no_case');
  const of = withOffice(deps, visit, await deps.offices.byId(found.office));
  if (await worksHere(deps, c)) return problem(of, 'staff_here');
  const { session, acting } = visit;
  if (!session) return toIdentify(of, secret);
  if (acting) return problem(of, 'other_signer');
  return { ...of, secret, found, viewer: personOf(session) };
}

/** Asks to identify, and comes back. */
export const toIdentify = ({ to, redirect }: OfficeVisit, secret: string): Response =>
  redirect(to.identify({ next: to.cosign(secret), level: 'substantial' }));
