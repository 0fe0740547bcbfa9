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
import { atCompanionsRoom, companionPage } from './appointment/companion.tsx';
import { companionsPage } from './appointment/companions.tsx';
import { contactPage } from './appointment/contact.tsx';
import { devicePage, deviceServers } from './appointment/device.tsx';
import { confirmContact } from './appointment/frozen.tsx';
import { linkRecoveryPage } from './appointment/link-recovery.tsx';
import { notMePage } from './appointment/not-me.tsx';
import { atCitizensRoom, roomPage } from './appointment/room.tsx';
import { surveyPage, thanksPage } from './appointment/survey.tsx';
import { unsubscribePage } from './appointment/unsubscribe.tsx';
import { checkPage, detailsPage, otherTimePage } from './booking/booking.tsx';
import { holdAnswer } from './booking/hold.tsx';
import { documentsCode } from './documents/code.tsx';
import { documentFile, documentsPage } from './documents/documents.tsx';
import { documentsSeen } from './documents/seen.tsx';
import { documentUpload } from './documents/upload.ts';
import { verifyPage } from './documents/verify.tsx';
import { officePage } from './finding/office.tsx';
import { procedurePage } from './finding/procedure.tsx';
import { robotsFile, sitemapFile } from './finding/sitemap.ts';
import { rootPage, townPage } from './finding/town.tsx';
import { citizenGuards } from './guards.ts';
import { offlinePage } from './offline.tsx';
import { timesPage } from './times/times.tsx';
import { type CitizenDeps, visits } from './visit.tsx';
import { earlierPage, waitPage } from './waiting/join.tsx';
import { leavePage, waitingPage } from './waiting/waiting.tsx';

/** The citizen's side: its table of contents. */
function citizenRoutes(deps: CitizenDeps, a: ReturnType<typeof visits>): Route[] {
  const [times, details, check] = [timesPage(deps), detailsPage(deps), checkPage(deps)];
  const [time, change, contact] = [otherTimePage(deps), changePage(deps), contactPage(deps)];
  const [cancel, survey] = [cancelPage(deps), surveyPage(deps)];
  const hold = holdAnswer(deps);
  const device = devicePage(deps);
  const [room, companions] = [roomPage(deps), companionsPage(deps)];
  const atCompanions = atCompanionsRoom(deps);
  const [documents, code] = [documentsPage(deps), documentsCode(deps)];
  const [upload, file] = [documentUpload(deps), documentFile(deps)];
  const act = actPage(deps);
  const linkRecovery = linkRecoveryPage(deps);
  const [earlier, wait] = [earlierPage(deps), waitPage(deps)];
  const [unsubscribe, verify] = [unsubscribePage(deps), verifyPage(deps)];
  const notMe = notMePage(deps);
  const [waiting, leave] = [waitingPage(deps), leavePage(deps)];
  const booking = '/:language/:office/booking/:journey';
  const appointment = '/:language/appointment/:secret';
  const companion = '/:language/companion/:secret';
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

    get('/:language/verify', 'open', a.page(verify.get)),
    post('/:language/verify', 'open', a.page(verify.post)),
    post('/:language/verify/file', 'open', a.page(verify.file)),
    post('/:language/verify/eni', 'open', a.page(verify.eni)),

    get('/:language/lost-link', 'open', a.page(linkRecovery.get)),
    post('/:language/lost-link', 'open', a.page(linkRecovery.post)),

    get(appointment, 'appointment', a.appointment(managePage(deps))),
    get(`${appointment}/confirmed`, 'appointment', a.appointment(confirmedPage(deps))),
    get(`${appointment}/calendar.ics`, 'appointment', a.appointment(calendarFile(deps))),
    get(`${appointment}/change`, 'appointment', a.appointment(change.get)),
    post(`${appointment}/change`, 'appointment', a.appointment(change.post)),
    get(`${appointment}/contact`, 'appointment', a.appointment(contact.get)),
    post(`${appointment}/contact`, 'appointment', a.appointment(contact.post)),
    post(`${appointment}/contact/confirm`, 'appointment', a.appointment(confirmContact(deps))),
    get(`${appointment}/cancel`, 'appointment', a.appointment(cancel.get)),
    post(`${appointment}/cancel`, 'appointment', a.appointment(cancel.post)),
    get(`${appointment}/survey`, 'appointment', a.appointment(survey.get)),
    post(`${appointment}/survey`, 'appointment', a.appointment(survey.post)),
    get(`${appointment}/thanks`, 'appointment', a.appointment(thanksPage(deps))),

    get(`${appointment}/device`, 'appointment', a.appointment(device.get)),
    post(`${appointment}/device`, 'appointment', a.appointment(device.post)),
    get(`${appointment}/device/servers`, 'appointment', a.appointment(deviceServers(deps))),
    get(`${appointment}/room`, 'appointment', a.appointment(room.get)),
    post(`${appointment}/room/phone`, 'appointment', a.appointment(room.phone)),
    ...roomRoutes(deps, `${appointment}/room`, 'appointment', (answer) =>
      a.appointment((visit) => answer(atCitizensRoom(visit))),
    ),
    get(`${appointment}/companions`, 'appointment', a.appointment(companions.get)),
    post(`${appointment}/companions`, 'appointment', a.appointment(companions.post)),
    post(
      `${appointment}/companions/:companion/revoke`,
      'appointment',
      a.appointment(companions.revoke),
    ),
    get(companion, 'companion', a.companion(companionPage(deps))),
    ...roomRoutes(deps, `${companion}/room`, 'companion', (answer) =>
      a.companion((visit) => answer(atCompanions(visit))),
    ),

    get(`${appointment}/documents`, 'appointment', a.appointment(documents.get)),
    post(`${appointment}/documents`, 'appointment', a.appointment(documents.post)),
    get(`${appointment}/documents/code`, 'appointment', a.appointment(code.get)),
    post(`${appointment}/documents/code`, 'appointment', a.appointment(code.post)),
    get(`${appointment}/documents/seen`, 'appointment', a.appointment(documentsSeen(deps))),
    post(`${appointment}/documents/upload`, 'appointment', a.appointment(upload.begin)),
    get(`${appointment}/documents/upload/:document`, 'appointment', a.appointment(upload.progress)),
    patch(`${appointment}/documents/upload/:document`, 'appointment', a.appointment(upload.append)),
    get(`${appointment}/documents/:document`, 'appointment', a.appointment(file.get)),
    get(`${appointment}/documents/:result/eni`, 'appointment', a.appointment(file.eni)),
    post(
      `${appointment}/documents/:document/withdraw`,
      'appointment',
      a.appointment(file.withdraw),
    ),
    get(`${appointment}/acts/:act`, 'appointment', a.appointment(act.get)),
    post(`${appointment}/acts/:act`, 'appointment', a.appointment(act.post)),
    get(`${appointment}/earlier`, 'appointment', a.appointment(earlier.get)),
    post(`${appointment}/earlier`, 'appointment', a.appointment(earlier.post)),
    get('/:language/notices/:token', 'notice', unsubscribe.get),
    post('/:language/notices/:token', 'notice', unsubscribe.post),
    get('/:language/notices/:token/not-me', 'notice', notMe.get),
    post('/:language/notices/:token/not-me', 'notice', notMe.post),
    get('/:language/waiting/:secret', 'waiting', a.waiting(waiting.get)),
    post('/:language/waiting/:secret', 'waiting', a.waiting(waiting.post)),
    get('/:language/waiting/:secret/leave', 'waiting', a.waiting(leave.get)),
    post('/:language/waiting/:secret/leave', 'waiting', a.waiting(leave.post)),

    get(`${booking}/details`, 'journey', a.journey(details.get)),
    post(`${booking}/details`, 'journey', a.journey(details.post)),
    get(`${booking}/time`, 'journey', a.journey(time.get)),
    post(`${booking}/time`, 'journey', a.journey(time.post)),
    get(`${booking}/hold`, 'journey', a.journey(hold.get)),
    post(`${booking}/hold`, 'journey', a.journey(hold.post)),
    get(`${booking}/check`, 'journey', a.journey(check.get)),
    post(`${booking}/check`, 'journey', a.journey(check.post)),

    get('/:language/:office', 'open', a.office(officePage(deps))),
    get('/:language/:office/data', 'open', a.office(dataPage(deps))),
    get('/:language/:office/:procedure', 'open', a.procedure(procedurePage(deps))),
    get('/:language/:office/:procedure/times', 'open', a.procedure(times.get)),
    post('/:language/:office/:procedure/times', 'open', a.procedure(times.post)),
    get('/:language/:office/:procedure/waiting', 'open', a.procedure(wait.get)),
    post('/:language/:office/:procedure/waiting', 'open', a.procedure(wait.post)),
  ];
}

/** `guards`: other ones than these pages', for tests. */
export function citizenPages(deps: CitizenDeps, guards?: Guards): Hono {
  const app = new Hono();
  const a = visits(deps);
  mount(app, citizenRoutes(deps, a), guards ?? citizenGuards(deps, a.find));
  return app;
}
