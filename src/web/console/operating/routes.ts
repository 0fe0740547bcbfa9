import { get, post, type Route } from '../../routes.ts';
import { type StaffDeps, staffVisits } from '../visit.tsx';
import { operatingPage } from './page.tsx';

/** The page about how the installation runs. */
export function operatingRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const page = operatingPage(deps);
  return [
    get('/staff/operation', 'operator', a.signedIn(page.get)),
    post('/staff/operation', 'operator', a.signedIn(page.post)),
  ];
}
