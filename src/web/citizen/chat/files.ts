import { randomUUID } from 'node:crypto';
import { MOST_FILES } from '../../../features/service/chat/rules.ts';
import { sendBytes } from '../../files/served.ts';
import { readFileForm } from '../../files/upload.ts';
import { senderIn } from '../documents/sender.ts';
import { problem } from '../problem.tsx';
import type { CitizenDeps } from '../visit.tsx';
import type { ChatVisit } from './find.ts';
import { showTalk } from './talk.tsx';

/** `…/file`: takes a file into the conversation. */
export function sendChatFile(deps: CitizenDeps) {
  return async (visit: ChatVisit): Promise<Response> => {
    const { c, t, viewer, office, to, secret } = visit;
    const megabytes = MOST_FILES.bytes / 1_000_000;
    const refuse = (why: 'none' | 'empty' | 'large' | 'many' | 'busy' | 'over') =>
      showTalk(deps, visit, { fileError: t(`chat.file.wrong.${why}`, { megabytes }) });
    using read = await readFileForm(c, MOST_FILES.bytes, senderIn(deps, visit));
    if (!read.ok) return refuse(read.reason === 'busy' ? 'busy' : 'large');
    const [file] = read.form.files;
    if (!file) return refuse('none');
    const sent = { key: read.form.text('key') || randomUUID(), ...file };
    const done = await deps.chatFiles.send(viewer, office, viewer.chat, sent);
    if (done.ok) return visit.redirect(`${to.chat(secret)}#last`);
    return done.reason === 'not_found' ? problem(visit, 'no_chat') : refuse(done.reason);
  };
}

/** `…/file/{id}`: a file of the conversation, as a download. */
export function chatFile(deps: CitizenDeps) {
  return async (visit: ChatVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const id = c.req.param('file') ?? '';
    const opened = await deps.chatFiles.open(viewer, office, viewer.chat, id);
    return opened ? sendBytes(c, opened) : problem(visit, 'not_found');
  };
}
