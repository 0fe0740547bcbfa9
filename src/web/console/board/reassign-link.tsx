import type { DeskVisit } from '../visit.tsx';

/** The way to giving an appointment to another desk, for who may. */
export function ReassignLink({ visit, id }: { visit: DeskVisit; id: string }) {
  return (
    <a href={`${visit.base}/appointment/${id}/desk`} data-action="reassign">
      {visit.t('reassign.title')}
    </a>
  );
}
