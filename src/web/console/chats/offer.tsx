import type { Chat } from '../../../features/service/chat/types.ts';
import { LANGUAGE_NAMES } from '../../../lib/i18n/languages.ts';
import { Key } from '../key.tsx';
import { type ChatReader, chatsBase, lastsIn, personName, topicName } from './words.ts';

/** A conversation that is offered to the desk, with its time to take it. The `console` island counts down. `back`: where a “not now” returns to. */
export function Offer({
  visit,
  offer,
  back,
}: {
  visit: ChatReader;
  offer: Chat;
  back?: string | undefined;
}) {
  const { t, office, now } = visit;
  const at = `${chatsBase(visit)}/${offer.id}`;
  const seconds = offer.offeredUntil
    ? Math.max(0, Math.ceil(offer.offeredUntil.since(now).total('seconds')))
    : 0;
  return (
    <section class="asked chat-offer" aria-label={t('chatDesk.offer')}>
      <div>
        <p>
          <strong>{t('chatDesk.offer')}</strong> {topicName(t, office, offer.topic)} ·{' '}
          <span lang={offer.language}>{LANGUAGE_NAMES[offer.language]}</span>
        </p>
        <p class="small soft">
          {personName(t, offer)} · {t('chatDesk.waits', { span: lastsIn(visit, offer.place) })} ·{' '}
          <a href={at}>{t('chatDesk.offer.read')}</a>
        </p>
      </div>
      <div class="row">
        <form method="post" action={`${at}/take`}>
          <button type="submit" class="button" data-action="takeChat">
            {t('chatDesk.take')} <Key action="takeChat" />
          </button>
        </form>
        <form method="post" action={`${at}/decline`} data-offer="decline">
          {back ? <input type="hidden" name="back" value={back} /> : null}
          <button type="submit" class="button quiet" data-action="declineChat">
            {t('chatDesk.decline')} <Key action="declineChat" />
          </button>
        </form>
        <span class="small soft figures" data-seconds={seconds} aria-hidden="true">
          {t('chatDesk.seconds', { seconds })}
        </span>
      </div>
    </section>
  );
}
