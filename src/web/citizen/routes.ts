import { Hono } from 'hono';
import { roomRoutes } from '../room.ts';
import { type Guards, get, mount, patch, post, type Route } from '../routes.ts';
import { accessibilityPage } from './about/accessibility.tsx';
import { cookiesPage } from './about/cookies.tsx';
import { dataPage } from './about/data.tsx';
import { helpPage } from './about/help.tsx';
import { privacyPage } from './about/privacy.tsx';
import { softwarePage } from './about/software.tsx';
import { actPage } from './appointment/acts.tsx';
import { confirmedPage, managePage } from './appointment/appointment.tsx';
import { calendarFile } from './appointment/calendar.ts';
import { cancelPage } from './appointment/cancel.tsx';
import { changePage } from './appointment/change.tsx';
import { contactPage } from './appointment/contact.tsx';
import { confirmContact } from './appointment/frozen.tsx';
import { linkRecoveryPage } from './appointment/link-recovery.tsx';
import { notMePage } from './appointment/not-me.tsx';
import { surveyPage, thanksPage } from './appointment/survey.tsx';
import { unsubscribePage } from './appointment/unsubscribe.tsx';
import { bookingRoutes } from './booking/routes.ts';
import { atCompanionsRoom, companionPage } from './call/companion.tsx';
import { companionsPage } from './call/companions.tsx';
import { devicePage, deviceServers } from './call/device.tsx';
import { atCitizensRoom, roomPage } from './call/room.tsx';
import { claimedPage } from './cases/applicant/claim.tsx';
import { applyPage } from './cases/apply.tsx';
import { checkCasePage } from './cases/check.tsx';
import { handedInRoutes } from './cases/handed-in/routes.ts';
import { deletePage, overviewPage } from './cases/overview.tsx';
import { formPage } from './cases/page.tsx';
import { showPage } from './cases/talking/show.tsx';
import { formHere } from './cases/together/notice.tsx';
import { applicantStream } from './cases/together/stream.ts';
import { chatRoutes } from './chat/routes.ts';
import { checkInPage } from './check-in/check-in.tsx';
import { cosignRoutes } from './cosigning/routes.ts';
import { documentsCode } from './documents/code.tsx';
import { documentFile, documentsPage } from './documents/documents.tsx';
import { documentsSeen } from './documents/seen.tsx';
import { documentUpload } from './documents/upload.ts';
import { verifyPage } from './documents/verify.tsx';
import { answerByAddress } from './drafts.ts';
import { officePage } from './finding/office.tsx';
import { procedurePage } from './finding/procedure.tsx';
import { robotsFile, sitemapFile } from './finding/sitemap.ts';
import { rootPage, townPage } from './finding/town.tsx';
import { folderRoutes } from './folder/routes.ts';
import { citizenGuards } from './guards.ts';
import { identifyForAct } from './identify/act.tsx';
import { identifyAppointment } from './identify/appointment.tsx';
import { askCodePage } from './identify/ask-code.tsx';
import { identificationRoutes } from './identify/routes.ts';
import { interpreterPage } from './interpreter/page.tsx';
import { offlinePage } from './offline.tsx';
import { demoBankPage } from './payment/demo.tsx';
import { payPage } from './payment/pay.tsx';
import { returnedPage } from './payment/returning.tsx';
import { publicFollowPage } from './public-requests/follow.tsx';
import { publicRequestsPage } from './public-requests/list.tsx';
import { publicPhoto, publicRequestPage } from './public-requests/one.tsx';
import { requestRoutes } from './requests/routes.ts';
import { shortLinks } from './short-links.ts';
import { demoSignPage } from './signing/demo.tsx';
import { programDemoPage, programDocument, programPage } from './signing/program.tsx';
import { signedReturn } from './signing/returning.tsx';
import { retrieveServlet, storageServlet } from './signing/servlets.ts';
import { signatureFile } from './signing/shown.tsx';
import { signPage } from './signing/sign.tsx';
import { addingPage } from './times/adding.tsx';
import { timesPage } from './times/times.tsx';
import type { CitizenDeps } from './visit.tsx';
import { type Visits, visits } from './visits.ts';
import { earlierPage, waitPage } from './waiting/join.tsx';
import { leavePage, waitingPage } from './waiting/waiting.tsx';
import { noticesByPage } from './writing/notices-by.tsx';

const APPOINTMENT = '/:language/appointment/:secret';
const COMPANION = '/:language/companion/:secret';
const CASE = '/:language/case/:secret';
const PUBLIC_REQUESTS = '/:language/:office/requests/map';

/** The citizen's table of contents, in the order of matching. */
const citizenRoutes = (deps: CitizenDeps, a: Visits): Route[] => [
  ...townRoutes(deps, a),
  ...verificationRoutes(deps, a),
  ...identificationRoutes(deps, a),
  ...folderRoutes(deps, a),
  ...appointmentRoutes(deps, a),
  ...callRoutes(deps, a),
  ...documentRoutes(deps, a),
  ...noticeRoutes(deps),
  ...shortLinks(deps, a),
  ...waitingRoutes(deps, a),
  ...chatRoutes(deps, a),
  ...caseRoutes(deps, a),
  ...paymentRoutes(deps, a),
  ...cosignRoutes(deps, a),
  ...signatureRoutes(deps, a),
  ...requestRoutes(deps, a),
  ...bookingRoutes(deps, a),
  ...officeRoutes(deps, a),
];

/** The town's own pages, and the pages about the site. */
function townRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const linkRecovery = linkRecoveryPage(deps);
  return [
    get('/', 'open', rootPage(deps)),
    get('/robots.txt', 'open', robotsFile(deps)),
    get('/sitemap.xml', 'open', sitemapFile(deps)),
    get('/:language', 'open', a.page(townPage(deps))),
    get('/:language/accessibility', 'open', a.page(accessibilityPage())),
    get('/:language/privacy', 'open', a.page(privacyPage(deps))),
    get('/:language/cookies', 'open', a.page(cookiesPage(deps))),
    get('/:language/help', 'open', a.page(helpPage(deps))),
    get('/:language/software', 'open', a.page(softwarePage(deps.software))),
    get('/:language/offline', 'open', a.page(offlinePage(deps))),
    get('/:language/interpreter/:spoken', 'open', a.page(interpreterPage(deps))),
    get('/:language/lost-link', 'open', a.page(linkRecovery.get)),
    post('/:language/lost-link', 'open', a.page(linkRecovery.post)),
  ];
}

/** The verification of documents. */
function verificationRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const verify = verifyPage(deps);
  return [
    get('/:language/verify', 'open', a.page(verify.get)),
    post('/:language/verify', 'open', a.page(verify.post)),
    post('/:language/verify/file', 'open', a.page(verify.file)),
    post('/:language/verify/eni', 'open', a.page(verify.eni)),
  ];
}

/** The pages of an appointment, for the holder of its link. */
function appointmentRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const change = changePage(deps);
  const contact = contactPage(deps);
  const noticesBy = noticesByPage(deps);
  const cancel = cancelPage(deps);
  const survey = surveyPage(deps);
  const earlier = earlierPage(deps);
  const identify = identifyAppointment(deps);
  const askCode = askCodePage(deps);
  return [
    get(APPOINTMENT, 'appointment', a.appointment(managePage(deps))),
    get(`${APPOINTMENT}/confirmed`, 'appointment', a.appointment(confirmedPage(deps))),
    get(`${APPOINTMENT}/calendar.ics`, 'appointment', a.appointment(calendarFile(deps))),
    post(`${APPOINTMENT}/check-in`, 'appointment', a.appointment(checkInPage(deps))),
    get(`${APPOINTMENT}/change`, 'appointment', a.appointment(change.get)),
    post(`${APPOINTMENT}/change`, 'appointment', a.appointment(change.post)),
    get(`${APPOINTMENT}/contact`, 'appointment', a.appointment(contact.get)),
    post(`${APPOINTMENT}/contact`, 'appointment', a.appointment(contact.post)),
    post(`${APPOINTMENT}/contact/confirm`, 'appointment', a.appointment(confirmContact(deps))),
    get(`${APPOINTMENT}/notices`, 'appointment', a.appointment(noticesBy.get)),
    post(`${APPOINTMENT}/notices`, 'appointment', a.appointment(noticesBy.post)),
    get(`${APPOINTMENT}/identify`, 'appointment', a.appointment(identify.get)),
    post(`${APPOINTMENT}/identify`, 'appointment', a.appointment(identify.post)),
    get(`${APPOINTMENT}/identify/code`, 'appointment', a.appointment(askCode.get)),
    post(`${APPOINTMENT}/identify/code`, 'appointment', a.appointment(askCode.post)),
    get(`${APPOINTMENT}/cancel`, 'appointment', a.appointment(cancel.get)),
    post(`${APPOINTMENT}/cancel`, 'appointment', a.appointment(cancel.post)),
    get(`${APPOINTMENT}/survey`, 'appointment', a.appointment(survey.get)),
    post(`${APPOINTMENT}/survey`, 'appointment', a.appointment(survey.post)),
    get(`${APPOINTMENT}/thanks`, 'appointment', a.appointment(thanksPage(deps))),
    get(`${APPOINTMENT}/earlier`, 'appointment', a.appointment(earlier.get)),
    post(`${APPOINTMENT}/earlier`, 'appointment', a.appointment(earlier.post)),
  ];
}

/** The video call: the test before, the room, and the companions. */
function callRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const device = devicePage(deps);
  const room = roomPage(deps);
  const companions = companionsPage(deps);
  const atCompanions = atCompanionsRoom(deps);
  return [
    get(`${APPOINTMENT}/device`, 'appointment', a.appointment(device.get)),
    post(`${APPOINTMENT}/device`, 'appointment', a.appointment(device.post)),
    get(`${APPOINTMENT}/device/servers`, 'appointment', a.appointment(deviceServers(deps))),
    get(`${APPOINTMENT}/room`, 'appointment', a.appointment(room.get)),
    post(`${APPOINTMENT}/room/phone`, 'appointment', a.appointment(room.phone)),
    post(`${APPOINTMENT}/room/identify`, 'appointment', a.appointment(room.declineIdentity)),
    ...roomRoutes(deps, `${APPOINTMENT}/room`, 'appointment', (answer) =>
      a.appointment((visit) => answer(atCitizensRoom(visit))),
    ),
    get(`${APPOINTMENT}/form`, 'appointment', a.appointment(formHere(deps))),
    get(`${APPOINTMENT}/companions`, 'appointment', a.appointment(companions.get)),
    post(`${APPOINTMENT}/companions`, 'appointment', a.appointment(companions.post)),
    post(
      `${APPOINTMENT}/companions/:companion/revoke`,
      'appointment',
      a.appointment(companions.revoke),
    ),
    get(COMPANION, 'companion', a.companion(companionPage(deps))),
    ...roomRoutes(deps, `${COMPANION}/room`, 'companion', (answer) =>
      a.companion((visit) => answer(atCompanions(visit))),
    ),
  ];
}

/** Documents and acts of an appointment. */
function documentRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const documents = documentsPage(deps);
  const code = documentsCode(deps);
  const upload = documentUpload(deps);
  const file = documentFile(deps);
  const act = actPage(deps);
  const identity = identifyForAct(deps);
  return [
    get(`${APPOINTMENT}/documents`, 'appointment', a.appointment(documents.get)),
    post(`${APPOINTMENT}/documents`, 'appointment', a.appointment(documents.post)),
    get(`${APPOINTMENT}/documents/code`, 'appointment', a.appointment(code.get)),
    post(`${APPOINTMENT}/documents/code`, 'appointment', a.appointment(code.post)),
    get(`${APPOINTMENT}/documents/seen`, 'appointment', a.appointment(documentsSeen(deps))),
    post(`${APPOINTMENT}/documents/upload`, 'appointment', a.appointment(upload.begin)),
    get(`${APPOINTMENT}/documents/upload/:document`, 'appointment', a.appointment(upload.progress)),
    patch(`${APPOINTMENT}/documents/upload/:document`, 'appointment', a.appointment(upload.append)),
    get(`${APPOINTMENT}/documents/:document`, 'appointment', a.appointment(file.get)),
    get(`${APPOINTMENT}/documents/:result/eni`, 'appointment', a.appointment(file.eni)),
    post(
      `${APPOINTMENT}/documents/:document/withdraw`,
      'appointment',
      a.appointment(file.withdraw),
    ),
    get(`${APPOINTMENT}/acts/:act`, 'appointment', a.appointment(act.get)),
    post(`${APPOINTMENT}/acts/:act`, 'appointment', a.appointment(act.post)),
    get(`${APPOINTMENT}/acts/:act/identify`, 'appointment', a.appointment(identity.get)),
    post(`${APPOINTMENT}/acts/:act/identify`, 'appointment', a.appointment(identity.post)),
  ];
}

/** The targets of the links in notices. */
function noticeRoutes(deps: CitizenDeps): Route[] {
  const unsubscribe = unsubscribePage(deps);
  const notMe = notMePage(deps);
  return [
    get('/:language/notices/:token', 'notice', unsubscribe.get),
    post('/:language/notices/:token', 'notice', unsubscribe.post),
    get('/:language/notices/:token/not-me', 'notice', notMe.get),
    post('/:language/notices/:token/not-me', 'notice', notMe.post),
  ];
}

/** The pages of a wait-list entry. */
function waitingRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const waiting = waitingPage(deps);
  const leave = leavePage(deps);
  return [
    get('/:language/waiting/:secret', 'waiting', a.waiting(waiting.get)),
    post('/:language/waiting/:secret', 'waiting', a.waiting(waiting.post)),
    get('/:language/waiting/:secret/leave', 'waiting', a.waiting(leave.get)),
    post('/:language/waiting/:secret/leave', 'waiting', a.waiting(leave.post)),
  ];
}

/** The form of a case, for whoever may open it by its link. */
function caseRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const check = checkCasePage(deps);
  const form = formPage(deps);
  const deleting = deletePage(deps);
  const pay = payPage(deps);
  const showing = showPage(deps);
  const sign = signPage(deps);
  return [
    get(CASE, 'case', a.case(overviewPage(deps))),
    post(CASE, 'case', a.case(claimedPage())),
    get(`${CASE}/stream`, 'case', a.case(applicantStream(deps))),
    get(`${CASE}/check`, 'case', a.case(check.get)),
    post(`${CASE}/check`, 'case', a.case(check.post)),
    get(`${CASE}/sign`, 'case', a.case(sign.get)),
    post(`${CASE}/sign`, 'case', a.case(sign.post)),
    get(`${CASE}/signature`, 'case', a.case(signatureFile(deps, 'signature'))),
    get(`${CASE}/signature/content`, 'case', a.case(signatureFile(deps, 'content'))),
    get(`${CASE}/pay`, 'case', a.case(pay.get)),
    post(`${CASE}/pay`, 'case', a.case(pay.post)),
    get(`${CASE}/show`, 'case', a.case(showing.get)),
    post(`${CASE}/show`, 'case', a.case(showing.post)),
    get(`${CASE}/delete`, 'case', a.case(deleting.get)),
    post(`${CASE}/delete`, 'case', a.case(deleting.post)),
    ...handedInRoutes(deps, a, CASE),
    ...['/:step', '/:step/:question', '/:step/:question/:item'].flatMap((page) => [
      get(`${CASE}${page}`, 'case', a.case(form.get)),
      post(`${CASE}${page}`, 'case', a.case(form.post)),
    ]),
  ];
}

/** The way back from the bank, and the bank of a demonstration. */
function paymentRoutes(deps: CitizenDeps, a: Visits): Route[] {
  return [
    get('/:language/payment/:token/paid', 'open', a.page(returnedPage(deps))),
    get('/:language/payment/:token/failed', 'open', a.page(returnedPage(deps))),
    post('/:language/payment/demo', 'open', a.page(demoBankPage(deps))),
  ];
}

/** The way back from where a case is signed, the stand-in of a demonstration, and what programs on the person's device need. */
function signatureRoutes(deps: CitizenDeps, a: Visits): Route[] {
  return [
    get('/signature/return', 'open', signedReturn(deps)),
    get('/:language/signature/demo', 'open', a.page(demoSignPage(deps))),
    get('/:language/signature/program', 'open', a.page(programPage(deps))),
    get('/:language/signature/program/demo', 'open', a.page(programDemoPage(deps))),
    get('/:language/signature/program/document', 'open', a.page(programDocument(deps))),
    get('/signature/program/retrieve', 'open', retrieveServlet(deps)),
    post('/signature/program/retrieve', 'open', retrieveServlet(deps)),
    get('/signature/program/storage', 'open', storageServlet(deps)),
    post('/signature/program/storage', 'open', storageServlet(deps)),
  ];
}

/** The pages of an office and its procedures. Other addresses of two or three segments come before. */
function officeRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const apply = applyPage(deps);
  const times = timesPage(deps);
  const wait = waitPage(deps);
  const follow = publicFollowPage(deps);
  return [
    get('/:language/:office', 'open', a.office(officePage(deps))),
    get('/:language/:office/data', 'open', a.office(dataPage(deps))),
    get(PUBLIC_REQUESTS, 'open', a.office(publicRequestsPage(deps))),
    get(`${PUBLIC_REQUESTS}/:reference`, 'open', a.office(publicRequestPage(deps))),
    get(`${PUBLIC_REQUESTS}/:reference/follow`, 'open', a.office(follow.get)),
    post(`${PUBLIC_REQUESTS}/:reference/follow`, 'open', a.office(follow.post)),
    get(`${PUBLIC_REQUESTS}/:reference/photos/:photo`, 'open', a.office(publicPhoto(deps))),
    get('/:language/:office/:procedure', 'open', a.procedure(procedurePage(deps))),
    get('/:language/:office/:procedure/apply', 'open', a.procedure(apply.get)),
    post('/:language/:office/:procedure/apply', 'open', a.procedure(apply.post)),
    get('/:language/:office/:procedure/more', 'open', a.adding(addingPage())),
    get('/:language/:office/:procedure/times', 'open', a.procedure(times.get)),
    post('/:language/:office/:procedure/times', 'open', a.procedure(times.post)),
    get('/:language/:office/:procedure/waiting', 'open', a.procedure(wait.get)),
    post('/:language/:office/:procedure/waiting', 'open', a.procedure(wait.post)),
  ];
}

/** Creates the app of the citizen's pages. `guards`: replace the pages' own ones, in tests. */
export function citizenPages(deps: CitizenDeps, guards?: Guards): Hono {
  const app = new Hono();
  const a = visits(deps);
  const routes = answerByAddress(deps, citizenRoutes(deps, a));
  mount(app, routes, guards ?? citizenGuards(deps, a.find));
  return app;
}
