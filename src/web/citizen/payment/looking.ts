import type { Visit } from '../visit.tsx';

/** Seconds after which a page that waits looks again. */
const LOOK_AGAIN = 10;
/** Minutes after which it no longer does so by itself: whoever reads it slowly is not interrupted for ever (WCAG 2.2.1). */
const LOOKS_MINUTES = 3;

/** Has the browser look again, for the first minutes. `since`: when what it waits for began. */
export function lookAgain({ c, now }: Pick<Visit, 'c' | 'now'>, since: Temporal.Instant): void {
  if (since.until(now).total('minutes') < LOOKS_MINUTES) c.header('Refresh', String(LOOK_AGAIN));
}
