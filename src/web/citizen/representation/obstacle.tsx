import type { ActingObstacle } from '../../../features/service/representation/types.ts';
import { Notice } from '../../../ui/parts.tsx';
import type { JourneyVisit } from '../visit.tsx';
import { StopActing, whomIn } from './parts.tsx';

/**
 * Says why something can't be booked for the person for whom somebody acts, and how to go on: nobody books for themselves what they began for
 * somebody else without choosing to. Null: nothing stands in the way.
 */
export function obstaclePage(visit: JourneyVisit): Response | null {
  const { t, to, acting, obstacle, office, journey } = visit;
  if (!acting || !obstacle) return null;
  const name = whomIn(t, acting);
  const title = t('representation.obstacle.title', { name });
  return visit.show(
    { title, status: 409, isPersonal: true },
    <>
      <h1>{title}</h1>
      <Notice kind="warn">
        <p>{t(`representation.obstacle.${obstacle satisfies ActingObstacle}`)}</p>
      </Notice>
      {obstacle === 'later' ? (
        <p>
          <a href={to.booking(office.code, journey.id, 'time')}>{t('citizen.time.other')}</a>
        </p>
      ) : null}
      <StopActing
        visit={visit}
        text={t('representation.goOn')}
        back={to.booking(office.code, journey.id, 'details')}
      />
      <p>
        <a href={to.folder('representations')}>{t('representation.title')}</a>
      </p>
    </>,
  );
}
