import type { Persona } from '../../domain/demo-people.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Button } from '../../ui/buttons.tsx';
import { BackLink } from '../../ui/parts.tsx';

/** The steps of the tour: each is done on a page, or begins with coming in as somebody. */
const STEPS = [
  { code: 'book', who: 'citizen' },
  { code: 'open', who: 'marta' },
  { code: 'call', at: '/demo#happens' },
  { code: 'chat', at: '/demo#happens' },
  { code: 'now', who: 'nuria' },
  { code: 'figures', at: '/console/oac/figures' },
  { code: 'change', who: 'albert' },
] as const satisfies readonly ({ code: string } & ({ at: string } | { who: Persona['code'] }))[];

/** `/demo/tour`: what to do in five minutes, in two windows. */
export function TourPage({ t }: { t: Translate }) {
  return (
    <>
      <BackLink href="/demo">{t('notices.demo.back')}</BackLink>
      <h1>{t('demo.tour')}</h1>
      <p class="lead">{t('demo.tour.lead')}</p>
      <ol class="lists">
        {STEPS.map((step, nth) => (
          <li key={step.code}>
            <strong>
              {nth + 1}. {t(`demo.tour.${step.code}`)}
            </strong>
            <p>
              {t(`demo.tour.${step.code}.text`)}{' '}
              {'at' in step ? <a href={step.at}>{t('demo.tour.go')}</a> : null}
            </p>
            {'who' in step ? (
              <form action="/demo/enter" method="post">
                <Button kind="quiet" name="who" value={step.who}>
                  {t(`demo.who.${step.who}`)}
                </Button>
              </form>
            ) : null}
          </li>
        ))}
      </ol>
    </>
  );
}
