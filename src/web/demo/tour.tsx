import type { Translate } from '../../lib/i18n/translate.ts';
import { BackLink } from '../../ui/parts.tsx';

/** The steps of the tour, and the page on which each is done. */
const STEPS = [
  { code: 'book', at: '/demo' },
  { code: 'open', at: '/demo' },
  { code: 'call', at: '/demo#happens' },
  { code: 'chat', at: '/demo#happens' },
  { code: 'now', at: '/console/oac/now' },
  { code: 'figures', at: '/console/oac/figures' },
  { code: 'change', at: '/console/oac/admin' },
] as const;

/** `/demo/tour`: what to do in five minutes, in two windows. */
export function TourPage({ t }: { t: Translate }) {
  return (
    <>
      <BackLink href="/demo">{t('notices.demo.back')}</BackLink>
      <h1>{t('demo.tour')}</h1>
      <p class="lead">{t('demo.tour.lead')}</p>
      <ol class="lists">
        {STEPS.map(({ code, at }, nth) => (
          <li key={code}>
            <strong>
              {nth + 1}. {t(`demo.tour.${code}`)}
            </strong>
            <p>
              {t(`demo.tour.${code}.text`)} <a href={at}>{t('demo.tour.go')}</a>
            </p>
          </li>
        ))}
      </ol>
    </>
  );
}
