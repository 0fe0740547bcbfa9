import { renderToString } from 'preact-render-to-string';
import { problem } from '../problem.tsx';
import type { CitizenDeps } from '../visit.tsx';
import type { ChatVisit } from './find.ts';
import { Lines, readShown, standing } from './lines.tsx';

/** `…/lines?after=N`: the lines after one, and where the conversation stands: for the island of the page. */
export function chatLines(deps: CitizenDeps) {
  return async (visit: ChatVisit): Promise<Response> => {
    const { c } = visit;
    const after = Number(c.req.query('after') ?? 0);
    const shown = await readShown(deps, visit, Number.isSafeInteger(after) ? after : 0);
    if (!shown) return problem(visit, 'no_chat');
    c.header('Cache-Control', 'no-store');
    const html = renderToString(
      <div data-state={shown.chat.state} data-last={shown.entries.at(-1)?.number ?? after}>
        <p>{standing(shown)}</p>
        <Lines shown={shown} />
      </div>,
    );
    return c.html(html) as Response;
  };
}

/** Seconds until a page tries again after too many streams. */
const LATER = '60';
/**
 * Changes of the line are told together, and to each page at a moment of its own within so long: hundreds may wait, and if all of them looked at once, the
 * lines of those who talk would wait for them.
 */
const LINE_MS = { least: 2_000, spread: 6_000 };

/** `…/stream`: tells the page that something is new, that the line moved, or that the office is writing. It says nothing of what. */
export function chatStream(deps: CitizenDeps) {
  return async ({ c, viewer, office, secret }: ChatVisit): Promise<Response> => {
    const { chat } = viewer;
    const answer = await deps.streams.open({
      of: `chat ${chat}`,
      begin: async (stream) => {
        stream.send({ event: 'hello', data: {} });
        let line: NodeJS.Timeout | undefined;
        const stop = deps.chatNews.follow({ office: office.id, chat, side: 'person' }, (what) => {
          if (what !== 'line') return stream.send({ event: what, data: {} });
          line ??= setTimeout(
            () => {
              line = undefined;
              stream.send({ event: 'line', data: {} });
            },
            LINE_MS.least + Math.random() * LINE_MS.spread,
          );
        });
        return () => {
          clearTimeout(line);
          stop();
        };
      },
      mayGoOn: async () => {
        const found = await deps.chats.bySecret(secret);
        if (found) await deps.chats.stay(viewer, office);
        return found !== null;
      },
    });
    return answer ?? c.body(null, 429, { 'Retry-After': LATER });
  };
}

/** `…/typing`: the person is writing. */
export function chatTyping(deps: CitizenDeps) {
  return async ({ c, viewer, office }: ChatVisit): Promise<Response> => {
    await deps.chats.sign(viewer, office);
    return c.body(null, 204);
  };
}
