import { get, post, type Route } from '../../routes.ts';
import type { CitizenDeps } from '../visit.tsx';
import type { Visits } from '../visits.ts';
import { followPage } from './follow.tsx';
import { requestsMap, requestsPage } from './list.tsx';
import { lostRequestPage } from './lost.tsx';
import {
  reopenRequestPage,
  requestPhotoFile,
  requestSurveyPage,
  withdrawRequestPage,
} from './own/acts.tsx';
import { ownRequestPage } from './own/page.tsx';
import { checkRequestPage } from './steps/check.tsx';
import { requestContactPage } from './steps/contact.tsx';
import { photosPage } from './steps/photos.tsx';
import { similarPage } from './steps/similar.tsx';
import { whatPage } from './steps/what.tsx';
import { wherePage } from './steps/where.tsx';

/** Complaints, suggestions, incidents, questions and thanks: what can be told, telling it, and how it stands. */
export function requestRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const all = '/:language/:office/requests';
  const one = '/:language/request/:secret';
  const list = requestsPage(deps);
  const lost = lostRequestPage(deps);
  const own = ownRequestPage(deps);
  const follow = followPage(deps);
  const pages = {
    where: wherePage(deps),
    similar: similarPage(deps),
    what: whatPage(deps),
    photos: photosPage(deps),
    contact: requestContactPage(deps),
    check: checkRequestPage(deps),
    withdraw: withdrawRequestPage(deps),
    reopen: reopenRequestPage(deps),
    survey: requestSurveyPage(deps),
  };
  return [
    get(all, 'open', a.office(list.get)),
    post(all, 'open', a.office(list.post)),
    get(`${all}/map.svg`, 'open', a.office(requestsMap(deps))),
    get(`${all}/lost`, 'open', a.office(lost.get)),
    post(`${all}/lost`, 'open', a.office(lost.post)),
    get(one, 'request', a.request(own.get)),
    post(one, 'request', a.request(own.post)),
    ...Object.entries(pages).flatMap(([name, page]) => [
      get(`${one}/${name}`, 'request', a.request(page.get)),
      post(`${one}/${name}`, 'request', a.request(page.post)),
    ]),
    get(`${one}/photos/:photo`, 'request', a.request(requestPhotoFile(deps))),
    get('/:language/follow/:secret', 'follower', a.follower(follow.get)),
    post('/:language/follow/:secret', 'follower', a.follower(follow.post)),
  ];
}
