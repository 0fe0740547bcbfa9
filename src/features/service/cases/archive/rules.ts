import type { Form } from '../../../../domain/form/schema.ts';
import { can } from '../../../../domain/roles.ts';
import type { Viewer } from '../../../../lib/viewer.ts';
import type { KeepingReason } from './types.ts';

/** Days ahead of which the office sees what is going to be destroyed. */
export const SOON_DAYS = 90;
/** Characters of the reason for which a case is held. */
export const HOLD_LENGTH = 300;

/** Returns the last local day on which a case that closed on a day is kept; null: it is kept for good. */
export const endOf = (
  { retention }: Pick<Form, 'retention'>,
  closed: Temporal.PlainDate,
): Temporal.PlainDate | null =>
  retention.permanent ? null : closed.add({ years: retention.closedYears });

/** Days for which a case stays after it is held no longer: a colleague may know why it must be kept. */
export const AFTER_HOLD_DAYS = 7;

/** Returns the last day on which a case is kept that is held no longer from a day on; null: it has none. */
export function endAfterHold(
  endsOn: Temporal.PlainDate | null,
  today: Temporal.PlainDate,
): Temporal.PlainDate | null {
  const last = today.add({ days: AFTER_HOLD_DAYS });
  return endsOn && Temporal.PlainDate.compare(endsOn, last) < 0 ? last : endsOn;
}

/** Returns whether somebody may keep a case longer for a legal reason, and read that reason. */
export const mayHoldCases = (viewer: Viewer): boolean =>
  viewer.kind === 'staff' && can(viewer, 'hold_documents');

/** What keeps a case beyond its last day. */
export interface Ties {
  isHeld: boolean;
  /** Its decision counts as notified on no day yet. */
  isUnnotified: boolean;
  /** A payment is not settled, or is to be given back. */
  owesFee: boolean;
}

/** Returns why a case stays though its time is over; null: nothing keeps it. */
export function whyStays({ isHeld, isUnnotified, owesFee }: Ties): KeepingReason | null {
  if (isHeld) return 'held';
  if (isUnnotified) return 'unnotified';
  return owesFee ? 'fee' : null;
}
