import { isWaiting } from '../../../../domain/notification.ts';
import { lastDayOf } from '../../../../features/service/notifications/rules.ts';
import { shownSigner } from '../../../../features/service/notifications/service.ts';
import type {
  Handover,
  OfficeNotification,
} from '../../../../features/service/notifications/types.ts';
import type { DeskVisit } from '../../visit.tsx';
import { dayIn, whenIn } from '../words.ts';

/** How a notification stands with e-NOTUM, what can be done, and its evidence of it. */
export function AtEnotum(props: { visit: DeskVisit; at: string; of: OfficeNotification }) {
  const { visit, at, of } = props;
  const { notification, handover } = of;
  const { t } = visit;
  const { here, via } = notification;
  return (
    <>
      {here ? <p class="small">{t(`notification.desk.here.${here}`)}</p> : null}
      {handover ? (
        <>
          {via === 'enotum' && isWaiting(notification.state) ? (
            <p>{standing(visit, of, handover)}</p>
          ) : null}
          {handover.canHandAgain ? (
            <form method="post" action={`${at}/notification/again`}>
              <p class="small soft">{t('notification.desk.enotum.again.text')}</p>
              <button type="submit" class="button quiet small">
                {t('notification.desk.enotum.again')}
              </button>
            </form>
          ) : null}
          {handover.number ? (
            <p class="small soft">
              {t('notification.desk.enotum.number', { number: handover.number })}
            </p>
          ) : null}
          {handover.signer ? (
            <p class="small">
              {t('notification.desk.enotum.signer', shownSigner(handover.signer))}
            </p>
          ) : null}
          {handover.canTakeBack ? (
            <form method="post" action={`${at}/notification/here`}>
              <p class="small soft">{t('notification.desk.enotum.take.text')}</p>
              <button type="submit" class="button quiet small">
                {t('notification.desk.enotum.take')}
              </button>
            </form>
          ) : null}
          {handover.hasEvidence ? (
            <form method="post" action={`${at}/notification/enotum`}>
              <button type="submit" class="button quiet small">
                {t('notification.desk.enotum.evidence')}
              </button>
            </form>
          ) : null}
        </>
      ) : null}
    </>
  );
}

/** Returns where a notification stands there, in words. */
function standing(
  visit: DeskVisit,
  { notification }: OfficeNotification,
  { failing, words, number, nextTryAt }: Handover,
): string {
  const { t, office } = visit;
  const { stopped } = notification;
  if (stopped)
    return t(`notification.desk.enotum.stopped.${stopped.state}`, {
      when: whenIn(visit, stopped.at),
    });
  const last = lastDayOf(notification, office.timeZone);
  if (last) return t('notification.desk.openBy', { day: dayIn(visit, last) });
  if (number !== null) return t('notification.desk.enotum.handed');
  if (failing === null || nextTryAt === null) return t('notification.desk.enotum.owed');
  const when = whenIn(visit, nextTryAt);
  return failing === 'away'
    ? t('notification.desk.enotum.away', { when })
    : t('notification.desk.enotum.refused', { words: words ?? '', when });
}
