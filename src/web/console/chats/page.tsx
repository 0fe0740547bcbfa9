import { renderToString } from 'preact-render-to-string';
import { finishableForms } from '../../../features/service/cases/service.ts';
import type { DeskLook } from '../../../features/service/chat/service.ts';
import { Notice } from '../../../ui/parts.tsx';
import type { KeptWords } from '../cases/kept.tsx';
import { Live } from '../live.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { answersIn } from './answers.tsx';
import { Conversation, nothingTyped, type TypedWords } from './conversation.tsx';
import { ChatList } from './list.tsx';
import { Lines } from './log.tsx';
import type { ToolsProps } from './tools.tsx';
import { chatsBase, personName } from './words.ts';

/** What a page shows again that a form was sent to. */
export interface ShownAgain {
  typed?: TypedWords;
  refused?: string;
  wrong?: ToolsProps['wrong'];
  status?: 409 | 422;
  /** What was typed and has no field any more. */
  kept?: readonly KeptWords[];
}

const DONE = ['ended', 'handed', 'returned', 'declined', 'gone', 'assigned'] as const;

/** `/console/{office}/chats`: the conversations in writing of the office; `…/chats/{chat}`: one of them. */
export function chatsPage(deps: StaffDeps) {
  return {
    all: (visit: DeskVisit) => showChats(deps, visit, null),

    one: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const look = await deps.chatDesk.look(viewer, office, c.req.param('chat') ?? '');
      return look ? showChats(deps, visit, look) : c.notFound();
    },

    /** The list alone, for the island: it opens no conversation. `?chat=`: the one that is open on the page. */
    list: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const chats = await deps.chatDesk.list(viewer, office);
      if (!chats) return c.notFound();
      const own = await deps.chatWork.atDesk(viewer, office);
      const current = c.req.query('chat') || null;
      c.header('Cache-Control', 'no-store');
      return c.html(
        renderToString(<ChatList visit={visit} chats={chats} own={own} current={current} />),
      );
    },

    /** The lines after `?after=`, for the island. */
    lines: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const asked = c.req.query('after') ?? '';
      if (!/^\d{1,15}$/.test(asked)) return c.notFound();
      const id = c.req.param('chat') ?? '';
      const look = await deps.chatDesk.look(viewer, office, id, Number(asked));
      if (!look) return c.notFound();
      c.header('Cache-Control', 'no-store');
      c.header('X-Chat-State', look.chat.state);
      return c.html(
        renderToString(
          <Lines
            visit={visit}
            chat={look.chat}
            entries={look.entries}
            baseUrl={deps.config.baseUrl}
          />,
        ),
      );
    },
  };
}

/** Shows all conversations, and one of them beside what can be done with it. */
export async function showChats(
  deps: StaffDeps,
  visit: DeskVisit,
  look: DeskLook | null,
  again: ShownAgain = {},
): Promise<Response> {
  const { c, t, viewer, office } = visit;
  const after = await deps.eventFeed.newest(office.id);
  const chats = await deps.chatDesk.list(viewer, office);
  if (!chats) return c.notFound();
  const own = await deps.chatWork.atDesk(viewer, office);
  const current = look?.chat.id ?? null;
  const typed = look ? (again.typed ?? nothingTyped(look.chat)) : null;
  const done = DONE.find((each) => each === c.req.query('done'));
  const title = look ? personName(t, look.chat) : t('chatDesk.title');
  return visit.show(
    {
      title,
      layout: 'regions',
      islands: ['chats'],
      hasErrors: Boolean(again.refused ?? again.wrong),
      ...(again.status && { status: again.status }),
    },
    <>
      <ChatList visit={visit} chats={chats} own={own} current={current} />
      {look && typed ? (
        <Conversation
          visit={visit}
          look={look}
          chats={chats}
          typed={typed}
          refused={again.refused}
          wrong={again.wrong}
          kept={again.kept}
          answers={answersIn(visit, look.chat, typed.find)}
          baseUrl={deps.config.baseUrl}
          forms={await finishableForms(deps, office)}
        />
      ) : (
        <section class="region chat-talk">
          {done ? (
            <div role="status">
              <Notice kind="good">{t(`chatDesk.done.${done}`)}</Notice>
            </div>
          ) : null}
          <p class="soft">{t('chatDesk.lead')}</p>
          {own ? (
            <form method="post" action={`${chatsBase(visit)}/back`}>
              <p class="small soft">{t('chatDesk.back.text')}</p>
              <button type="submit" class="button quiet">
                {t('chatDesk.back')}
              </button>
            </form>
          ) : null}
        </section>
      )}
      <Live visit={visit} after={after} />
    </>,
  );
}
