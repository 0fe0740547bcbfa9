import type { OwnNotification } from '../../../features/service/notifications/types.ts';
import type { PersonViewer } from '../../../lib/viewer.ts';
import type { PersonVisit } from '../visit.tsx';

/** Returns whoever looks at notifications, with the valid authorisation by which they act in this browser. */
export const openerIn = ({ viewer, acting }: PersonVisit): PersonViewer => ({
  ...viewer,
  ...(acting?.isValid && { actsFor: acting.id }),
});

/** Returns the name of the person for whom somebody opens a notification; null: it is their own, or of their organisation. */
export const openedFor = (
  { viewer, acting, t }: PersonVisit,
  { person, organisation }: Pick<OwnNotification, 'person' | 'organisation'>,
): string | null =>
  organisation === null && person !== viewer.person && acting
    ? acting.name || t('representation.somebody')
    : null;
