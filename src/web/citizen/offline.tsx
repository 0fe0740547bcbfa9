import { ReachUs } from './about/reach.tsx';
import type { CitizenDeps, Visit } from './visit.tsx';

/** An address that is empty, which is the address of the page that was wanted, whichever it was; spaces around it don't count. */
const HERE = ' ';

/**
 * `/{language}/offline`: what a browser shows in the place of any page when there is no connection; it keeps it beforehand. There
 * is nothing of anybody's on it.
 */
export function offlinePage({ offices }: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { t, town } = visit;
    const all = await offices.list();
    return visit.show(
      { title: t('offline.title'), isPassing: true },
      <>
        <h1>{t('offline.title')}</h1>
        <p class="lead">{t('offline.text')}</p>
        <p>
          <a href={HERE}>{t('offline.again')}</a>
        </p>
        <section class="stack" aria-labelledby="reach">
          <h2 id="reach">{t('reach.title')}</h2>
          <ReachUs t={t} town={town} offices={all} />
        </section>
      </>,
    );
  };
}
