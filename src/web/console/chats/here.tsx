import type { AtDesk } from '../../../features/service/chat/service.ts';
import { Key } from '../key.tsx';
import { Offer } from './offer.tsx';
import { type ChatReader, chatsBase, personName } from './words.ts';

/**
 * The conversations of the reader's desk, at the foot of every page: what is offered, and who waits for an answer. The `console` island
 * renews it. `back`: the page that a “not now” returns to.
 */
export function ChatsHere(props: { visit: ChatReader; own: AtDesk; back: string }) {
  const { visit, own, back } = props;
  const { t, base } = visit;
  const ids = [...own.talking, ...(own.offer ? [own.offer] : [])].map(({ id }) => id);
  return (
    <div
      id="chats-here"
      data-from={`${base}/chats/here`}
      data-chats={ids.join(' ')}
      data-offer={own.offer?.id ?? ''}
      data-said={own.offer ? t('chatDesk.offer') : ''}
      data-at={own.offer ? `${chatsBase(visit)}/${own.offer.id}` : ''}
    >
      <div aria-live="assertive">
        {own.offer && !back.startsWith(chatsBase(visit)) ? (
          <Offer visit={visit} offer={own.offer} back={back} />
        ) : null}
      </div>
      {own.talking.length > 0 && !back.startsWith(chatsBase(visit)) ? (
        <Talking visit={visit} own={own} />
      ) : null}
    </div>
  );
}

function Talking({ visit, own }: { visit: ChatReader; own: AtDesk }) {
  const { t } = visit;
  const first = own.talking.find((each) => each.unanswered > 0) ?? own.talking[0];
  return (
    <nav class="chats-here row small" aria-label={t('chatDesk.title')}>
      <b>{t('chatDesk.title')}</b>
      {own.talking.map((each) => (
        <a
          key={each.id}
          href={`${chatsBase(visit)}/${each.id}`}
          data-action={each === first ? 'nextChat' : undefined}
        >
          {personName(t, each)}
          {each.unanswered > 0 ? (
            <>
              {' '}
              <b class="figures" aria-hidden="true">
                ({each.unanswered})
              </b>
              <span class="hide"> {t('chatDesk.unanswered', { count: each.unanswered })}</span>
            </>
          ) : null}
          {each === first ? (
            <>
              {' '}
              <Key action="nextChat" />
            </>
          ) : null}
        </a>
      ))}
    </nav>
  );
}
