import { isCalled } from '../domain/channel.ts';
import type { Millis, PlannedAppointment, PlannedAttempt } from './history/types.ts';

/** What somebody does at a moment of the day, of those who only exist in the demo. */
export interface Deed {
  at: Millis;
  of: PlannedAppointment;
  does: 'arrives' | 'calls' | 'starts' | 'ends' | 'misses' | 'cancels' | 'answers';
  attempt?: PlannedAttempt;
}

/** Names a deed: it is done once. */
export const nameOf = ({ of, does, attempt }: Deed): string =>
  `${of.id} ${does} ${attempt?.number ?? ''}`;

/** Returns all that is done about the appointments of a day, in the order in which it is done. */
export function deedsOf(planned: readonly PlannedAppointment[]): Deed[] {
  return planned.flatMap(deedsOfOne).toSorted((a, b) => a.at - b.at);
}

function deedsOfOne(of: PlannedAppointment): Deed[] {
  const { attempts, encounter, missed, cancelled, arrived, channel } = of;
  if (cancelled) return [{ at: cancelled.at, of, does: 'cancels' }];
  const deeds: Deed[] = attempts.map((attempt) => ({ at: attempt.at, of, does: 'calls', attempt }));
  if (arrived !== null) deeds.push({ at: arrived, of, does: 'arrives' });
  // A call that is not answered ends by itself.
  if (missed !== null && !isCalled(channel)) deeds.push({ at: missed, of, does: 'misses' });
  if (!encounter) return deeds;
  if (!isCalled(channel)) deeds.push({ at: encounter.started, of, does: 'starts' });
  deeds.push({ at: encounter.ended, of, does: 'ends' });
  if (encounter.answer) deeds.push({ at: encounter.answer.at, of, does: 'answers' });
  return deeds;
}
