import { TextInput } from '../../../ui/forms.tsx';
import { ErrorSummary } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import type { TypedBooking, Wrong } from './book.tsx';
import { First } from './form.tsx';
import type { Unread } from './known.tsx';

/** The beginning: the number of whoever calls. Without a number, the subject. */
export function showStart(
  visit: DeskVisit,
  typed: TypedBooking,
  unread: Unread | null,
  wrong?: Wrong,
): Response {
  const { t, base } = visit;
  const title = t('desk.book.title');
  const problems = unread ? [{ href: '#phone', text: unread.problem }] : (wrong?.problems ?? []);
  return visit.show(
    {
      title,
      hasErrors: problems.length > 0,
      ...(problems.length > 0 && { status: 422 }),
    },
    <>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{title}</h1>
      <form action={`${base}/book`} class="form" novalidate>
        <TextInput
          name="phone"
          type="tel"
          label={t('freeNow.book.number')}
          hint={t('freeNow.book.numberHint')}
          value={unread?.typed ?? ''}
          error={unread?.problem}
          autocomplete="off"
          inputMode="tel"
          autofocus={problems.length === 0}
        />
        <p>
          <button type="submit" class="button">
            {t('freeNow.book.go')}
          </button>
        </p>
      </form>
      <p>
        <a href={`${base}/serve`}>{t('unbooked.title')}</a>
      </p>
      <details class="more" open={wrong !== undefined}>
        <summary>{t('freeNow.book.without')}</summary>
        <First visit={visit} typed={typed} error={wrong?.procedure} />
      </details>
    </>,
  );
}
