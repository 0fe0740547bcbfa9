import type { Notification } from '../../../features/service/notifications/types.ts';
import type { Dates } from '../../../lib/i18n/dates.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { waitingText } from './words.ts';

/** That a notification waits at e-NOTUM, until which day, and the way there; or that it was stopped there, and comes again. `page`: see `Elsewhere.place`. */
export function AtEnotum(props: {
  t: Translate;
  dates: Dates;
  of: Pick<Notification, 'state' | 'via' | 'depositedAt' | 'stopped'>;
  page: string | null;
}) {
  const { t, dates, of, page } = props;
  return (
    <>
      <p class="lead">{waitingText({ ...of, expiresAt: null }, t, dates)}</p>
      {of.stopped ? null : <p>{t('notification.enotum.text')}</p>}
      {page && !of.stopped ? (
        <p>
          <ButtonLink href={page}>{t('notification.enotum.link')}</ButtonLink>
        </p>
      ) : null}
    </>
  );
}
