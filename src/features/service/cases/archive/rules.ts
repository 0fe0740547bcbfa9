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
