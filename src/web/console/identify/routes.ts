import { get, post, type Route } from '../../routes.ts';
import { vouchPage } from '../contact/vouch.tsx';
import { representationPage } from '../representation/representation.tsx';
import { type StaffDeps, staffVisits } from '../visit.tsx';
import { askIdentityPage, revealPage } from './pages.tsx';

const APPOINTMENT = '/console/:office/appointment/:id';

/** The request to identify, the whole identifier of whoever did, for whom they may act, and an address that was checked with its citizen. */
export function identityRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const representation = representationPage(deps);
  return [
    post(`${APPOINTMENT}/identify`, 'attends', a.desk(askIdentityPage(deps))),
    post(`${APPOINTMENT}/identify/:person/show`, 'attends', a.desk(revealPage(deps))),
    get(`${APPOINTMENT}/representation`, 'attends', a.desk(representation.get)),
    post(`${APPOINTMENT}/representation`, 'attends', a.desk(representation.post)),
    post(`${APPOINTMENT}/contact/vouch`, 'attends', a.desk(vouchPage(deps))),
  ];
}
