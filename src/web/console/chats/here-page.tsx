import { renderToString } from 'preact-render-to-string';
import { mayAssist } from '../../../features/service/encounter/rules.ts';
import { type DeskVisit, localPath, type StaffDeps } from '../visit.tsx';
import { ChatsHere } from './here.tsx';

/** `…/chats/here`: the region alone, for the island that renews it. `?back=`: the page that it is on. */
export function chatsHerePage({ chatWork }: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    if (!mayAssist(viewer)) return c.notFound();
    const own = await chatWork.atDesk(viewer, office);
    // Whoever has no desk is offered nothing.
    if (!own) return c.body(null, 204);
    const back = localPath(c.req.query('back') ?? '');
    c.header('Cache-Control', 'no-store');
    return c.html(renderToString(<ChatsHere visit={visit} own={own} back={back} />));
  };
}
