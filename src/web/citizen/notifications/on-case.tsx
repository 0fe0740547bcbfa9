import type { ComponentChildren } from 'preact';
import { isOutcome } from '../../../features/service/cases/service.ts';
import type { CaseEvent } from '../../../features/service/cases/types.ts';
import type { CaseNotification } from '../../../features/service/notifications/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import type { CaseVisit } from '../visit.tsx';
import { AtEnotum } from './elsewhere.tsx';
import { oneAt } from './urls.ts';

/** What the page of a case tells that its decision changes. */
export interface Told {
  /** What its state means; null: nothing is told of it. */
  lead: string | null;
  /** Whether its state is named. */
  hasState: boolean;
  events: readonly CaseEvent[];
}

/**
 * Returns what the page of a case may tell: before its notification counts, nothing of how it was decided (docs/adr/0098). Null: it has no
 * notification.
 */
export const toldOf = (all: Told, notification: Pick<CaseNotification, 'isTold'> | null): Told =>
  notification === null || notification.isTold
    ? all
    : {
        lead: null,
        hasState: false,
        events: all.events.filter(
          ({ kind, data }) => kind !== 'moved' || !isOutcome(String(data.to)),
        ),
      };

/** That there is a decision: the way to its notification, for whom it is; else what is inside, or who can open it. */
export function DecisionOnCase(props: {
  visit: CaseVisit;
  notification: CaseNotification | null;
  children: ComponentChildren;
}) {
  const { visit, notification, children } = props;
  const { t, to } = visit;
  if (!notification || (notification.isTold && !notification.isTheirs)) return <>{children}</>;
  const { id, isTold, isTheirs } = notification;
  const title = t(isTold ? 'case.decision.title' : 'notification.case.title');
  if (!isTheirs)
    return (
      <section class="card stack" aria-labelledby="decided">
        <h2 id="decided">{t('notification.case.other.title')}</h2>
        <p>{othersText(notification, t)}</p>
      </section>
    );
  if (notification.via === 'enotum' && !isTold)
    return (
      <section class="card stack" aria-labelledby="decided">
        <h2 id="decided">{title}</h2>
        <AtEnotum t={t} dates={visit.dates} of={notification} page={notification.page} />
      </section>
    );
  return (
    <section class="card stack" aria-labelledby="decided">
      <h2 id="decided">{title}</h2>
      <p>{t(isTold ? 'notification.case.after' : 'notification.case.text')}</p>
      <p>
        <a href={oneAt(to, id)}>{t('notification.case.link')}</a>
      </p>
    </section>
  );
}

/** Returns who opens a notification that is not of whoever opened the case. */
function othersText({ via, organisation }: CaseNotification, t: Translate): string {
  if (via === 'enotum') return t('notification.case.other.enotum');
  return organisation === null
    ? t('notification.case.other.person')
    : t('notification.case.other.organisation', { organisation });
}
