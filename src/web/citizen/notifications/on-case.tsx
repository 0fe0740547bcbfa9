import type { ComponentChildren } from 'preact';
import { isWaiting } from '../../../domain/notification.ts';
import { isOutcome } from '../../../features/service/cases/service.ts';
import type { CaseEvent } from '../../../features/service/cases/types.ts';
import type { OwnNotification } from '../../../features/service/notifications/types.ts';
import { type CaseVisit, type CitizenDeps, personOf } from '../visit.tsx';
import { oneAt } from './urls.ts';

/** Returns the notification of a case that is the person's; null: there is none, or nobody is identified. */
export async function notificationOf(
  { notifications }: Pick<CitizenDeps, 'notifications'>,
  { session, found }: CaseVisit,
): Promise<OwnNotification | null> {
  if (!session) return null;
  const own = await notifications.own(personOf(session));
  return own.find((each) => each.case === found.id) ?? null;
}

/** Returns whether somebody was not notified yet, so that the case does not tell them what was decided. */
export const isUntold = (notification: OwnNotification | null): boolean =>
  notification !== null && isWaiting(notification.state);

/** Returns what happened to a case without what tells how it was decided. */
export const untold = (events: readonly CaseEvent[]): CaseEvent[] =>
  events.filter(({ kind, data }) => kind !== 'moved' || !isOutcome(String(data.to)));

/** That there is a decision: the way to its notification, for whom it is; for whoever has none, what is inside. */
export function DecisionOnCase(props: {
  visit: CaseVisit;
  notification: OwnNotification | null;
  children: ComponentChildren;
}) {
  const { visit, notification, children } = props;
  const { t, to } = visit;
  if (!notification) return <>{children}</>;
  const waits = isUntold(notification);
  return (
    <section class="card stack" aria-labelledby="decided">
      <h2 id="decided">{t(waits ? 'notification.case.title' : 'case.decision.title')}</h2>
      <p>{t(waits ? 'notification.case.text' : 'notification.case.after')}</p>
      <p>
        <a href={oneAt(to, notification.id)}>{t('notification.case.link')}</a>
      </p>
    </section>
  );
}
