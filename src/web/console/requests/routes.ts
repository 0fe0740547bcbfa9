import { get, post, type Route } from '../../routes.ts';
import { type StaffDeps, staffVisits } from '../visit.tsx';
import { severalRequests } from './inbox/bulk.ts';
import { requestsFile } from './inbox/file.ts';
import { requestsPage } from './inbox/inbox.tsx';
import {
  giveLink,
  giveRequest,
  noteCall,
  noteRequest,
  requestPhoto,
  routeRequest,
  showToEverybody,
  writeToRequester,
} from './one/deeds.ts';
import { requestPage } from './one/request.tsx';
import { mergeHere, requestStepPage } from './one/step.tsx';
import { newRequestPage } from './writing/new.tsx';

/** The inbox of requests, what is done with one or several, and writing one down for somebody. */
export function requestRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const step = requestStepPage(deps);
  const made = newRequestPage(deps);
  const all = '/console/:office/requests';
  const one = `${all}/:id`;
  return [
    get(all, 'member', a.desk(requestsPage(deps))),
    get(`${all}.csv`, 'member', a.desk(requestsFile(deps))),
    post(`${all}/several`, 'member', a.desk(severalRequests(deps))),
    get(`${all}/new`, 'member', a.desk(made.get)),
    post(`${all}/new`, 'member', a.desk(made.post)),
    get(one, 'member', a.desk(requestPage(deps))),
    get(`${one}/step`, 'member', a.desk(step.get)),
    post(`${one}/step`, 'member', a.desk(step.post)),
    post(`${one}/merge`, 'member', a.desk(mergeHere(deps))),
    post(`${one}/assignee`, 'member', a.desk(giveRequest(deps))),
    post(`${one}/team`, 'member', a.desk(routeRequest(deps))),
    post(`${one}/note`, 'member', a.desk(noteRequest(deps))),
    post(`${one}/called`, 'member', a.desk(noteCall(deps))),
    post(`${one}/message`, 'member', a.desk(writeToRequester(deps))),
    post(`${one}/link`, 'member', a.desk(giveLink(deps))),
    post(`${one}/showing`, 'member', a.desk(showToEverybody(deps))),
    get(`${one}/photos/:picture`, 'member', a.desk(requestPhoto(deps))),
  ];
}
