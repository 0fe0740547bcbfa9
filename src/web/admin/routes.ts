import { staffVisits } from '../console/visit.tsx';
import { get, post, type Route } from '../routes.ts';
import { deskPage, desksPage, retireDeskPage } from './desks.tsx';
import { draftPage } from './drafting/draft.tsx';
import { draftPreview } from './drafting/preview.tsx';
import { comparePage, historyPage, versionPage } from './history/pages.tsx';
import { importPage } from './importing/page.tsx';
import { adminPage } from './index-page.tsx';
import { PROCEDURE_PARTS, procedurePath } from './procedures/fields.ts';
import { proceduresPage, retireProcedurePage } from './procedures/list.tsx';
import { newProcedurePage, procedurePage } from './procedures/procedure.tsx';
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
    ...PROCEDURE_PARTS.flatMap((part) =>
      form(procedurePath(':procedure', part), procedurePage(deps, part)),
    ),
    ...form('procedures/:procedure/retire', retireProcedurePage(deps)),
    ...form('new-procedure', newProcedurePage(deps)),
    ...form('desks', desksPage(deps)),
    ...form('desks/:desk', deskPage(deps, false)),
    ...form('desks/:desk/retire', retireDeskPage(deps)),
    ...form('new-desk', deskPage(deps, true)),
    ...form('draft', draftPage(deps)),
    get(`${admin}/draft/preview/:procedure`, 'administrator', a.desk(draftPreview(deps))),
    get(`${admin}/history`, 'administrator', a.desk(historyPage(deps))),
    ...form('history/:version', versionPage(deps)),
    ...form('history/:version/now', comparePage(deps)),
    ...form('import', importPage(deps)),
    ...form('tokens', tokensPage(deps)),
    ...form('tokens/:token/end', endTokenPage(deps)),
    ...form('wording', wordingPage(deps)),
    get(`${admin}/wording/mail`, 'administrator', a.desk(wordingMail(deps))),
    ...SECTIONS.flatMap((section) => form(section, sectionPage(deps, section))),
  ];
}
