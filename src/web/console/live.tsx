import type { DeskVisit } from './visit.tsx';

/** Where the `console` island says what happens, with the words that it needs; without the island it stays empty. */
export function Live({ visit, current }: { visit: DeskVisit; current?: string }) {
  const { t, base, body, viewer } = visit;
  return (
    <p
      id="live"
      class="hide"
      role="status"
      data-stream={`${base}/stream`}
      data-share={`${body.code} ${viewer.staff} ${t.language}`}
      data-today={visit.now.toZonedDateTimeISO(body.timeZone).toPlainDate().toString()}
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
