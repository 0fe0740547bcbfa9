import type { Departure } from '../../../features/foundation/identification/types.ts';
import { type Texts, textIn } from '../../../lib/i18n/languages.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import type { Visit } from '../visit.tsx';

interface Departing {
  cookies: readonly string[];
  /** The provider's. */
  name: Texts;
  /** Where a wallet's answer is posted. */
  answerUrl: string;
  /** The page where another provider can be chosen; null: there is nothing to choose. */
  choice: string | null;
  /** Whether the browser goes there to end the session at the provider too. */
  isLeaving?: boolean;
}

/**
 * Sends the browser to a provider, by a page of ours: the provider may lead on to other hosts, and a form that leads there by redirects
 * would be stopped by our own `form-action`. Without JavaScript there is a link or a button.
 */
export function depart(
  visit: Visit,
  departure: Departure,
  { cookies, name, answerUrl, choice, isLeaving = false }: Departing,
): Response {
  const { t, c } = visit;
  for (const each of cookies) c.header('Set-Cookie', each, { append: true });
  const title = t(isLeaving ? 'identify.outgoing.title' : 'identify.going.title', {
    provider: textIn(name, visit.language),
  });
  const text = t(isLeaving ? 'identify.outgoing.text' : 'identify.going.text');
  const page = { title, isPersonal: true } as const;
  if (departure.kind === 'redirect')
    return visit.show(
      { ...page, refresh: departure.url },
      <>
        <h1>{title}</h1>
        <p class="lead">{text}</p>
        <p>
          <ButtonLink href={departure.url}>{t('identify.going.button')}</ButtonLink>
        </p>
      </>,
    );
  if (departure.kind === 'post')
    return visit.show(
      { ...page, islands: ['departure'], formTo: [new URL(departure.url).origin, 'https:'] },
      <>
        <h1>{title}</h1>
        <p class="lead">{text}</p>
        <form class="form" action={departure.url} method="post" data-departure>
          {Object.entries(departure.fields).map(([key, value]) => (
            <input key={key} type="hidden" name={key} value={value} />
          ))}
          <Button>{t('identify.going.button')}</Button>
        </form>
      </>,
    );
  return walletPage(visit, departure, { title, answerUrl, choice });
}

/** The page that opens a wallet, by a link, or where the browser can, by the browser. */
function walletPage(
  visit: Visit,
  departure: Extract<Departure, { kind: 'wallet' }>,
  { title, answerUrl, choice }: { title: string } & Pick<Departing, 'answerUrl' | 'choice'>,
): Response {
  const { t } = visit;
  return visit.show(
    { title, isPersonal: true, islands: ['wallet'] },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('identify.wallet.text')}</p>
      <p
        role="status"
        data-wallet-status
        data-waiting={t('identify.wallet.waiting')}
        data-cancelled={t('identify.wallet.cancelled')}
        data-failed={t('identify.wallet.failed')}
      />
      <p data-wallet-link>
        <ButtonLink href={departure.link}>{t('identify.wallet.button')}</ButtonLink>
      </p>
      {departure.request ? (
        <form
          action={answerUrl}
          method="post"
          data-wallet={JSON.stringify(departure.request)}
          hidden
        >
          <Button kind="quiet">{t('identify.wallet.browser')}</Button>
        </form>
      ) : null}
      <p class="soft">{t('identify.wallet.same')}</p>
      {choice === null ? null : (
        <p>
          <a href={choice}>{t('identify.wallet.other')}</a>
        </p>
      )}
    </>,
  );
}
