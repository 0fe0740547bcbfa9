import type { Alert, AlertEntry, AlertPast, Moment } from './types.ts';

const MINUTE_MS = 60_000;
/** How long before an appointment it is announced. */
const SOON_MS = 5 * MINUTE_MS;
/** The time after a moment in which it is still news: browsers let the timers of a hidden tab wait for a minute. */
const FRESH_MS = 3 * MINUTE_MS;

/** The moments of an appointment, the most urgent first. */
const MOMENTS = ['due', 'arrived', 'soon'] as const satisfies readonly Moment[];

function isMoment(moment: Moment, { dueAt, arrivedAt }: AlertEntry, now: number): boolean {
  const isFresh = (at: number) => at <= now && now < at + FRESH_MS;
  switch (moment) {
    case 'due':
      return isFresh(dueAt);
    case 'arrived':
      return arrivedAt !== null && isFresh(arrivedAt);
    case 'soon':
      return dueAt - SOON_MS <= now && now < dueAt;
  }
}

/** An arrival or an hour is alerted once; after another one, such as that of the next attempt, again. */
const keyOf = (moment: Moment, { id, dueAt, arrivedAt }: AlertEntry): string =>
  `${id} ${moment} ${moment === 'arrived' ? arrivedAt : dueAt}`;

/** Returns the key of an arrival that the viewer marked in person, which they needn't hear of. */
export const ownArrival = (id: string): string => `${id} own`;

/**
 * Returns what is to be alerted at `now` (milliseconds since 1970), the most urgent moment of each appointment, and the keys to remember,
 * so that nothing is alerted twice. What is in view counts as alerted.
 */
export function dueAlerts(
  entries: readonly AlertEntry[],
  now: number,
  { known, inView }: AlertPast,
): { alerts: Alert[]; keys: string[] } {
  const keys: string[] = [];
  const alerts: Alert[] = [];
  for (const entry of entries) {
    const fresh = MOMENTS.filter(
      (each) => isMoment(each, entry, now) && !known.has(keyOf(each, entry)),
    );
    keys.push(...fresh.map((each) => keyOf(each, entry)));
    const [moment] = fresh.filter((each) => each !== 'arrived' || !known.has(ownArrival(entry.id)));
    if (moment && entry.id !== inView) alerts.push({ entry, moment });
  }
  return { alerts, keys };
}

/** Returns what precedes the title of a tab: how many wait or are to be called, and the first of them; '' when nobody is. */
export function titleOf(entries: readonly AlertEntry[], now: number): string {
  const waiting = entries.filter(
    ({ arrivedAt, dueAt, comes }) => arrivedAt !== null || (!comes && dueAt <= now),
  );
  const [first] = waiting;
  if (!first) return '';
  const words = first.arrivedAt === null ? first.tab.due : first.tab.waiting;
  return words && `(${waiting.length}) ${words} – `;
}
