import type { Viewer } from '../../../../lib/viewer.ts';
import { mayGive } from '../desk/rules.ts';
import type { CaseRow } from '../types.ts';
import type { CaseMessage, MessageObstacle } from './types.ts';

/** The most characters of a message. */
export const MESSAGE_LENGTH = 4000;
/** The most messages that a person can write about a case in 24 hours. */
export const MOST_A_DAY = 20;

type Written = Pick<CaseMessage, 'side' | 'at'>;

/**
 * Returns what keeps a viewer from writing about a case that is theirs; null: nothing does. `written`: the messages so far, the oldest first. After
 * the end of a case its person answers what the office wrote last, and begins nothing.
 */
export function whyNotWriteMessage(
  viewer: Viewer,
  { assignee, closedAt }: Pick<CaseRow, 'assignee' | 'closedAt'>,
  { written, now }: { written: readonly Written[]; now: Temporal.Instant },
): MessageObstacle | null {
  if (viewer.kind === 'staff')
    return assignee === viewer.staff || mayGive(viewer) ? null : 'untaken';
  if (closedAt !== null && written.at(-1)?.side !== 'office') return 'over';
  const since = now.subtract({ hours: 24 });
  const today = written.filter(
    ({ side, at }) => side === 'person' && Temporal.Instant.compare(at, since) > 0,
  );
  return today.length >= MOST_A_DAY ? 'many' : null;
}
