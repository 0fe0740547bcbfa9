import type { Context } from './context.ts';

/** What was wrapped anew. */
export interface WrappedAnew {
  /** Keys of offices, by the key of documents. */
  officeKeys: number;
  /** Keys of appointments, by their office's. */
  appointmentKeys: number;
  /** Secrets of authenticators, by the key of staff. */
  staffSecrets: number;
}

type Wiring = Pick<Context, 'rewrapping' | 'rotating' | 'staff'>;

/**
 * Wraps everything by the newest keys that is still under earlier ones, in small transactions, and ends the earlier keys that
 * nothing is under any more. It is done while the service serves, by the worker each minute and by `key rotate`; it can be
 * interrupted, and done twice at once.
 */
export async function wrapAnew({ rewrapping, rotating, staff }: Wiring): Promise<WrappedAnew> {
  const officeKeys = await rewrapping.rewrapOfficeKeys();
  let appointmentKeys = 0;
  for (const office of await rewrapping.officesWithOldKeys())
    appointmentKeys += await rewrapping.rewrapShelves(office);
  const staffSecrets = await staff.rewrapSecrets();
  if (officeKeys === 0 && !(await rewrapping.hasOlder())) await rotating.endUnused('documents');
  if (staffSecrets === 0) await rotating.endUnused('staff');
  return { officeKeys, appointmentKeys, staffSecrets };
}
