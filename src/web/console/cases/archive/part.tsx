import type { Keeping } from '../../../../features/service/cases/service.ts';
import type { CaseProps } from '../case.tsx';
import { actorIn, dayIn, whenIn } from '../words.ts';

/** How long a case is kept, and who keeps it longer. */
export function KeepingPart({ visit, names, at, of }: CaseProps & { of: Keeping }) {
  const { t } = visit;
  const { until, isForGood, held, mayHold } = of;
  return (
    <section class="stack" aria-labelledby="keeping">
      <h2 id="keeping">{t('archive.title.case')}</h2>
      <p>
        {isForGood
          ? t('archive.forGood')
          : until
            ? t('archive.until', { day: dayIn(visit, until) })
            : t('archive.open')}
      </p>
      {held ? (
        <p>
          {t('archive.held', { who: actorIn(visit, names, held.by), when: whenIn(visit, held.at) })}
          {held.reason ? <span class="said"> {held.reason}</span> : null}
        </p>
      ) : null}
      {mayHold && !isForGood ? (
        <p>
          <a href={`${at}/hold`}>{t(held ? 'archive.letGo' : 'archive.hold')}</a>
        </p>
      ) : null}
    </section>
  );
}
