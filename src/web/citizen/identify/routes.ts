import { get, post, type Route } from '../../routes.ts';
import type { CitizenDeps } from '../visit.tsx';
import type { Visits } from '../visits.ts';
import { enterCodePage } from './enter-code.tsx';
import {
  answerPage,
  demoPage,
  identifyPage,
  leavePage as leaveSession,
  leftPage,
  metadataDocument,
  requestDocument,
  returnPage,
} from './pages.tsx';

/** Identification of a person, and the addresses that providers and wallets use. */
export function identificationRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const identify = identifyPage(deps);
  const code = enterCodePage(deps);
  const leave = leaveSession(deps);
  const provider = '/identify/:provider{[a-z\\d-]+}';
  const answer = answerPage(deps);
  const request = requestDocument(deps);
  const left = leftPage(deps);
  return [
    get(`${provider}/return`, 'open', returnPage(deps)),
    post(`${provider}/answer`, 'open', answer),
    post(`${provider}/answer/:attempt`, 'open', answer),
    get(`${provider}/request/:attempt`, 'open', request),
    post(`${provider}/request/:attempt`, 'open', request),
    get(`${provider}/metadata`, 'open', metadataDocument(deps)),
    get(`${provider}/left`, 'open', left),
    post(`${provider}/left`, 'open', left),
    get('/:language/identify', 'open', a.page(identify.get)),
    post('/:language/identify', 'open', a.page(identify.post)),
    get('/:language/identify/code', 'open', a.page(code.get)),
    post('/:language/identify/code', 'open', a.page(code.post)),
    get('/:language/identify/leave', 'open', a.page(leave.get)),
    post('/:language/identify/leave', 'open', a.page(leave.post)),
    get('/:language/identify/demo/:provider', 'open', a.page(demoPage(deps))),
  ];
}
