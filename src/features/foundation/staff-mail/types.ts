import type { Language } from '../../../lib/i18n/languages.ts';
import type { StaffRole } from '../../../lib/viewer.ts';
import type { Message } from '../notices/types.ts';

/** Changes of a person's own account. The person is informed, so that they notice a change by somebody else. */
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
 * `invited`: a link to set up the account; `joined`: a person who could sign in already has a post in one more office;
 * `address_changed`: their sign-in address changed, sent to both; `signed_out_by_office`: an administrator or an operator ended
 * their sessions; `set_up_anew`: an invitation was used to choose another password and authenticator, sent to every address that
 * the person has had; `requests_waiting`: requests of theirs are late, or asked in vain; `chat_messages`: nobody has answered messages of an office that they
 * coordinate.
 */
export type StaffMailKind =
  | 'invited'
  | 'joined'
  | 'address_changed'
  | 'signed_out_by_office'
  | 'set_up_anew'
  | 'requests_waiting'
  | 'chat_messages'
  | AccountKind;

/** The content of a mail, stored as JSON. Instants are RFC 3339 texts. It contains no secret. */
export interface StaffMailFacts {
  /** Code of the new office. */
  office?: string;
  role?: StaffRole;
  /** Id of the invitation, from which its link is derived. */
  invitation?: string;
  /** When the link ends. */
  expiresAt?: string;
  /** The new sign-in address. */
  email?: string;
  /** Name of the colleague who made the change. */
  by?: string;
  /** How many requests of theirs are late. */
  late?: number;
  /** How many requests of theirs were asked something in vain. */
  asked?: number;
  /** About how many requests of theirs a person has to be called. */
  call?: number;
  /** How many messages nobody has answered. */
  count?: number;
  /** When the first of them is destroyed. */
  until?: string;
  /** Recipient address, when it isn't the person's address at the time of sending. */
  sentTo?: string;
}

/** A new mail and its recipient: by the person's id, or by their account. */
export interface StaffMailDraft {
  to: { staff: number } | { user: string };
  kind: StaffMailKind;
  facts?: StaffMailFacts;
}

/** A mail of the outbox, with its recipient. */
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
    /** The reader's language; null: unknown. */
    language: Language | null;
    retired: boolean;
  };
  /** Whether the mail's link is valid. */
  isOpen: boolean;
}

/** The text of a mail. */
export interface StaffMessage extends Message {
  id: string;
  to: string;
  /** Name of the sender. */
  sender: string;
  language: Language;
  at: Temporal.Instant;
}
