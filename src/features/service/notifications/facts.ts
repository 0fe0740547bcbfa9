import type { Dates } from '../../../lib/i18n/dates.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import type { CaseEvent } from '../cases/types.ts';

const CHANNELS = ['email', 'sms'] as const;
const RECORDED = ['delivered', 'refused', 'failed', 'published'] as const;

/** Returns what happened to a case that its notification is about, in its order. */
export const factsIn = (events: readonly CaseEvent[]): CaseEvent[] =>
  events.filter(({ kind }) => kind.startsWith('notification_'));

/** Returns a local day in words. */
export const dayText = (dates: Dates, day: Temporal.PlainDate): string =>
  dates.longDay(day.toZonedDateTime({ timeZone: dates.timeZone, plainTime: '12:00' }).toInstant());

/** Returns a fact of a notification in words; empty: it is about something else. */
export function factText({ kind, data }: CaseEvent, t: Translate, dates: Dates): string {
  const day = (of: unknown) => dayText(dates, Temporal.PlainDate.from(String(of)));
  const hour = (of: unknown) => {
    const at = Temporal.PlainDateTime.from(String(of)).toZonedDateTime(dates.timeZone).toInstant();
    return `${dates.shortDay(at)}, ${dates.time(at)}`;
  };
  switch (kind) {
    case 'notification_made':
      if (data.via === 'enotum') return t('notification.fact.made.enotum');
      return data.until
        ? t('notification.fact.made.electronic', { day: day(data.until) })
        : t('notification.fact.made.paper');
    case 'notification_noticed': {
      const channel = CHANNELS.find((each) => each === data.channel) ?? 'email';
      return t(
        `notification.fact.noticed.${data.result === 'sent' ? 'sent' : 'failed'}.${channel}`,
      );
    }
    case 'notification_handed':
      return t('notification.fact.handed', { number: String(data.number) });
    case 'notification_deposited':
      return t('notification.fact.deposited', { day: day(data.until) });
    case 'notification_stopped':
      return t(
        data.state === 'cancelled'
          ? 'notification.fact.stopped.cancelled'
          : 'notification.fact.stopped.failed',
        { number: String(data.number) },
      );
    case 'notification_again':
      return t('notification.fact.again');
    case 'notification_taken_back':
      return data.here === 'failed' || data.here === 'cancelled'
        ? t('notification.fact.takenBack.stopped', { day: day(data.until) })
        : t('notification.fact.takenBack', { day: day(data.until) });
    case 'notification_accepted':
      return data.via === 'enotum'
        ? t('notification.fact.accepted.enotum', { day: day(data.on) })
        : t(data.authorisation ? 'notification.fact.accepted.for' : 'notification.fact.accepted');
    case 'notification_rejected':
      return data.via === 'enotum'
        ? t('notification.fact.rejected.enotum', { day: day(data.on) })
        : t(data.authorisation ? 'notification.fact.rejected.for' : 'notification.fact.rejected');
    case 'notification_expired':
      return t('notification.fact.expired', { day: day(data.on) });
    case 'notification_recorded': {
      const result = RECORDED.find((each) => each === data.result) ?? 'delivered';
      return result === 'failed'
        ? t('notification.fact.recorded.failed', {
            first: hour(data.first),
            second: hour(data.second),
          })
        : t(`notification.fact.recorded.${result}`, { day: day(data.on) });
    }
    default:
      return '';
  }
}
