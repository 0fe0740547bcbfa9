import { LIST_NAMES } from '../../../features/service/folder/types.ts';
import { get, post, type Route } from '../../routes.ts';
import { notificationRoutes } from '../notifications/routes.ts';
import { askPage } from '../representation/ask.tsx';
import { representationsPage } from '../representation/list.tsx';
import type { CitizenDeps } from '../visit.tsx';
import type { Visits } from '../visits.ts';
import { dataPage, erasePage } from './data.tsx';
import { folderFile } from './file.ts';
import { folderPage } from './folder.tsx';
import { listPage } from './list.tsx';
import { preferencesPage } from './preferences.tsx';
import { takingForm } from './taking.tsx';

/** A person's folder. */
export function folderRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const folder = '/:language/folder';
  const preferences = preferencesPage(deps);
  const representations = representationsPage(deps);
  const ask = askPage(deps, 'representative');
  const give = askPage(deps, 'represented');
  const erase = erasePage(deps);
  return [
    get(folder, 'person', a.person(folderPage(deps))),
    ...LIST_NAMES.map((list) => get(`${folder}/${list}`, 'person', a.person(listPage(deps, list)))),
    get(`${folder}/representations`, 'person', a.person(representations.get)),
    post(`${folder}/representations`, 'person', a.person(representations.post)),
    get(`${folder}/representations/ask`, 'person', a.person(ask.get)),
    post(`${folder}/representations/ask`, 'person', a.person(ask.post)),
    get(`${folder}/representations/give`, 'person', a.person(give.get)),
    post(`${folder}/representations/give`, 'person', a.person(give.post)),
    ...notificationRoutes(deps, a),
    get(`${folder}/preferences`, 'person', a.person(preferences.get)),
    post(`${folder}/preferences`, 'person', a.person(preferences.post)),
    get(`${folder}/data`, 'person', a.person(dataPage())),
    post(`${folder}/data/file`, 'person', a.person(folderFile(deps))),
    get(`${folder}/data/erase`, 'person', a.person(erase.get)),
    post(`${folder}/data/erase`, 'person', a.person(erase.post)),
    post('/:language/appointment/:secret/folder', 'appointment', a.appointment(takingForm(deps))),
  ];
}
