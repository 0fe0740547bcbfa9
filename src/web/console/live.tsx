import type { DeskVisit } from './visit.tsx';

interface LiveProps {
  visit: DeskVisit;
  /** The newest event when the page was read: later ones come over the stream. */
  after: number;
  current?: string;
}

/**
 * The place where the `console` island announces events, with its texts; without the island it stays empty.
 */
export function Live({ visit, after, current }: LiveProps) {
  const { t, base, office, viewer } = visit;
  return (
    <p
      id="live"
      class="hide"
      role="status"
      data-stream={`${base}/stream`}
      data-after={after}
      data-share={`${office.code} ${viewer.staff} ${t.language}`}
      data-today={visit.now.toZonedDateTimeISO(office.timeZone).toPlainDate().toString()}
      data-current={current}
      data-here={current && `${base}/appointment/${current}`}
      data-many={t('live.many', { count: '#' })}
      data-changed={t('live.changed')}
      data-see={t('live.see')}
      data-lost={t('live.lost')}
      data-back={t('live.back')}
      data-ended={t('live.ended')}
      data-sign-in={t('staff.signIn.title')}
    />
  );
}
