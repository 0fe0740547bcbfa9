import type { Cursor } from '../../features/booking/appointments/views.ts';
import { isUuid } from '../../lib/uuid.ts';

/** Where a list goes on, in a form that says nothing to who carries it. */
export const writeCursor = (after: { start: Temporal.Instant; id: string }): string =>
  Buffer.from(`${after.start.epochMilliseconds} ${after.id}`).toString('base64url');

/** The place that a cursor means; null when it isn't one of ours. */
export function readCursor(text: string): Cursor | null {
  const [, at, id] = /^(-?\d{1,14}) (\S+)$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (!at || !id || !isUuid(id)) return null;
  return { start: Temporal.Instant.fromEpochMilliseconds(Number(at)).toString(), id };
}
