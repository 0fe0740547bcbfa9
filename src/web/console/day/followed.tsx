import { isUuid } from '../../../lib/uuid.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';

/**
 * Says that the follow-up of the closed encounter is booked; it takes the focus, so that screen readers
 * read it first.
 */
export function SayFollowed({ visit }: { visit: DeskVisit }) {
  const { t, c, base } = visit;
  const id = c.req.query('followed') ?? '';
  if (!isUuid(id)) return null;
  return (
    <div class="over" role="status" id="done" tabIndex={-1} autofocus>
      <Notice kind="good">
        <p>
          <strong>{t('attending.follow.done')}</strong>
        </p>
        <p>
          <ButtonLink kind="quiet" href={`${base}/appointment/${id}`}>
            {t('attending.follow.see')}
          </ButtonLink>
        </p>
      </Notice>
    </div>
  );
}
