import { get, post, type Route } from '../../../routes.ts';
import { type StaffDeps, staffVisits } from '../../visit.tsx';
import { holdPage } from './hold.tsx';
import { archivePage } from './list.tsx';
import { packageDue, packageOne } from './packages.tsx';

/** How long cases are kept. `cases`, `one`: the addresses of the inbox and of a case. */
export function archiveRoutes(deps: StaffDeps, cases: string, one: string): Route[] {
  const a = staffVisits(deps);
  const hold = holdPage(deps);
  return [
    get(`${cases}/archive`, 'coordinator', a.desk(archivePage(deps))),
    post(`${cases}/archive/packages`, 'coordinator', a.desk(packageDue(deps))),
    post(`${one}/package`, 'coordinator', a.desk(packageOne(deps))),
    get(`${one}/hold`, 'coordinator', a.desk(hold.get)),
    post(`${one}/hold`, 'coordinator', a.desk(hold.post)),
  ];
}
