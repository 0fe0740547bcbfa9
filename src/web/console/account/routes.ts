import { get, post, type Route } from '../../routes.ts';
import { type StaffDeps, staffVisits } from '../visit.tsx';
import { accountPage } from './account.tsx';
import { confirmPage } from './confirm.tsx';
import { authenticatorPage, codesPage, passwordPage } from './factors.tsx';
import { addPasskeyPage, passkeyPage } from './passkeys.tsx';
import { setupPage } from './setup.tsx';
import { codePage, languagePage, signInPage, signOutPage } from './sign-in.tsx';

/** Before somebody is signed in. */
export function signInRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const signIn = signInPage(deps);
  const code = codePage(deps);
  const setup = setupPage(deps);
  return [
    get('/staff/sign-in', 'open', a.open(signIn.get)),
    post('/staff/sign-in', 'open', a.open(signIn.post)),
    get('/staff/code', 'open', a.open(code.get)),
    post('/staff/code', 'open', a.open(code.post)),
    post('/staff/passkey', 'open', a.open(signIn.passkey)),
    post('/staff/passkey/options', 'open', a.open(signIn.passkeyOptions)),
    post('/staff/sign-out', 'open', a.open(signOutPage(deps))),
    post('/staff/language', 'open', a.open(languagePage(deps))),
    get('/staff/setup/:token', 'open', a.open(setup.get)),
    post('/staff/setup/:token', 'open', a.open(setup.post)),
  ];
}

/** A person's own account. */
export function accountRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const account = accountPage(deps);
  const confirm = confirmPage(deps);
  const add = addPasskeyPage(deps);
  const passkey = passkeyPage(deps);
  const authenticator = authenticatorPage(deps);
  const codes = codesPage(deps);
  const password = passwordPage(deps);
  const own = '/staff/account';
  return [
    get(own, 'signed-in', a.signedIn(account.get)),
    post(`${own}/sessions`, 'signed-in', a.signedIn(account.endSessions)),
    get(`${own}/confirm`, 'signed-in', a.signedIn(confirm.get)),
    post(`${own}/confirm`, 'signed-in', a.signedIn(confirm.post)),
    post(`${own}/confirm/options`, 'signed-in', a.signedIn(confirm.options)),
    get(`${own}/passkey`, 'signed-in', a.signedIn(add.get)),
    post(`${own}/passkey`, 'signed-in', a.signedIn(add.post)),
    post(`${own}/passkey/options`, 'signed-in', a.signedIn(add.options)),
    get(`${own}/passkey/:id`, 'signed-in', a.signedIn(passkey.get)),
    post(`${own}/passkey/:id`, 'signed-in', a.signedIn(passkey.post)),
    get(`${own}/authenticator`, 'signed-in', a.signedIn(authenticator.get)),
    post(`${own}/authenticator`, 'signed-in', a.signedIn(authenticator.post)),
    get(`${own}/codes`, 'signed-in', a.signedIn(codes.get)),
    post(`${own}/codes`, 'signed-in', a.signedIn(codes.post)),
    get(`${own}/password`, 'signed-in', a.signedIn(password.get)),
    post(`${own}/password`, 'signed-in', a.signedIn(password.post)),
  ];
}
