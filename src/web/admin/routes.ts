import { staffVisits } from '../console/visit.tsx';
import { get, post, type Route } from '../routes.ts';
import { deskPage, desksPage, retireDeskPage } from './desks.tsx';
import { adminPage } from './index-page.tsx';
import { newProcedurePage, procedurePage } from './procedure.tsx';
import { proceduresPage, retireProcedurePage } from './procedures.tsx';
import { sectionPage } from './section.tsx';
import { SECTIONS } from './sections.ts';
import type { AdminDeps } from './sheet.tsx';
import { endTokenPage } from './tokens/end.tsx';
import { tokensPage } from './tokens/tokens.tsx';
import { wordingMail } from './wording/preview.tsx';
import { wordingPage } from './wording/wording.tsx';

/** The pages where an administrator changes the office's declaration. */
export function adminRoutes(deps: AdminDeps): Route[] {
  const a = staffVisits(deps);
  const admin = '/console/:office/admin';
  const form = (path: string, page: Record<'get' | 'post', Parameters<typeof a.desk>[0]>) => [
    get(`${admin}/${path}`, 'administrator', a.desk(page.get)),
    post(`${admin}/${path}`, 'administrator', a.desk(page.post)),
  ];
  return [
    get(admin, 'administrator', a.desk(adminPage(deps))),
    ...form('procedures', proceduresPage(deps)),
    ...form('procedures/:procedure', procedurePage(deps)),
    ...form('procedures/:procedure/retire', retireProcedurePage(deps)),
    ...form('new-procedure', newProcedurePage(deps)),
    ...form('desks', desksPage(deps)),
    ...form('desks/:desk', deskPage(deps, false)),
    ...form('desks/:desk/retire', retireDeskPage(deps)),
    ...form('new-desk', deskPage(deps, true)),
    ...form('tokens', tokensPage(deps)),
    ...form('tokens/:token/end', endTokenPage(deps)),
    ...form('wording', wordingPage(deps)),
    get(`${admin}/wording/mail`, 'administrator', a.desk(wordingMail(deps))),
    ...SECTIONS.flatMap((section) => form(section, sectionPage(deps, section))),
  ];
}
