import type { Dossier } from '../../../features/service/encounter/types.ts';
import { lastDayOf } from '../../../features/service/representation/rules.ts';
import type { Around } from '../../../features/service/representation/types.ts';
import { Notice } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';

interface AuthorisationsProps {
  visit: DeskVisit;
  dossier: Dossier;
  found: Around;
  /** The appointment is the viewer's, so that they may read its authorisations. */
  mayOpen: boolean;
}

/** What the card says of authorisations: by which one it was booked, for whom, whether it is still valid; and those that wait for a decision. */
export function Authorisations({ visit, dossier, found, mayOpen }: AuthorisationsProps) {
  const { t, base, dates } = visit;
  const { by, asked } = found;
  const waiting = asked.filter(({ state }) => state === 'asked').length;
  const href = `${base}/appointment/${dossier.appointment.id}/representation`;
  if (!by && (asked.length === 0 || !mayOpen)) return null;
  return (
    <div class="stack">
      {by ? (
        <p>
          {t('representation.desk.by', {
            represented: by.represented.name || t('representation.unknown'),
            other: by.represented.masked,
          })}{' '}
          <span class="small">
            {t(`representation.state.${by.state}`, { day: dates.shortDay(lastDayOf(by)) })}
          </span>
        </p>
      ) : null}
      {by && by.state !== 'valid' ? (
        <Notice kind="warn">
          <p>{t('representation.desk.over')}</p>
        </Notice>
      ) : null}
      {mayOpen ? (
        <p>
          <a href={href}>
            {waiting > 0
              ? t('representation.desk.link', { count: waiting })
              : t('representation.desk.see')}
          </a>
        </p>
      ) : null}
    </div>
  );
}
