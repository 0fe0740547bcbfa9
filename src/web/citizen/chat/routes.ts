import { get, post, type Route } from '../../routes.ts';
import type { CitizenDeps } from '../visit.tsx';
import type { Visits } from '../visits.ts';
import { endChatPage, messageInstead, surveyChatPage, transcriptFile } from './ending.tsx';
import { chatFile, sendChatFile } from './files.ts';
import { freshPart } from './fresh.tsx';
import { chatLines, chatStream, chatTyping } from './live.tsx';
import { mailPage } from './mailing.tsx';
import { startChatPage } from './start.tsx';
import { callInstead, talkPage } from './talk.tsx';

/** Conversations in writing: where they begin, and their own page. */
export function chatRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const at = '/:language/chat/:secret';
  const start = startChatPage(deps);
  const talk = talkPage(deps);
  const end = endChatPage(deps);
  const message = messageInstead(deps);
  const survey = surveyChatPage(deps);
  const mail = mailPage(deps);
  return [
    get('/:language/:office/chat', 'open', a.office(start.get)),
    post('/:language/:office/chat', 'open', a.office(start.post)),
    get(at, 'chat', a.chat(talk.get)),
    post(at, 'chat', a.chat(talk.post)),
    get(`${at}/lines`, 'chat', a.chat(chatLines(deps))),
    get(`${at}/new`, 'chat', a.chat(freshPart(deps))),
    get(`${at}/stream`, 'chat', a.chat(chatStream(deps))),
    post(`${at}/typing`, 'chat', a.chat(chatTyping(deps))),
    post(`${at}/file`, 'chat', a.chat(sendChatFile(deps))),
    get(`${at}/file/:file`, 'chat', a.chat(chatFile(deps))),
    get(`${at}/end`, 'chat', a.chat(end.get)),
    post(`${at}/end`, 'chat', a.chat(end.post)),
    get(`${at}/message`, 'chat', a.chat(message.get)),
    post(`${at}/message`, 'chat', a.chat(message.post)),
    get(`${at}/survey`, 'chat', a.chat(survey.get)),
    post(`${at}/survey`, 'chat', a.chat(survey.post)),
    get(`${at}/transcript`, 'chat', a.chat(transcriptFile(deps))),
    get(`${at}/mail`, 'chat', a.chat(mail.get)),
    post(`${at}/mail`, 'chat', a.chat(mail.post)),
    post(`${at}/call`, 'chat', a.chat(callInstead(deps))),
  ];
}
