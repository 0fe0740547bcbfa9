/** The minutes of an hour at which people like to meet. */
const QUARTERS = [0, 15, 30, 45] as const;

interface Choice {
  /** Minutes between the chosen ones and the quarters, in all. */
  distance: number;
  minutes: readonly number[];
}

/**
 * Returns at most four minutes of an hour: all when there are no more, else the four that together lie nearest to the quarters of the
 * hour; of equally near ones, the earliest. `minutes`: 0–59, in order, each once.
 */
export function spokenMinutes(minutes: readonly number[]): readonly number[] {
  if (minutes.length <= QUARTERS.length) return minutes;
  // The best choice for the first quarter, for the first two and so on, among the minutes seen so far.
  const best: (Choice | undefined)[] = [{ distance: 0, minutes: [] }];
  for (const minute of minutes)
    for (let count = QUARTERS.length; count > 0; count--) {
      const before = best[count - 1];
      const quarter = QUARTERS[count - 1];
      if (!before || quarter === undefined) continue;
      const distance = before.distance + Math.abs(minute - quarter);
      const present = best[count];
      if (!present || distance < present.distance)
        best[count] = { distance, minutes: [...before.minutes, minute] };
    }
  return best[QUARTERS.length]?.minutes ?? minutes;
}
