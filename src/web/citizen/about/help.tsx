import type { Translate } from '../../../lib/i18n/translate.ts';
import { GuideLink } from '../guide.tsx';
import type { CitizenDeps, Visit } from '../visit.tsx';
import { ReachUs } from './reach.tsx';

const KEYS = ['tab', 'enter', 'space', 'arrows'] as const;

/** `/{language}/help`: keyboard and assistive technology, and service without any website. */
export function helpPage({ offices, assets }: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { t, town, to } = visit;
    const all = await offices.list();
    return visit.show(
      { title: t('help.title') },
      <>
        <h1>{t('help.title')}</h1>
        <p class="lead">{t('help.lead')}</p>
        <section class="stack" aria-labelledby="no-web">
          <h2 id="no-web">{t('help.noweb.title')}</h2>
          <p>{t('help.noweb.text')}</p>
          <ReachUs t={t} town={town} offices={all} />
        </section>
        {(['someone', 'time', 'sign', 'hear', 'reader', 'zoom'] as const).map((each) => (
          <section key={each} class="stack" aria-labelledby={each}>
            <h2 id={each}>{t(`help.${each}.title`)}</h2>
            <p>{t(`help.${each}.text`)}</p>
            {each === 'someone' ? <GuideLink visit={visit} assets={assets} page="help" /> : null}
          </section>
        ))}
        <Keys t={t} />
        <p>
          {t('help.barrier')}{' '}
          <a href={to.about('accessibility')}>{t('accessibility.tell.title')}</a>
        </p>
      </>,
    );
  };
}

function Keys({ t }: { t: Translate }) {
  return (
    <section class="stack" aria-labelledby="keys">
      <h2 id="keys">{t('help.keys.title')}</h2>
      <dl class="summary">
        {KEYS.map((each) => (
          <div key={each}>
            <dt>
              <kbd>{t(`help.keys.${each}`)}</kbd>
            </dt>
            <dd>{t(`help.keys.${each}.does`)}</dd>
          </div>
        ))}
      </dl>
      <p>{t('help.keys.skip')}</p>
    </section>
  );
}
