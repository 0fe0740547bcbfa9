import { get, post, type Route } from '../../../routes.ts';
import { receiptRoutes } from '../../receipt/routes.ts';
import type { CitizenDeps } from '../../visit.tsx';
import type { Visits } from '../../visits.ts';
import { replyPage } from '../amending/reply.tsx';
import { decisionFile, donePage } from '../done.tsx';
import { messagesPage } from '../messages/page.tsx';
import { MESSAGES } from '../messages/part.tsx';
import { paperFile } from '../papers/file.ts';
import { withdrawPage } from './withdraw.tsx';

/** How what a citizen handed in stands, and what they do with it. `at`: the address of a case. */
export function handedInRoutes(deps: CitizenDeps, a: Visits, at: string): Route[] {
  const withdraw = withdrawPage(deps);
  const reply = replyPage(deps);
  const messages = messagesPage(deps);
  return [
    get(`${at}/done`, 'case', a.case(donePage(deps))),
    get(`${at}/decision`, 'case', a.case(decisionFile(deps))),
    get(`${at}/reply`, 'case', a.case(reply.get)),
    post(`${at}/reply`, 'case', a.case(reply.post)),
    get(`${at}/${MESSAGES}`, 'case', a.case(messages.get)),
    post(`${at}/${MESSAGES}`, 'case', a.case(messages.post)),
    ...receiptRoutes(deps, a, at),
    get(`${at}/withdraw`, 'case', a.case(withdraw.get)),
    post(`${at}/withdraw`, 'case', a.case(withdraw.post)),
    get(`${at}/download/:document`, 'case', a.case(paperFile(deps))),
  ];
}
