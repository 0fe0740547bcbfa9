import { Hono } from 'hono';
import { adminRoutes } from '../admin/routes.ts';
import { roomRoutes } from '../room.ts';
import { type Guards, get, mount, post, type Route } from '../routes.ts';
import { accountPage } from './account/account.tsx';
import { confirmPage } from './account/confirm.tsx';
import { authenticatorPage, codesPage, passwordPage } from './account/factors.tsx';
import { addPasskeyPage, passkeyPage } from './account/passkeys.tsx';
import { setupPage } from './account/setup.tsx';
import { codePage, languagePage, signInPage, signOutPage } from './account/sign-in.tsx';
import { actPage } from './acts/act.tsx';
import { prepareActPage } from './acts/prepare.tsx';
import { registerPage } from './acts/register.tsx';
import { boardPage } from './board/board.tsx';
import { absencePage, deskAwayPage } from './board/desk-away.tsx';
import { latePage } from './board/late.tsx';
import { reassignPage } from './board/reassign.tsx';
import { severalPage } from './board/several.tsx';
import { bookPage } from './booking/book.tsx';
import { movePage } from './booking/move.tsx';
import { consolePage, dayPage, nextPage } from './day/page.tsx';
import { viewPage } from './day/view.tsx';
import {
  appointmentPage,
  attemptPage,
  cancelPage,
  giveUpPage,
  startPage,
} from './encounter/appointment.tsx';
import { companionPages } from './encounter/companions.tsx';
import { contactPage } from './encounter/contact.tsx';
import { addDocument, documentPage } from './encounter/document.tsx';
import { printPage } from './encounter/print.tsx';
import { atStaffsRoom, byPhonePage } from './encounter/room.tsx';
import { savePage } from './encounter/save.tsx';
import { takeOverPage } from './encounter/take-over.tsx';
import { vouchPage } from './encounter/vouch.tsx';
import { figuresComments } from './figures/comments.tsx';
import { figuresFile, figuresPage } from './figures/figures.tsx';
import { figuresImport } from './figures/import.tsx';
import { staffGuards } from './guards.ts';
import { nowPage } from './live-board/page.tsx';
import { peopleRoutes, ssoRoutes } from './people/routes.ts';
import { phoneCall, phoneCaller, phoneCredentials, phoneVoicemail } from './phone.tsx';
import { whatPage } from './picker.ts';
import { planningFile, planningPage } from './planning/planning.tsx';
import { presencePage } from './presence.ts';
import { auditFile, auditPage } from './records/audit.tsx';
import { callsFile, callsPage } from './records/calls.tsx';
import { rotaRoutes } from './rota/routes.ts';
import { searchPage } from './search.tsx';
import { keysPage } from './shortcuts.tsx';
import { streamPage } from './stream.ts';
import { type StaffDeps, staffVisits } from './visit.tsx';
import { changeWebhookPage } from './webhooks/change.tsx';
import { webhookPage } from './webhooks/webhook.tsx';
import { webhooksPage } from './webhooks/webhooks.tsx';

/** The side of those who work here: its table of contents. */
function consoleRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const [signIn, code, setup] = [signInPage(deps), codePage(deps), setupPage(deps)];
  const [cancel, keys] = [cancelPage(deps), keysPage(deps)];
  const [book, move, contact] = [bookPage(deps), movePage(deps), contactPage(deps)];
  const [webhooks, webhook] = [webhooksPage(deps), webhookPage(deps)];
  const changeWebhook = changeWebhookPage(deps);
  const [atRoom, companions] = [atStaffsRoom(deps), companionPages(deps)];
  const [away, absence, late] = [deskAwayPage(deps), absencePage(deps), latePage(deps)];
  const document = documentPage(deps);
  const [prepare, act] = [prepareActPage(deps), actPage(deps)];
  const [reassign, takeOver] = [reassignPage(deps), takeOverPage(deps)];
  const appointment = '/console/:office/appointment/:id';
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

    ...accountRoutes(deps),
    ...ssoRoutes(deps),
    ...peopleRoutes(deps),
    ...adminRoutes(deps),
    ...rotaRoutes(deps),
    get('/staff/keys', 'signed-in', a.signedIn(keys.get)),
    post('/staff/keys', 'signed-in', a.signedIn(keys.post)),
    get('/console', 'signed-in', a.signedIn(consolePage())),
    get('/console/:office', 'member', a.desk(dayPage(deps))),
    post('/console/:office/view', 'member', a.desk(viewPage(deps))),
    get('/console/:office/stream', 'member', a.desk(streamPage(deps))),
    get('/console/:office/next', 'member', a.desk(nextPage(deps))),
    post('/console/:office/presence', 'member', a.desk(presencePage(deps))),
    get('/console/:office/search', 'desk', a.desk(searchPage(deps))),
    get('/console/:office/what', 'desk', a.desk(whatPage)),
    get('/console/:office/now', 'coordinator', a.desk(nowPage(deps))),
    get('/console/:office/board', 'coordinator', a.desk(boardPage(deps))),
    post('/console/:office/board/several', 'coordinator', a.desk(severalPage(deps))),
    get('/console/:office/desk-away', 'coordinator', a.desk(away.get)),
    post('/console/:office/desk-away', 'coordinator', a.desk(away.post)),
    get('/console/:office/desk-away/:absence', 'coordinator', a.desk(absence.get)),
    post('/console/:office/desk-away/:absence', 'coordinator', a.desk(absence.post)),
    get('/console/:office/late', 'coordinator', a.desk(late.get)),
    post('/console/:office/late', 'coordinator', a.desk(late.post)),
    get('/console/:office/book', 'desk', a.desk(book.get)),
    post('/console/:office/book', 'desk', a.desk(book.post)),
    post('/console/:office/phone/credentials', 'desk', a.desk(phoneCredentials(deps))),
    post('/console/:office/phone/caller', 'desk', a.desk(phoneCaller(deps))),
    post('/console/:office/phone/call', 'desk', a.desk(phoneCall(deps))),
    get('/console/:office/calls', 'coordinator', a.desk(callsPage(deps))),
    get('/console/:office/calls.csv', 'coordinator', a.desk(callsFile(deps))),
    get('/console/:office/planning', 'coordinator', a.desk(planningPage(deps))),
    get('/console/:office/planning.csv', 'coordinator', a.desk(planningFile(deps))),
    ...figuresRoutes(deps),
    get('/console/:office/audit', 'coordinator', a.desk(auditPage(deps))),
    get('/console/:office/audit.csv', 'coordinator', a.desk(auditFile(deps))),
    get('/console/:office/register', 'coordinator', a.desk(registerPage)),
    get('/console/:office/webhooks', 'administrator', a.desk(webhooks.get)),
    post('/console/:office/webhooks', 'administrator', a.desk(webhooks.post)),
    get('/console/:office/webhooks/:id', 'administrator', a.desk(webhook.get)),
    post('/console/:office/webhooks/:id', 'administrator', a.desk(webhook.post)),
    get('/console/:office/webhooks/:id/change', 'administrator', a.desk(changeWebhook.get)),
    post('/console/:office/webhooks/:id/change', 'administrator', a.desk(changeWebhook.post)),
    get(appointment, 'desk', a.desk(appointmentPage(deps))),
    post(`${appointment}/attempt`, 'desk', a.desk(attemptPage(deps))),
    post(`${appointment}/voicemail`, 'desk', a.desk(phoneVoicemail(deps))),
    post(`${appointment}/start`, 'desk', a.desk(startPage(deps))),
    post(`${appointment}/give-up`, 'desk', a.desk(giveUpPage(deps))),
    post(`${appointment}/save`, 'desk', a.desk(savePage(deps))),
    ...roomRoutes(deps, `${appointment}/room`, 'desk', (answer) =>
      a.desk((visit) => answer(atRoom(visit))),
    ),
    post(`${appointment}/room/phone`, 'desk', a.desk(byPhonePage(deps))),
    post(`${appointment}/companion`, 'desk', a.desk(companions.invite)),
    post(`${appointment}/companion/:companion/admit`, 'desk', a.desk(companions.admit)),
    post(`${appointment}/companion/:companion/revoke`, 'desk', a.desk(companions.revoke)),
    post(`${appointment}/documents`, 'attends', a.desk(addDocument(deps))),
    get(`${appointment}/documents/:document`, 'attends', a.desk(document.get)),
    post(`${appointment}/documents/:document`, 'attends', a.desk(document.post)),
    get(`${appointment}/documents/:document/file`, 'attends', a.desk(document.file)),
    get(`${appointment}/documents/:result/eni`, 'attends', a.desk(document.eni)),
    get(`${appointment}/act`, 'attends', a.desk(prepare.get)),
    post(`${appointment}/act`, 'attends', a.desk(prepare.post)),
    get(`${appointment}/acts/:act`, 'attends', a.desk(act.get)),
    post(`${appointment}/acts/:act`, 'attends', a.desk(act.post)),
    get(`${appointment}/acts/:act/record`, 'attends', a.desk(act.record)),
    get(`${appointment}/cancel`, 'desk', a.desk(cancel.get)),
    post(`${appointment}/cancel`, 'desk', a.desk(cancel.post)),
    get(`${appointment}/desk`, 'coordinator', a.desk(reassign.get)),
    post(`${appointment}/desk`, 'coordinator', a.desk(reassign.post)),
    get(`${appointment}/take-over`, 'desk', a.desk(takeOver.get)),
    post(`${appointment}/take-over`, 'desk', a.desk(takeOver.post)),
    get(`${appointment}/move`, 'desk', a.desk(move.get)),
    post(`${appointment}/move`, 'desk', a.desk(move.post)),
    get(`${appointment}/contact`, 'desk', a.desk(contact.get)),
    post(`${appointment}/contact`, 'desk', a.desk(contact.post)),
    post(`${appointment}/contact/vouch`, 'attends', a.desk(vouchPage(deps))),
    get(`${appointment}/print`, 'desk', a.desk(printPage(deps))),
  ];
}

/** What it all adds up to. */
function figuresRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const [other, comments] = [figuresImport(deps), figuresComments(deps)];
  const figures = '/console/:office/figures';
  return [
    get(figures, 'coordinator', a.desk(figuresPage(deps))),
    get(`${figures}.csv`, 'coordinator', a.desk(figuresFile(deps))),
    get(`${figures}/import`, 'coordinator', a.desk(other.get)),
    post(`${figures}/import`, 'coordinator', a.desk(other.post)),
    get(`${figures}/comments`, 'coordinator', a.desk(comments.get)),
    post(`${figures}/comments`, 'coordinator', a.desk(comments.post)),
  ];
}

/** A person's own account. */
function accountRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const [account, confirm, add] = [accountPage(deps), confirmPage(deps), addPasskeyPage(deps)];
  const [passkey, authenticator] = [passkeyPage(deps), authenticatorPage(deps)];
  const [codes, password] = [codesPage(deps), passwordPage(deps)];
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

/**
 * To be mounted before the citizen's pages, whose first segment is a language. `guards`: other ones than the staff's, for
 * tests.
 */
export function consolePages(deps: StaffDeps, guards: Guards = staffGuards(deps)): Hono {
  const app = new Hono();
  mount(app, consoleRoutes(deps), guards);
  return app;
}
