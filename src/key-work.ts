import type { Context } from './context.ts';

/** The numbers of keys that were wrapped again. */
export interface WrappedAnew {
  /** Keys of offices, with the key of documents. */
  officeKeys: number;
  /** Keys of appointments, with their office's. */
  appointmentKeys: number;
  /** Secrets of authenticators, with the key of staff. */
  staffSecrets: number;
  /** Passwords of connected calendars, with the key of calendars. */
  calendarPasswords: number;
  /** Keys of identified people, with the key of people. */
  personKeys: number;
  /** NIFs of members of staff, with the same key. */
  staffIdentifiers: number;
  /** The key of the list of residents, with the same key. */
  residentLists: number;
}

type Wiring = Pick<
  Context,
  | 'rewrapping'
  | 'rotating'
  | 'staff'
  | 'calendarConnections'
  | 'identification'
  | 'staffIdentifiers'
  | 'residents'
>;

/**
 * Wraps everything that is under earlier keys with the newest ones, in small transactions, and ends earlier keys that are no longer used.
 * The worker runs it each minute, and `key rotate` does, while the service runs. It can be interrupted, and run twice at once.
 */
export async function wrapAnew(wiring: Wiring): Promise<WrappedAnew> {
  const { rewrapping, rotating, staff, calendarConnections, identification } = wiring;
  const officeKeys = await rewrapping.rewrapOfficeKeys();
  let appointmentKeys = 0;
  for (const office of await rewrapping.officesWithOldKeys())
    appointmentKeys += await rewrapping.rewrapShelves(office);
  const staffSecrets = await staff.rewrapSecrets();
  if (officeKeys === 0 && !(await rewrapping.hasOlder())) await rotating.endUnused('documents');
  if (staffSecrets === 0) await rotating.endUnused('staff');
  const calendarPasswords = await calendarConnections.reseal();
  if (calendarPasswords === 0) await rotating.endUnused('calendars');
  const personKeys = await identification.rewrap();
  const staffIdentifiers = await wiring.staffIdentifiers.rewrap();
  const residentLists = await wiring.residents.rewrap();
  if (personKeys === 0 && staffIdentifiers === 0 && residentLists === 0)
    await rotating.endUnused('people');
  const ofPeople = { personKeys, staffIdentifiers, residentLists };
  return { officeKeys, appointmentKeys, staffSecrets, calendarPasswords, ...ofPeople };
}
