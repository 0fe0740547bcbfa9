import type { Context as Request } from 'hono';
import { declaredType } from '../../../features/service/requests/service.ts';
import type { RequesterViewer } from '../../../lib/viewer.ts';
import { worksHere } from '../by-staff.ts';
import { problem } from '../problem.tsx';
import { type CitizenDeps, type OfficeVisit, visitOf, withOffice } from '../visit.tsx';

/** The request of whoever holds the link of a request. */
export interface RequestVisit extends OfficeVisit {
  id: string;
  secret: string;
  /** Whether it was sent, or is being written. */
  isSent: boolean;
  viewer: RequesterViewer;
}

/** The request of whoever follows a request, by their own link. */
export interface FollowVisit extends OfficeVisit {
  follower: string;
  secret: string;
}

/** Whether a browser with a console session would act in somebody's name, or open their photos. Staff act under their own name. */
const isOfStaff = async (deps: CitizenDeps, c: Request): Promise<boolean> => {
  const isReading = c.req.method === 'GET' || c.req.method === 'HEAD';
  return (!isReading || c.req.path.includes('/photos/')) && (await worksHere(deps, c));
};

/** Finds the request that a link opens. */
export async function findRequest(deps: CitizenDeps, c: Request): Promise<RequestVisit | Response> {
  const visit = await visitOf(deps, c);
  const secret = c.req.param('secret') ?? '';
  const found = await deps.requests.bySecret(secret);
  if (!found || !visit.isOffered) return problem(visit, 'no_request');
  const of = withOffice(deps, visit, await deps.offices.byId(found.office));
  if (await isOfStaff(deps, c)) return problem(of, 'staff_here');
  const viewer: RequesterViewer = { kind: 'requester', request: found.id };
  return { ...of, id: found.id, isSent: found.isSent, secret, viewer };
}

/** Finds what somebody follows. */
export async function findFollower(deps: CitizenDeps, c: Request): Promise<FollowVisit | Response> {
  const visit = await visitOf(deps, c);
  const secret = c.req.param('secret') ?? '';
  const found = await deps.requests.byFollowerSecret(secret);
  if (!found || !visit.isOffered) return problem(visit, 'no_request');
  const of = withOffice(deps, visit, await deps.offices.byId(found.office));
  if (await isOfStaff(deps, c)) return problem(of, 'staff_here');
  return { ...of, follower: found.follower, secret };
}

/** What a type is called; its code where the office doesn't declare it any more. */
export const typeName = ({ office }: Pick<OfficeVisit, 'office'>, type: string) =>
  declaredType(office, type)?.name ?? { ca: type };
