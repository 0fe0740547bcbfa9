import { get, post, type Route } from '../../routes.ts';
import { type StaffDeps, staffVisits } from '../visit.tsx';
import { amendPage } from './amend.tsx';
import { archiveRoutes } from './archive/routes.ts';
import { casePage } from './case.tsx';
import { decidePage } from './decide.tsx';
import { decisionFile, decisionPage } from './decision.tsx';
import { extendPage } from './extend.tsx';
import { inboxFile } from './file.ts';
import { inboxPage } from './inbox.tsx';
import { writeMessage } from './messages/write.tsx';
import { toNotifyPage } from './notification/list.tsx';
import { notificationRoutes } from './notification/routes.ts';
import { casePaper, releasePaper } from './papers/file.ts';
import { reportRoutes } from './reports/routes.ts';
import { signatureFile } from './signature.tsx';
import { giveCase, noteCase, routeCase, stepPage, undoCase } from './steps.tsx';

/** The inbox of cases, and what is done with one. */
export function caseRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const amend = amendPage(deps);
  const extend = extendPage(deps);
  const step = stepPage(deps);
  const decide = decidePage(deps);
  const decision = decisionPage(deps);
  const cases = '/console/:office/cases';
  const one = `${cases}/:id`;
  const cosigner = `${one}/cosigners/:cosigner`;
  return [
    get(cases, 'member', a.desk(inboxPage(deps))),
    get(`${cases}.csv`, 'member', a.desk(inboxFile(deps))),
    get(`${cases}/notifications`, 'member', a.desk(toNotifyPage(deps))),
    ...archiveRoutes(deps, cases, one),
    get(one, 'member', a.desk(casePage(deps))),
    get(`${one}/step`, 'member', a.desk(step.get)),
    post(`${one}/step`, 'member', a.desk(step.post)),
    post(`${one}/undo`, 'member', a.desk(undoCase(deps))),
    post(`${one}/assignee`, 'member', a.desk(giveCase(deps))),
    post(`${one}/team`, 'member', a.desk(routeCase(deps))),
    post(`${one}/note`, 'member', a.desk(noteCase(deps))),
    post(`${one}/message`, 'member', a.desk(writeMessage(deps))),
    get(`${one}/amend`, 'member', a.desk(amend.get)),
    post(`${one}/amend`, 'member', a.desk(amend.post)),
    get(`${one}/extend`, 'member', a.desk(extend.get)),
    post(`${one}/extend`, 'member', a.desk(extend.post)),
    get(`${one}/decide`, 'member', a.desk(decide.get)),
    post(`${one}/decide`, 'member', a.desk(decide.post)),
    get(`${one}/decision`, 'member', a.desk(decision.get)),
    post(`${one}/decision`, 'member', a.desk(decision.post)),
    ...notificationRoutes(deps, one),
    ...reportRoutes(deps, one),
    get(`${one}/decision.pdf`, 'member', a.desk(decisionFile(deps))),
    get(`${one}/signature`, 'member', a.desk(signatureFile(deps, 'signature'))),
    get(`${one}/signature/content`, 'member', a.desk(signatureFile(deps, 'content'))),
    get(`${cosigner}/signature`, 'member', a.desk(signatureFile(deps, 'signature'))),
    get(`${cosigner}/signature/content`, 'member', a.desk(signatureFile(deps, 'content'))),
    get(`${one}/papers/:document`, 'member', a.desk(casePaper(deps))),
    post(`${one}/papers/:document/release`, 'coordinator', a.desk(releasePaper(deps))),
  ];
}
