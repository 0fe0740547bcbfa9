import type { Dossier } from '../../../../features/service/encounter/types.ts';
import { mayHandleRequests, takesRequests } from '../../../../features/service/requests/service.ts';
import type { DeskVisit } from '../../visit.tsx';

/** The way to write a request down for the citizen of an encounter that is under way. */
export function WriteRequestLink({ visit, dossier }: { visit: DeskVisit; dossier: Dossier }) {
  const { t, base, office, viewer } = visit;
  const { id, status } = dossier.appointment;
  if (status !== 'in_progress' || !takesRequests(office) || !mayHandleRequests(viewer)) return null;
  return (
    <p>
      <a href={`${base}/requests/new?appointment=${id}`}>{t('requestDesk.new')}</a>
    </p>
  );
}
