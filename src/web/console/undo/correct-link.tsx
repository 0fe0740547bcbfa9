import { mayCorrect } from '../../../features/service/encounter/rules.ts';
import type { Encounter } from '../../../features/service/encounter/types.ts';
import type { DeskVisit } from '../visit.tsx';

/** The link to correct a closed encounter, for whoever may. */
export function CorrectLink({ visit, encounter }: { visit: DeskVisit; encounter: Encounter }) {
  if (!mayCorrect(visit.viewer, encounter)) return null;
  return (
    <p>
      <a href={`${visit.base}/appointment/${encounter.appointment}/correct`}>
        {visit.t('correct.link')}
      </a>
    </p>
  );
}
