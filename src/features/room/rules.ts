import type { Appointment } from '../appointments/types.ts';

/** How long before its hour the room can be entered. */
export const OPENS_BEFORE_MINUTES = 30;
/** How long after its end somebody who wasn't attended may still wait. */
export const WAITS_AFTER_MINUTES = 120;

/** Whether a room can be entered: `early`, not yet; `over`, it isn't for a video call, or no more. */
export function roomStands(
  { channel, status, start, end }: Pick<Appointment, 'channel' | 'status' | 'start' | 'end'>,
  now: Temporal.Instant,
): 'early' | 'open' | 'over' {
  if (channel !== 'video') return 'over';
  if (status === 'in_progress') return 'open';
  if (status !== 'booked' && status !== 'arrived') return 'over';
  const opens = start.subtract({ minutes: OPENS_BEFORE_MINUTES });
  if (Temporal.Instant.compare(now, opens) < 0) return 'early';
  const closes = end.add({ minutes: WAITS_AFTER_MINUTES });
  return Temporal.Instant.compare(now, closes) < 0 ? 'open' : 'over';
}

/** Streams are touched this often while they are open. */
export const TOUCH_SECONDS = 10;
/** Who hasn't been seen for so long has left: long enough for a reload, or for a process that starts again. */
export const GONE_SECONDS = 35;
/** A stream that ended is come back to within this: a reload, or a network that changes. */
export const BACK_SECONDS = 8;
/** Signals that nobody fetched, and seats that were left, are kept so long. */
export const FORGET_MINUTES = 10;
