import type { LiveBoard } from '../../../features/insight/live-board/types.ts';
import { minutesBetween } from '../../../features/service/encounter/rules.ts';
import type { DeskVisit } from '../visit.tsx';
import { spanIn } from '../words.ts';

export interface NowProps {
  visit: DeskVisit;
  board: LiveBoard;
  /** For a screen on a wall: larger, and without names. */
  isWall: boolean;
}

/** Returns a duration in words: "4 minuts", or a moment. */
export function sinceIn({ t, now }: DeskVisit, since: Temporal.Instant): string {
  const minutes = minutesBetween(since, now);
  return minutes < 1 ? t('liveBoard.moment') : spanIn(t, minutes);
}
