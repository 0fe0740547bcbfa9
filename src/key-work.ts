import type { Context } from './context.ts';

/** What was wrapped anew. */
export interface WrappedAnew {
  /** Keys of bodies, by the key of documents. */
  bodyKeys: number;
  /** Keys of appointments, by their body's. */
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
  const bodyKeys = await rewrapping.rewrapBodyKeys();
  let appointmentKeys = 0;
  for (const body of await rewrapping.bodiesWithOldKeys())
    appointmentKeys += await rewrapping.rewrapShelves(body);
  const staffSecrets = await staff.rewrapSecrets();
  if (bodyKeys === 0 && !(await rewrapping.hasOlder())) await rotating.endUnused('documents');
  if (staffSecrets === 0) await rotating.endUnused('staff');
  return { bodyKeys, appointmentKeys, staffSecrets };
}
