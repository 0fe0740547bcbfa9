import { get, post, type Route } from '../../routes.ts';
import { ssoPages } from '../account/sso.tsx';
import { type StaffDeps, staffVisits } from '../visit.tsx';
import { emailPage, everywhereEmailPage } from './email.tsx';
import { everywhereActs, everywherePage } from './everywhere.tsx';
import { everywhereNifPage, nifPage, ownNifPage } from './nif.tsx';
import { peoplePage } from './people.tsx';
import { againPage, endPage, postPage } from './post.tsx';
import { everywhereSignOutPage, signOutPage } from './sign-out.tsx';

/** The pages about the staff: in an office, and everywhere. */
export function peopleRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const people = peoplePage(deps);
  const thePost = postPage(deps);
  const again = againPage(deps);
  const end = endPage(deps);
  const everywhere = everywherePage(deps);
  const acts = everywhereActs(deps);
  const signOut = signOutPage(deps);
  const signOutAnywhere = everywhereSignOutPage(deps);
  const email = emailPage(deps);
  const emailAnywhere = everywhereEmailPage(deps);
  const nif = nifPage(deps);
  const nifAnywhere = everywhereNifPage(deps);
  const ownNif = ownNifPage(deps);
  const list = '/console/:office/people';
  const one = `${list}/:person`;
  return [
    get(list, 'coordinator', a.desk(people.get)),
    post(list, 'administrator', a.desk(people.post)),
    get(one, 'administrator', a.desk(thePost.get)),
    post(one, 'administrator', a.desk(thePost.post)),
    get(`${one}/again`, 'administrator', a.desk(again.get)),
    post(`${one}/again`, 'administrator', a.desk(again.post)),
    get(`${one}/email`, 'administrator', a.desk(email.get)),
    post(`${one}/email`, 'administrator', a.desk(email.post)),
    get(`${one}/nif`, 'administrator', a.desk(nif.get)),
    post(`${one}/nif`, 'administrator', a.desk(nif.post)),
    get(`${one}/sessions`, 'administrator', a.desk(signOut.get)),
    post(`${one}/sessions`, 'administrator', a.desk(signOut.post)),
    get(`${one}/end`, 'administrator', a.desk(end.get)),
    post(`${one}/end`, 'administrator', a.desk(end.post)),

    get('/staff/people', 'operator', a.signedIn(everywhere.get)),
    post('/staff/people', 'operator', a.signedIn(everywhere.post)),
    get('/staff/people/:person/again', 'operator', a.signedIn(acts.again)),
    post('/staff/people/:person/again', 'operator', a.signedIn(acts.doAgain)),
    get('/staff/people/:person/email', 'operator', a.signedIn(emailAnywhere.get)),
    post('/staff/people/:person/email', 'operator', a.signedIn(emailAnywhere.post)),
    get('/staff/account/nif', 'signed-in', a.signedIn(ownNif.get)),
    post('/staff/account/nif', 'signed-in', a.signedIn(ownNif.post)),
    get('/staff/people/:person/nif', 'operator', a.signedIn(nifAnywhere.get)),
    post('/staff/people/:person/nif', 'operator', a.signedIn(nifAnywhere.post)),
    get('/staff/people/:person/sessions', 'operator', a.signedIn(signOutAnywhere.get)),
    post('/staff/people/:person/sessions', 'operator', a.signedIn(signOutAnywhere.post)),
    get('/staff/people/:person/retire', 'operator', a.signedIn(acts.retire)),
    post('/staff/people/:person/retire', 'operator', a.signedIn(acts.doRetire)),
  ];
}

/** The sign-in through the town's provider. */
export function ssoRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const sso = ssoPages(deps);
  return [
    get('/staff/sso', 'open', a.open(sso.start)),
    get('/staff/sso/callback', 'open', a.open(sso.callback)),
    get('/staff/sso/out', 'open', a.open(sso.out)),
    get('/staff/signed-out', 'open', a.open(sso.signedOut)),
  ];
}
