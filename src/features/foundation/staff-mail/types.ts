import type { Language } from '../../../lib/i18n/languages.ts';
import type { StaffRole } from '../../../lib/viewer.ts';
import type { Message } from '../notices/types.ts';

/** What changed in somebody's own account: they are told, so that they notice when it wasn't them. */
export const ACCOUNT_KINDS = [
  'password_changed',
  'passkey_added',
  'passkey_removed',
  'authenticator_changed',
  'recovery_codes_made',
  'signed_in_with_recovery_code',
] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/**
 * `invited`: a link with which they set themselves up; `joined`: who could sign in already works in one more office;
 * `address_changed`: they sign in with another address, told at both; `signed_out_by_office`: an administrator or an operator ended
 * their sessions; `set_up_anew`: somebody used an invitation to choose another password and authenticator, told at every address that
 * the person has had.
 */
export type StaffMailKind =
  | 'invited'
  | 'joined'
  | 'address_changed'
  | 'signed_out_by_office'
  | 'set_up_anew'
  | AccountKind;

/** What a mail tells, kept as JSON. Instants are RFC 3339 texts. No secret stands here. */
export interface StaffMailFacts {
  /** Code of the office that they are to work in. */
  office?: string;
  role?: StaffRole;
  /** Id of the invitation, from which its link is derived. */
  invitation?: string;
  /** Until when the link opens. */
  expiresAt?: string;
  /** The address that they sign in with from now on. */
  email?: string;
  /** Name of the colleague who did what the mail tells. */
  by?: string;
  /** Where it goes, if not to the address that they have when it is sent. */
  sentTo?: string;
}

/** A mail that is to be owed, and to whom: by their id here, or by the account that they sign in with. */
export interface StaffMailDraft {
  to: { staff: number } | { user: string };
  kind: StaffMailKind;
  facts?: StaffMailFacts;
}

/** A mail of the outbox, and whom it goes to. */
export interface StaffMail {
  id: string;
  kind: StaffMailKind;
  facts: StaffMailFacts;
  createdAt: Temporal.Instant;
  attempts: number;
  staff: {
    id: number;
    email: string;
    name: string;
    /** That they read; null: nobody knows. */
    language: Language | null;
    retired: boolean;
  };
  /** Whether the link that it tells of opens something. */
  isOpen: boolean;
}

/** A mail in words. */
export interface StaffMessage extends Message {
  id: string;
  to: string;
  /** Who it comes from, in words. */
  sender: string;
  language: Language;
  at: Temporal.Instant;
}
