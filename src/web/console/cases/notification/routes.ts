import { get, post, type Route } from '../../../routes.ts';
import { type StaffDeps, staffVisits } from '../../visit.tsx';
import { handAgain, takeBack, theirEvidenceFile } from './enotum.ts';
import { evidenceFile } from './evidence.ts';
import { recordPage } from './record.tsx';

/** What an office does with the notification of a case. `one`: the address of the case. */
export function notificationRoutes(deps: StaffDeps, one: string): Route[] {
  const a = staffVisits(deps);
  const record = recordPage(deps);
  return [
    get(`${one}/notification`, 'member', a.desk(record.get)),
    post(`${one}/notification`, 'member', a.desk(record.post)),
    post(`${one}/notification/evidence`, 'member', a.desk(evidenceFile(deps))),
    post(`${one}/notification/enotum`, 'member', a.desk(theirEvidenceFile(deps))),
    post(`${one}/notification/here`, 'member', a.desk(takeBack(deps))),
    post(`${one}/notification/again`, 'member', a.desk(handAgain(deps))),
  ];
}
