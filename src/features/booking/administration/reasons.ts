import { reasonsKeptFrom } from '../../../domain/office/retention.ts';
import type { TownState } from '../../../domain/office/state.ts';

/**
 * Returns the state without reasons whose retention period has ended, by its own periods or the present ones. A file that still has
 * them changes nothing and restores none, even when it lengthens the period.
 */
export function withoutOldReasons(
  state: TownState,
  now: Temporal.Instant,
  inForce: TownState = state,
): TownState {
  const offices = [...state.offices].map(([code, office]) => {
    const before = inForce.offices.get(code) ?? office;
    const days = [office, before].map(({ settings }) => reasonsKeptFrom(settings, now));
    const day = days.sort().at(-1) ?? '';
    const absences = office.absences.map(({ why, ...rest }) =>
      why === undefined || rest.to < day ? rest : { ...rest, why },
    );
    return [code, { ...office, absences }] as const;
  });
  return { ...state, offices: new Map(offices) };
}
