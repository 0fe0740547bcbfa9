import { isLive } from '../../../features/service/chat/rules.ts';
import { problem } from '../problem.tsx';
import type { CitizenDeps } from '../visit.tsx';
import type { ChatVisit } from './find.ts';
import { Lines, readShown, type Shown, standing } from './lines.tsx';

/** How often the part renews itself, in seconds. */
const RENEWS_SECONDS = 12;

/**
 * What came since the page was loaded, where no script adds it to the log: a part that renews itself, so that nothing is lost of what is being written beside
 * it, and the page counts as open.
 */
export function Fresh({ shown: { visit, chat, entries } }: { shown: Shown }) {
  const { t, to, secret, office } = visit;
  const { silentMinutes } = office.settings.chat;
  const last = entries.at(-1)?.number ?? 0;
  return (
    <noscript>
      <iframe
        src={`${to.chat(secret, 'new')}?after=${last}&from=${chat.state}`}
        title={t('chat.fresh.title')}
        class="chat-new"
      />
      {isLive(chat) ? (
        <p class="hint">{t('chat.noScript', { minutes: Math.ceil(silentMinutes / 2) })}</p>
      ) : null}
    </noscript>
  );
}

/**
 * `…/new?after=N&from=STATE`: the part with the lines after one. Once the conversation is over, or answered, the page around it has something else.
 * `still=1`: it doesn't renew itself until its person wants it to (WCAG 2.2.2).
 */
export function freshPart(deps: CitizenDeps) {
  return async (visit: ChatVisit): Promise<Response> => {
    const { c, t, to, secret } = visit;
    const asked = Number(c.req.query('after') ?? 0);
    const after = Number.isSafeInteger(asked) ? asked : 0;
    const from = c.req.query('from') ?? '';
    const shown = await readShown(deps, visit, after);
    if (!shown) return problem(visit, 'no_chat');
    const { chat, entries } = shown;
    const isSame = chat.state === from || (chat.state === 'offered' && from === 'waiting');
    // Another address each time: one that differs in its place alone would not be loaded again.
    const turn = c.req.query('turn') === '1' ? 0 : 1;
    const query = new URLSearchParams({ after: `${after}`, from, turn: `${turn}` });
    const again = `${to.chat(secret, 'new')}?${query}#end`;
    const isStill = c.req.query('still') === '1';
    const still = `${to.chat(secret, 'new')}?${query}&still=1#end`;
    const isRenewed = chat.endedAt === null && !isStill;
    return visit.show(
      {
        title: t('chat.fresh.title'),
        isPersonal: true,
        parts: 'within',
        ...(isRenewed && { refresh: { to: again, seconds: RENEWS_SECONDS } }),
      },
      <>
        <p class="standing">{standing(shown)}</p>
        {entries.length > 0 ? <Lines shown={shown} /> : <p>{t('chat.fresh.none')}</p>}
        <p id="end">{isSame ? null : <a href={to.chat(secret)}>{t('chat.fresh.whole')}</a>}</p>
        {chat.endedAt === null ? (
          <p>
            <a href={isStill ? again : still} target="_self">
              {t(isStill ? 'chat.fresh.goOn' : 'chat.fresh.still')}
            </a>
          </p>
        ) : null}
      </>,
    );
  };
}
