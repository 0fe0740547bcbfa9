import type { Cursor } from '../../features/booking/appointments/views.ts';
import { nearInstant } from '../../lib/calendar/near.ts';
import { isUuid } from '../../lib/uuid.ts';

/** Returns the position in a list in an opaque form. */
export const writeCursor = (after: { start: Temporal.Instant; id: string }): string =>
  Buffer.from(`${after.start.epochMilliseconds} ${after.id}`).toString('base64url');

/** Returns the position of a cursor; null when it isn't valid. */
export function readCursor(text: string): Cursor | null {
  const [, at, id] = /^(-?\d{1,14}) (\S+)$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (!at || !id || !isUuid(id)) return null;
  const start = Temporal.Instant.fromEpochMilliseconds(Number(at)).toString();
  return nearInstant(start) && { start, id };
}
