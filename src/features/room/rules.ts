import type { Appointment, AppointmentEvent } from '../appointments/types.ts';
import { holderOf } from '../coordination/rules.ts';

/** How long before its hour the room can be entered. */
export const OPENS_BEFORE_MINUTES = 30;
/** How long after its end somebody who wasn't attended may still wait. */
const WAITS_AFTER_MINUTES = 120;

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

type Deed = Pick<AppointmentEvent, 'kind' | 'actor'>;
const GIVES_THE_CALL: ReadonlySet<string> = new Set(['started', 'taken_over']);

/** Whose the call is for the body: whoever began the attention or took it over last, as in events; null: it hasn't begun. */
export const whoseCall = (events: readonly Deed[]): string | null =>
  events.findLast((each) => GIVES_THE_CALL.has(each.kind))?.actor ?? null;

/** Who of the body may be in the room: whose call it is, and whoever has the attention since they wrote in it. */
export const mayTalk = (events: readonly Deed[], actor: string): boolean =>
  whoseCall(events) === actor || holderOf(events)?.actor === actor;

/** Streams are touched this often while they are open. */
export const TOUCH_SECONDS = 10;
/** Who hasn't been seen for so long has left: long enough for a reload, or for a process that starts again. */
export const GONE_SECONDS = 35;
/** A stream that ended is come back to within this: a reload, or a network that changes. */
export const BACK_SECONDS = 8;
/** Signals that nobody fetched, and seats that were left, are kept so long. */
export const FORGET_MINUTES = 10;
