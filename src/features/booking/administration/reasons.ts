import { reasonsKeptFrom } from '../../../domain/office/retention.ts';
import type { TownState } from '../../../domain/office/state.ts';

/**
 * The state without reasons that are destroyed by now, by its own periods or those that are in force: a file that still says them
 * changes nothing, and brings none back, not even where it lengthens the period.
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
