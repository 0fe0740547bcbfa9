import type { Dossier } from '../../../features/service/encounter/types.ts';
import { Key } from '../key.tsx';
import type { DeskVisit } from '../visit.tsx';

/** The last step in words, with the button that takes it back; nothing once it is too late. */
export function UndoBar({ visit, dossier }: { visit: DeskVisit; dossier: Dossier }) {
  const { t, base } = visit;
  const { undo, appointment } = dossier;
  if (!undo) return null;
  return (
    <form method="post" action={`${base}/appointment/${appointment.id}/undo`} class="undo small">
      <input type="hidden" name="step" value={undo.step} />
      <p>{stepIn(visit, dossier)}</p>
      <button type="submit" class="button quiet small" data-action="undo">
        {t(`undo.${undo.step}.button`)} <Key action="undo" />
      </button>
    </form>
  );
}

function stepIn({ t, dates }: DeskVisit, { undo, attempts }: Dossier): string {
  switch (undo?.step) {
    case 'attempt': {
      const last = attempts.at(-1);
      return last
        ? t('undo.attempt.text', {
            time: dates.time(last.at),
            outcome: t(`staff.outcome.${last.outcome}`),
          })
        : '';
    }
    case 'begin':
      return t('undo.begin.text', { until: dates.time(undo.until) });
    case 'cancelled':
      return t('undo.cancelled.text');
    default:
      return t('undo.given_up.text');
  }
}
