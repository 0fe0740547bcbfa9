import type { DeskVisit } from '../visit.tsx';

/** The link to reassign an appointment, for people who may. */
export function ReassignLink({ visit, id }: { visit: DeskVisit; id: string }) {
  return (
    <a href={`${visit.base}/appointment/${id}/desk`} data-action="reassign">
      {visit.t('reassign.title')}
    </a>
  );
}
