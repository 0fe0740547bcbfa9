import { CHANNELS } from '../../domain/channel.ts';
import { ReachUs } from './about/reach.tsx';
import type { CitizenDeps, Visit } from './visit.tsx';

/** A space as an address: the browser trims it to an empty one, which means the page that was requested. */
const HERE = ' ';

/**
 * `/{language}/offline`: the page that a browser shows instead of any page without a connection; the
 * browser stores it in advance. It
 * has no personal data.
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
        <ul>
          {CHANNELS.map((channel) => (
            <li key={channel}>{t(`offline.${channel}`)}</li>
          ))}
        </ul>
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
