import { isWaiting } from '../../../../domain/notification.ts';
import { workingDaysOf } from '../../../../domain/office/calendar/working-days.ts';
import {
  appealOf,
  isInTime,
  lastDayOf,
  recordable,
  sendBy,
} from '../../../../features/service/notifications/rules.ts';
import type {
  Notification,
  OfficeNotification,
} from '../../../../features/service/notifications/types.ts';
import type { TagKind } from '../../../../ui/parts.tsx';
import { Tag } from '../../../../ui/parts.tsx';
import type { DeskVisit } from '../../visit.tsx';
import type { CaseProps } from '../case.tsx';
import { dayIn, todayIn, whenIn } from '../words.ts';
import { AtEnotum } from './elsewhere.tsx';

const KINDS: Partial<Record<Notification['state'], TagKind>> = {
  available: 'now',
  failed: 'warn',
  accepted: 'good',
  delivered: 'good',
};

/** How the notification of the decision stands, what is to be done, and its evidence. */
export function NotificationPart(props: CaseProps & { of: OfficeNotification }) {
  const { visit, at, of } = props;
  const { t } = visit;
  const { notification, notices } = of;
  const { state, reason, notifiedOn } = notification;
  return (
    <section aria-labelledby="notification">
      <h2 id="notification">{t('notification.desk.title')}</h2>
      <p>
        <Tag kind={KINDS[state] ?? 'plain'}>{t(`notification.state.${state}`)}</Tag>
      </p>
      {notifiedOn ? <p>{t('notification.on', { day: dayIn(visit, notifiedOn) })}</p> : null}
      <p class="small soft">{t(`notification.why.${reason}`)}</p>
      {isWaiting(state) ? <ToDo visit={visit} at={at} notification={notification} /> : null}
      <AtEnotum visit={visit} at={at} of={of} />
      {notification.way === 'paper' && state === 'accepted' ? (
        <p>{t('notification.desk.opened')}</p>
      ) : null}
      {recordable(notification).length > 0 ? (
        <p>
          <a href={`${at}/notification`}>{t('notification.desk.record')}</a>
        </p>
      ) : null}
      <Terms visit={visit} notification={notification} />
      {notices.map(({ channel, masked, sentAt, failedAt }, nth) => {
        const when = sentAt ?? failedAt;
        return when ? (
          <p key={nth} class="small soft">
            {t(`notification.fact.noticed.${sentAt ? 'sent' : 'failed'}.${channel}`)} {masked}{' '}
            {whenIn(visit, when)}
          </p>
        ) : null;
      })}
      <form method="post" action={`${at}/notification/evidence`}>
        <button type="submit" class="button quiet small">
          {t('notification.desk.evidence')}
        </button>
      </form>
    </section>
  );
}

/** What waits: for the person, or for the office. */
function ToDo(props: { visit: DeskVisit; at: string; notification: Notification }) {
  const { visit, at, notification } = props;
  const { t, office } = visit;
  const { way, via, state } = notification;
  if (via === 'enotum') return null;
  if (way === 'electronic') {
    const last = lastDayOf(notification, office.timeZone);
    return last ? <p>{t('notification.desk.openBy', { day: dayIn(visit, last) })}</p> : null;
  }
  const by = sendBy(notification, office.timeZone, workingDaysOf(office.settings));
  return (
    <>
      {state === 'failed' ? <p>{t('notification.desk.failed')}</p> : null}
      {state === 'available' && by ? (
        <p>{t('notification.desk.sendBy', { day: dayIn(visit, by) })}</p>
      ) : null}
      <p>
        <a href={`${at}/decision.pdf`}>{t('notification.desk.print')}</a>
      </p>
    </>
  );
}

/** Whether the office met its term, and until when there is an appeal. */
function Terms({ visit, notification }: { visit: DeskVisit; notification: Notification }) {
  const { t, office } = visit;
  const { decideBy } = notification;
  const isMet = isInTime(notification, office.timeZone, todayIn(visit));
  const appeal = appealOf(notification, workingDaysOf(office.settings));
  return (
    <>
      {isMet !== null && decideBy ? (
        <p class="small">
          {t(isMet ? 'notification.desk.inTime' : 'notification.desk.late', {
            day: dayIn(visit, decideBy),
          })}
        </p>
      ) : null}
      {appeal ? (
        <p class="small">{t('notification.desk.appeal', { day: dayIn(visit, appeal.until) })}</p>
      ) : null}
    </>
  );
}
