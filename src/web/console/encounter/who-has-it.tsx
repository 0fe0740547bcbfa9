import { holderOf } from '../../../features/service/coordination/rules.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { actorOf } from '../../../lib/viewer.ts';
import { Notice } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';

/** The agent of an encounter that isn't the reader's, and the link to take it over. */
export function WhoHasIt({ visit, dossier }: { visit: DeskVisit; dossier: Dossier }) {
  const { t, viewer, dates, base } = visit;
  const holder = holderOf(dossier.events);
  if (!holder || holder.actor === actorOf(viewer)) return null;
  const values = { who: holder.who ?? t('takeOver.somebody'), time: dates.time(holder.at) };
  return (
    <Notice kind="warn">
      <p>
        <strong>{t(`takeOver.${holder.kind === 'taken_over' ? 'took' : 'has'}`, values)}</strong>
      </p>
      <p>
        <a href={`${base}/appointment/${dossier.appointment.id}/take-over`} data-action="takeOver">
          {t('takeOver.title')}
        </a>
      </p>
    </Notice>
  );
}
