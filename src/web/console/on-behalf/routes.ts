import { get, post, type Route } from '../../routes.ts';
import { type StaffDeps, staffVisits } from '../visit.tsx';
import { handInFor, receiptFile } from './hand-in.tsx';
import { onBehalfPage } from './pages.tsx';

/** Forms that a habilitated official hands in for whoever consents to it. */
export function onBehalfRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const page = onBehalfPage(deps);
  const one = '/console/:office/on-behalf/:id';
  return [
    get(one, 'desk', a.desk(page.get)),
    post(one, 'desk', a.desk(page.post)),
    post(`${one}/:act`, 'desk', a.desk(handInFor(deps))),
    get('/console/:office/cases/:id/receipt.pdf', 'member', a.desk(receiptFile(deps))),
    get('/console/:office/cases/:id/receipt/:entry', 'member', a.desk(receiptFile(deps))),
  ];
}
