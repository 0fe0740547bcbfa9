import { sendBytes } from '../../files/served.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** `…/chats/{chat}/files/{file}`: a file of a conversation whose check found nothing, as a download. */
export function chatFilePage({ chatFiles }: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const chat = c.req.param('chat') ?? '';
    const opened = await chatFiles.open(viewer, office, chat, c.req.param('file') ?? '');
    return opened ? sendBytes(c, opened) : c.notFound();
  };
}
