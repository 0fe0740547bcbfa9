import { desksFor, findSlots } from './rules.ts';
import type { EpochMinute } from './types.ts';

/** Returns what `findSlots` does, with the desks that `desksFor` names. @throws when they are not as many as it counts */
export function slotsWithDesks(
  ...[rota, policy, query, busy, now]: Parameters<typeof findSlots>
): { start: EpochMinute; end: EpochMinute; desks: number[] }[] {
  return findSlots(rota, policy, query, busy, now).map(({ start, end, capacity }) => {
    const desks = desksFor(rota, policy, query, start, busy, now);
    if (desks.length !== capacity)
      throw new Error(`At ${start} findSlots counts ${capacity}, desksFor ${desks.length} desks`);
    return { start, end, desks };
  });
}
