import { get, post, type Route } from '../../routes.ts';
import type { CitizenDeps } from '../visit.tsx';
import type { Visits } from '../visits.ts';
import { checkPage } from './check.tsx';
import { detailsPage, needsPage } from './details.tsx';
import { holdAnswer } from './hold.tsx';
import { otherTimePage } from './other-time.tsx';
import { relayPage } from './stop.tsx';

const BOOKING = '/:language/:office/booking/:journey';

/** A booking, from the chosen time to its confirmation. */
export function bookingRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const details = detailsPage(deps);
  const needs = needsPage(deps);
  const time = otherTimePage(deps);
  const hold = holdAnswer(deps);
  const check = checkPage(deps);
  return [
    get(`${BOOKING}/details`, 'journey', a.journey(details.get)),
    post(`${BOOKING}/details`, 'journey', a.journey(details.post)),
    get(`${BOOKING}/needs`, 'journey', a.journey(needs.get)),
    post(`${BOOKING}/needs`, 'journey', a.journey(needs.post)),
    get(`${BOOKING}/time`, 'journey', a.journey(time.get)),
    post(`${BOOKING}/time`, 'journey', a.journey(time.post)),
    get(`${BOOKING}/hold`, 'journey', a.journey(hold.get)),
    post(`${BOOKING}/hold`, 'journey', a.journey(hold.post)),
    post(`${BOOKING}/relay`, 'journey', a.journey(relayPage(deps))),
    get(`${BOOKING}/check`, 'journey', a.journey(check.get)),
    post(`${BOOKING}/check`, 'journey', a.journey(check.post)),
  ];
}
