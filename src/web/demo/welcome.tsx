import { PERSONAS } from '../../domain/demo-people.ts';
import type { Dates } from '../../lib/i18n/dates.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Button } from '../../ui/buttons.tsx';
import { Notice } from '../../ui/parts.tsx';
import { type DemoLife, LEAPS, SCENARIOS, type Scenario } from './types.ts';

export interface WelcomeProps {
  t: Translate;
  dates: Dates;
  now: Temporal.Instant;
  life: DemoLife;
  /** What just happened, and what could not; null: nothing. */
  played: Scenario | null;
  unplayed: Scenario | null;
}

/** What a stranger sees first: when it is, as whom they can come in, and what they can let happen. */
export function Welcome({ t, dates, now, life, played, unplayed }: WelcomeProps) {
  return (
    <>
      <h1>{t('demo.title')}</h1>
      <p class="lead">{t('demo.lead')}</p>
      <p>
        <strong>{t('demo.now', { day: dates.day(now), time: dates.time(now) })}</strong>{' '}
        {life.isAhead() && !life.isClosed() ? t('demo.ahead') : null}
      </p>
      {life.isPassing() ? <Notice kind="plain">{t('demo.passing')}</Notice> : null}
      {life.isClosed() && !life.isPassing() ? (
        <Notice kind="plain">{t('demo.closed')}</Notice>
      ) : null}
      <Past t={t} life={life} />
      <p>
        <a href="/demo/tour">{t('demo.tour')}</a>
      </p>
      <h2>{t('demo.enter')}</h2>
      <p>{t('demo.enter.note')}</p>
      <form action="/demo/enter" method="post">
        <ul class="lists personas">
          {PERSONAS.map(({ code }) => (
            <li key={code}>
              <Button kind="quiet" name="who" value={code}>
                {t(`demo.who.${code}`)}
              </Button>
              <p>{t(`demo.does.${code}`)}</p>
            </li>
          ))}
        </ul>
      </form>
      <h2>{t('demo.clock')}</h2>
      <p>{t('demo.clock.note')}</p>
      <form action="/demo/clock" method="post" class="row">
        {LEAPS.map((leap) => (
          <Button key={leap} kind="quiet" name="by" value={leap}>
            {t(`demo.clock.${leap}`)}
          </Button>
        ))}
      </form>
      <h2 id="happens">{t('demo.happens')}</h2>
      {played ? <Notice kind="good">{t(`demo.played.${played}`)}</Notice> : null}
      {unplayed ? <Notice kind="warn">{t('demo.unplayed')}</Notice> : null}
      <form action="/demo/play" method="post">
        <ul class="lists personas">
          {SCENARIOS.map((each) => (
            <li key={each}>
              <Button kind="quiet" name="what" value={each}>
                {t(`demo.play.${each}`)}
              </Button>
            </li>
          ))}
        </ul>
      </form>
    </>
  );
}

function Past({ t, life }: Pick<WelcomeProps, 't' | 'life'>) {
  const { done, of, state } = life.progress();
  if (state === 'done') return <p>{t('demo.past.done')}</p>;
  return (
    <Notice kind={state === 'failed' ? 'warn' : 'plain'}>
      {t(`demo.past.${state}`, { done, of })}
    </Notice>
  );
}
