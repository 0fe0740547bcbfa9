import { lastDayOf } from '../../../features/service/notifications/rules.ts';
import { dayText } from '../../../features/service/notifications/service.ts';
import type { Notification } from '../../../features/service/notifications/types.ts';
import type { Dates } from '../../../lib/i18n/dates.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';

/** Returns how a notification that waits goes on: until when it can be opened and where, or how it comes on paper. */
export function waitingText(
  of: Pick<Notification, 'state' | 'via' | 'expiresAt' | 'depositedAt' | 'stopped'>,
  t: Translate,
  dates: Dates,
): string {
  const last = lastDayOf(of, dates.timeZone);
  if (of.stopped) return t('notification.enotum.stopped');
  if (of.via === 'enotum')
    return last
      ? t('notification.enotum.openBy', { day: dayText(dates, last) })
      : t('notification.enotum.soon');
  if (last) return t('notification.openBy', { day: dayText(dates, last) });
  return t(of.state === 'failed' ? 'notification.failed' : 'notification.paper');
}
