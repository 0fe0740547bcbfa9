import { get, post, type Route } from '../../routes.ts';
import type { CitizenDeps } from '../visit.tsx';
import type { Visits } from '../visits.ts';
import { choicePage } from './choice.tsx';
import { listPage } from './list.tsx';
import { notificationFile, notificationPage, openNotification, rejectPage } from './one.tsx';

/** What is notified to a person, in their folder. */
export function notificationRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const at = '/:language/folder/notifications';
  const one = `${at}/:notification`;
  const choice = choicePage(deps);
  const reject = rejectPage(deps);
  return [
    get(at, 'person', a.person(listPage(deps))),
    get(`${at}/choice`, 'person', a.person(choice.get)),
    post(`${at}/choice`, 'person', a.person(choice.post)),
    get(one, 'person', a.person(notificationPage(deps))),
    post(`${one}/open`, 'person', a.person(openNotification(deps))),
    get(`${one}/reject`, 'person', a.person(reject.get)),
    post(`${one}/reject`, 'person', a.person(reject.post)),
    get(`${one}/document`, 'person', a.person(notificationFile(deps))),
  ];
}
