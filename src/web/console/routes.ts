import { Hono } from 'hono';
import { adminRoutes } from '../admin/routes.ts';
import { roomRoutes } from '../room.ts';
import { type Guards, get, mount, post, type Route, wayBack } from '../routes.ts';
import { accountRoutes, signInRoutes } from './account/routes.ts';
import { actPage } from './acts/act.tsx';
import { paperFile } from './acts/paper.tsx';
import { prepareActPage } from './acts/prepare.tsx';
import { registerPage } from './acts/register.tsx';
import { alertsFeed } from './alerts/feed.ts';
import { alertsPage } from './alerts/page.tsx';
import { findPage } from './bar/find.ts';
import { presencePage } from './bar/presence.ts';
import { searchPage } from './bar/search.tsx';
import { boardPage } from './board/board.tsx';
import { closingPage } from './board/closed.tsx';
import { closePage } from './board/closing.tsx';
import { absencePage, deskAwayPage } from './board/desk-away.tsx';
import { latePage } from './board/late.tsx';
import { reassignPage } from './board/reassign.tsx';
import { severalPage } from './board/several.tsx';
import { bookPage } from './booking/book.tsx';
import { movePage } from './booking/move.tsx';
import { calendarRoutes } from './calendars/routes.ts';
import { companionPages } from './call/companions.tsx';
import { atStaffsRoom, byPhonePage } from './call/room.tsx';
import { caseRoutes } from './cases/routes.ts';
import { chatRoutes } from './chats/routes.ts';
import { checkInPage } from './check-in/pages.ts';
import { askPage } from './colleagues/ask.tsx';
import { askedPages } from './colleagues/asked.tsx';
import { atColleaguesRoom, colleaguesCall } from './colleagues/call.tsx';
import { endRequest } from './colleagues/panel.tsx';
import { contactPage } from './contact/contact.tsx';
import { lateCallPage } from './day/late-call.tsx';
import { consolePage, dayPage, nextPage } from './day/page.tsx';
import { viewPage } from './day/view.tsx';
import { addDocument, documentPage } from './documents/document.tsx';
import {
  appointmentPage,
  attemptPage,
  cancelPage,
  giveUpPage,
  startPage,
} from './encounter/appointment.tsx';
import { printPage } from './encounter/print.tsx';
import { savePage } from './encounter/save.tsx';
import { takeOverPage } from './encounter/take-over.tsx';
import { figuresComments } from './figures/comments.tsx';
import { figuresFile, figuresPage } from './figures/figures.tsx';
import { figuresImport } from './figures/import.tsx';
import { monthPages } from './figures/month.tsx';
import { fillingRoutes } from './filling/routes.ts';
import { staffGuards } from './guards.ts';
import { identityRoutes } from './identify/routes.ts';
import { nowPage } from './live-board/page.tsx';
import { onBehalfRoutes } from './on-behalf/routes.ts';
import { operatingRoutes } from './operating/routes.ts';
import { paymentRoutes } from './payments/routes.ts';
import { peopleRoutes, ssoRoutes } from './people/routes.ts';
import { phoneCall, phoneCaller, phoneCredentials, phoneVoicemail } from './phone.tsx';
import { whatPage } from './picker.ts';
import { planChatsPage } from './planning/chats.tsx';
import { planningFile, planningPage } from './planning/planning.tsx';
import { auditFile, auditPage } from './records/audit.tsx';
import { callsFile, callsPage } from './records/calls.tsx';
import { requestRoutes } from './requests/routes.ts';
import { rotaRoutes } from './rota/routes.ts';
import { keysPage } from './shortcuts.tsx';
import { streamPage } from './stream.ts';
import { servePage } from './unbooked/pages.tsx';
import { correctPage } from './undo/correct.tsx';
import { undoPage } from './undo/undo.tsx';
import { type StaffDeps, staffVisits } from './visit.tsx';
import { webhookRoutes } from './webhooks/routes.ts';

const APPOINTMENT = '/console/:office/appointment/:id';
/** The requests of a room about pictures of documents, in which colleagues have no say. */
const OF_THE_TWO = /\/(still|picture)$/;

/** The staff's table of contents, in the order of matching. */
const consoleRoutes = (deps: StaffDeps): Route[] => [
  ...signInRoutes(deps),
  ...accountRoutes(deps),
  ...ssoRoutes(deps),
  ...operatingRoutes(deps),
  ...peopleRoutes(deps),
  ...adminRoutes(deps),
  ...rotaRoutes(deps),
  ...dayRoutes(deps),
  ...caseRoutes(deps),
  ...chatRoutes(deps),
  ...requestRoutes(deps),
  ...boardRoutes(deps),
  ...phoneRoutes(deps),
  ...figuresRoutes(deps),
  ...recordRoutes(deps),
  ...paymentRoutes(deps),
  ...webhookRoutes(deps),
  ...calendarRoutes(deps),
  ...encounterRoutes(deps),
  ...fillingRoutes(deps),
  ...onBehalfRoutes(deps),
  ...colleagueRoutes(deps),
  ...identityRoutes(deps),
  ...documentRoutes(deps),
  ...changeRoutes(deps),
];

/** A desk's day, and the parts of every page. */
function dayRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const keys = keysPage(deps);
  const alerts = alertsPage(deps);
  const book = bookPage(deps);
  const serve = servePage(deps);
  const lateCall = lateCallPage(deps);
  return [
    get('/staff/keys', 'signed-in', a.signedIn(keys.get)),
    post('/staff/keys', 'signed-in', a.signedIn(keys.post)),
    get('/staff/alerts', 'signed-in', a.signedIn(alerts.get)),
    post('/staff/alerts', 'signed-in', a.signedIn(alerts.post)),
    get('/console', 'signed-in', a.signedIn(consolePage())),
    get('/console/:office', 'member', a.desk(dayPage(deps))),
    post('/console/:office/view', 'member', a.desk(viewPage(deps))),
    get('/console/:office/alerts', 'member', a.desk(alertsFeed(deps))),
    get('/console/:office/stream', 'member', a.desk(streamPage(deps))),
    get('/console/:office/next', 'member', a.passing(nextPage(deps))),
    get('/console/:office/late-call', 'desk', a.desk(lateCall.get)),
    post('/console/:office/late-call', 'desk', a.desk(lateCall.post)),
    post('/console/:office/presence', 'member', a.desk(presencePage(deps))),
    get('/console/:office/search', 'desk', a.desk(searchPage(deps))),
    get('/console/:office/find', 'member', a.desk(findPage(deps))),
    get('/console/:office/what', 'desk', a.desk(whatPage)),
    get('/console/:office/book', 'desk', a.desk(book.get)),
    post('/console/:office/book', 'desk', a.desk(book.post)),
    get('/console/:office/serve', 'desk', a.desk(serve.get)),
    post('/console/:office/serve', 'desk', a.desk(serve.post)),
  ];
}

/** The desks of today, for coordinators. */
function boardRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const away = deskAwayPage(deps);
  const absence = absencePage(deps);
  const late = latePage(deps);
  const close = closePage(deps);
  const closing = closingPage(deps);
  return [
    get('/console/:office/now', 'coordinator', a.desk(nowPage(deps))),
    get('/console/:office/board', 'coordinator', a.desk(boardPage(deps))),
    post('/console/:office/board/several', 'coordinator', a.desk(severalPage(deps))),
    get('/console/:office/desk-away', 'coordinator', a.desk(away.get)),
    post('/console/:office/desk-away', 'coordinator', a.desk(away.post)),
    get('/console/:office/desk-away/:absence', 'coordinator', a.desk(absence.get)),
    post('/console/:office/desk-away/:absence', 'coordinator', a.desk(absence.post)),
    get('/console/:office/close', 'coordinator', a.desk(close.get)),
    post('/console/:office/close', 'coordinator', a.desk(close.post)),
    get('/console/:office/closing/:change', 'coordinator', a.desk(closing.get)),
    post('/console/:office/closing/:change', 'coordinator', a.desk(closing.post)),
    get('/console/:office/late', 'coordinator', a.desk(late.get)),
    post('/console/:office/late', 'coordinator', a.desk(late.post)),
  ];
}

/** The requests of the telephone in the console. */
function phoneRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  return [
    post('/console/:office/phone/credentials', 'desk', a.desk(phoneCredentials(deps))),
    post('/console/:office/phone/caller', 'desk', a.desk(phoneCaller(deps))),
    post('/console/:office/phone/call', 'desk', a.desk(phoneCall(deps))),
    post(`${APPOINTMENT}/voicemail`, 'desk', a.desk(phoneVoicemail(deps))),
  ];
}

/** The trail, the calls, and the planning. */
function recordRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  return [
    get('/console/:office/calls', 'coordinator', a.desk(callsPage(deps))),
    get('/console/:office/calls.csv', 'coordinator', a.desk(callsFile(deps))),
    get('/console/:office/planning', 'coordinator', a.desk(planningPage(deps))),
    get('/console/:office/planning/chats', 'coordinator', a.desk(planChatsPage(deps))),
    get('/console/:office/planning.csv', 'coordinator', a.desk(planningFile(deps))),
    get('/console/:office/audit', 'coordinator', a.desk(auditPage(deps))),
    get('/console/:office/audit.csv', 'coordinator', a.desk(auditFile(deps))),
    get('/console/:office/register', 'coordinator', a.desk(registerPage)),
  ];
}

/** An appointment and the encounter with its citizen, in a call or not. */
function encounterRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const atRoom = atStaffsRoom(deps);
  const companions = companionPages(deps);
  const correct = correctPage(deps);
  return [
    get(APPOINTMENT, 'desk', a.desk(appointmentPage(deps))),
    post(`${APPOINTMENT}/attempt`, 'desk', a.desk(attemptPage(deps))),
    post(`${APPOINTMENT}/arrived`, 'desk', a.desk(checkInPage(deps, 'arrive'))),
    post(`${APPOINTMENT}/not-arrived`, 'desk', a.desk(checkInPage(deps, 'leave'))),
    post(`${APPOINTMENT}/missed`, 'desk', a.desk(checkInPage(deps, 'miss'))),
    post(`${APPOINTMENT}/start`, 'desk', a.desk(startPage(deps))),
    post(`${APPOINTMENT}/give-up`, 'desk', a.desk(giveUpPage(deps))),
    post(`${APPOINTMENT}/save`, 'desk', a.desk(savePage(deps))),
    post(`${APPOINTMENT}/undo`, 'desk', a.desk(undoPage(deps))),
    get(`${APPOINTMENT}/correct`, 'desk', a.desk(correct.get)),
    post(`${APPOINTMENT}/correct`, 'desk', a.desk(correct.post)),
    ...roomRoutes(deps, `${APPOINTMENT}/room`, 'desk', (answer) =>
      a.desk((visit) => answer(atRoom(visit))),
    ),
    post(`${APPOINTMENT}/room/phone`, 'desk', a.desk(byPhonePage(deps))),
    post(`${APPOINTMENT}/companion`, 'desk', a.desk(companions.invite)),
    post(`${APPOINTMENT}/companion/:companion/admit`, 'desk', a.desk(companions.admit)),
    post(`${APPOINTMENT}/companion/:companion/revoke`, 'desk', a.desk(companions.revoke)),
    get(`${APPOINTMENT}/print`, 'desk', a.desk(printPage(deps))),
  ];
}

/** Colleagues who are asked into a call, or to have an encounter from now on. */
function colleagueRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const join = askPage(deps, 'join');
  const handOver = askPage(deps, 'hand_over');
  const asked = askedPages(deps);
  const call = colleaguesCall(deps);
  const atRoom = atColleaguesRoom(deps);
  const place = '/console/:office/call/:request';
  return [
    get(`${APPOINTMENT}/colleague`, 'desk', a.desk(join.get)),
    post(`${APPOINTMENT}/colleague`, 'desk', a.desk(join.post)),
    post(`${APPOINTMENT}/colleague/:request/end`, 'desk', a.desk(endRequest(deps))),
    get(`${APPOINTMENT}/hand-over`, 'desk', a.desk(handOver.get)),
    post(`${APPOINTMENT}/hand-over`, 'desk', a.desk(handOver.post)),
    get('/console/:office/asked', 'desk', a.desk(asked.region)),
    post('/console/:office/asked/:request', 'desk', a.desk(asked.answer)),
    get(place, 'desk', a.desk(call.get)),
    post(`${place}/end`, 'desk', a.desk(call.end)),
    ...roomRoutes(deps, `${place}/room`, 'desk', (answer) =>
      a.desk(async (visit) => {
        const at = await atRoom(visit);
        return at ? answer(at) : visit.c.notFound();
      }),
    ).filter(({ path }) => !OF_THE_TWO.test(path)),
  ];
}

/** Documents and acts of an appointment. */
function documentRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const document = documentPage(deps);
  const prepare = prepareActPage(deps);
  const act = actPage(deps);
  return [
    post(`${APPOINTMENT}/documents`, 'attends', a.desk(addDocument(deps))),
    get(`${APPOINTMENT}/documents/:document`, 'attends', a.desk(document.get)),
    post(`${APPOINTMENT}/documents/:document`, 'attends', a.desk(document.post)),
    get(`${APPOINTMENT}/documents/:document/file`, 'attends', a.desk(document.file)),
    get(`${APPOINTMENT}/documents/:result/eni`, 'attends', a.desk(document.eni)),
    get(`${APPOINTMENT}/act`, 'attends', a.desk(prepare.get)),
    post(`${APPOINTMENT}/act`, 'attends', a.desk(prepare.post)),
    get(`${APPOINTMENT}/acts/:act`, 'attends', a.desk(act.get)),
    post(`${APPOINTMENT}/acts/:act`, 'attends', a.desk(act.post)),
    get(`${APPOINTMENT}/acts/:act/record`, 'attends', a.desk(act.record)),
    get(`${APPOINTMENT}/acts/:act/paper.pdf`, 'attends', a.desk(paperFile(deps))),
    post(`${APPOINTMENT}/acts/:act/scan`, 'attends', a.desk(act.scan)),
  ];
}

/** The changes of an appointment: its desk, its time, the citizen's contact. */
function changeRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const cancel = cancelPage(deps);
  const reassign = reassignPage(deps);
  const takeOver = takeOverPage(deps);
  const move = movePage(deps);
  const contact = contactPage(deps);
  return [
    get(`${APPOINTMENT}/cancel`, 'desk', a.desk(cancel.get)),
    post(`${APPOINTMENT}/cancel`, 'desk', a.desk(cancel.post)),
    get(`${APPOINTMENT}/desk`, 'coordinator', a.desk(reassign.get)),
    post(`${APPOINTMENT}/desk`, 'coordinator', a.desk(reassign.post)),
    get(`${APPOINTMENT}/take-over`, 'desk', a.desk(takeOver.get)),
    post(`${APPOINTMENT}/take-over`, 'desk', a.desk(takeOver.post)),
    get(`${APPOINTMENT}/move`, 'desk', a.desk(move.get)),
    post(`${APPOINTMENT}/move`, 'desk', a.desk(move.post)),
    get(`${APPOINTMENT}/contact`, 'desk', a.desk(contact.get)),
    post(`${APPOINTMENT}/contact`, 'desk', a.desk(contact.post)),
  ];
}

/** The figures. */
function figuresRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const other = figuresImport(deps);
  const comments = figuresComments(deps);
  const month = monthPages(deps);
  const figures = '/console/:office/figures';
  return [
    get(figures, 'coordinator', a.desk(figuresPage(deps))),
    get(`${figures}/month`, 'coordinator', a.desk(month.ofOffice)),
    get('/staff/month', 'month', a.signedIn(month.ofTown)),
    get(`${figures}.csv`, 'coordinator', a.desk(figuresFile(deps))),
    get(`${figures}/import`, 'coordinator', a.desk(other.get)),
    post(`${figures}/import`, 'coordinator', a.desk(other.post)),
    get(`${figures}/comments`, 'coordinator', a.desk(comments.get)),
    post(`${figures}/comments`, 'coordinator', a.desk(comments.post)),
  ];
}

/** Creates the app of the console. It is mounted before the citizen's pages, whose first segment is a language. `guards`: replace the staff's, in tests. */
export function consolePages(deps: StaffDeps, guards: Guards = staffGuards(deps)): Hono {
  const app = new Hono();
  const routes = consoleRoutes(deps);
  const backFrom = wayBack(routes);
  for (const part of ['/console/*', '/staff/*'])
    app.use(part, async (c, next) => {
      const back = c.req.method === 'GET' ? backFrom(c.req.path) : null;
      return back ? c.redirect(back, 303) : next();
    });
  mount(app, routes, guards);
  return app;
}
