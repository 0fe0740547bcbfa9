import type { TrailEntry } from '../../../features/audit/types.ts';
import type { StaffDeed } from '../../../features/staff/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';

const DEEDS = [
  'signed_in',
  'sign_in_locked',
  'passkey_copied',
  'signed_out',
  'sessions_ended',
  'signed_out_by_office',
  'passkey_added',
  'passkey_removed',
  'authenticator_replaced',
  'recovery_codes_made',
  'password_changed',
  'invited',
  'set_up',
  'address_changed',
  'role_given',
  'role_taken',
  'retired',
] as const satisfies readonly StaffDeed[];

/** What was done with somebody's way in or roles, in words; null when the entry is about something else. */
export function deedIn(t: Translate, entry: TrailEntry): string | null {
  const deed = DEEDS.find((each) => each === entry.action);
  if (!deed) return null;
  const { data } = entry;
  return t(`account.trail.${deed}`, {
    about: entry.about ?? entry.who ?? '–',
    how: textOf(data.how),
    what: textOf(data.what),
    role: textOf(data.role),
    count: typeof data.count === 'number' ? data.count : 1,
  });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
