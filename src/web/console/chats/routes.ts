import { get, post, type Route } from '../../routes.ts';
import { type StaffDeps, staffVisits } from '../visit.tsx';
import { chatActs } from './acting.ts';
import { answersPage } from './answers.tsx';
import { endPage } from './ending.tsx';
import { chatFilePage } from './file.ts';
import { chatsHerePage } from './here-page.tsx';
import { chatsPage } from './page.tsx';

const CHATS = '/console/:office/chats';
const CHAT = `${CHATS}/:chat`;

/** Conversations in writing, as the office answers them. */
export function chatRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const chats = chatsPage(deps);
  const acts = chatActs(deps);
  const end = endPage(deps);
  return [
    get(CHATS, 'desk', a.desk(chats.all)),
    get(`${CHATS}/list`, 'desk', a.desk(chats.list)),
    get(`${CHATS}/here`, 'desk', a.desk(chatsHerePage(deps))),
    post(`${CHATS}/back`, 'desk', a.desk(acts.back)),
    get(CHAT, 'desk', a.desk(chats.one)),
    get(`${CHAT}/lines`, 'desk', a.desk(chats.lines)),
    get(`${CHAT}/answers`, 'desk', a.desk(answersPage(deps))),
    post(`${CHAT}/take`, 'desk', a.desk(acts.take)),
    post(`${CHAT}/decline`, 'desk', a.desk(acts.decline)),
    post(`${CHAT}/write`, 'desk', a.desk(acts.write)),
    post(`${CHAT}/sign`, 'desk', a.desk(acts.sign)),
    post(`${CHAT}/note`, 'desk', a.desk(acts.note)),
    post(`${CHAT}/file`, 'desk', a.desk(acts.file)),
    get(`${CHAT}/files/:file`, 'desk', a.desk(chatFilePage(deps))),
    post(`${CHAT}/hand-over`, 'desk', a.desk(acts.handOver)),
    post(`${CHAT}/move`, 'desk', a.desk(acts.move)),
    get(`${CHAT}/end`, 'desk', a.desk(end.get)),
    post(`${CHAT}/end`, 'desk', a.desk(end.post)),
    post(`${CHAT}/assign`, 'coordinator', a.desk(acts.assign)),
  ];
}
