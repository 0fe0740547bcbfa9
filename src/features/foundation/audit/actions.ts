import { ACCOUNT_ACTIONS } from './actions/accounts.ts';
import { APPOINTMENT_ACTIONS } from './actions/appointments.ts';
import { CASE_ACTIONS } from './actions/cases.ts';
import { CHAT_ACTIONS } from './actions/chat.ts';
import { DOCUMENT_ACTIONS } from './actions/documents.ts';
import { REQUEST_ACTIONS } from './actions/requests.ts';
import { TOWN_ACTIONS } from './actions/town.ts';

/**
 * Every action that the audit trail can record, with its meaning.
 *
 * A `deed` changes something. Its record is written in the transaction of the change, so both are committed or neither is. A `look`
 * shows something and changes nothing. When its record fails, nothing is shown.
 */
export const ACTIONS = {
  ...APPOINTMENT_ACTIONS,
  ...DOCUMENT_ACTIONS,
  ...TOWN_ACTIONS,
  ...CASE_ACTIONS,
  ...CHAT_ACTIONS,
  ...REQUEST_ACTIONS,
  // The trail itself
  trail_read: { kind: 'look', means: 'The audit trail was read.' },
  ...ACCOUNT_ACTIONS,
} as const;

/** The action, in the past tense. */
export type AuditAction = keyof typeof ACTIONS;

export type AccountAction = keyof typeof ACCOUNT_ACTIONS;

/** Returns the action that a row of the trail names; null when only an older version defined it. */
export const actionOf = (text: string): AuditAction | null =>
  Object.hasOwn(ACTIONS, text) ? (text as AuditAction) : null;

export const isAccountAction = (action: AuditAction): action is AccountAction =>
  Object.hasOwn(ACCOUNT_ACTIONS, action);

/** Returns whether the action changes something, so that waiting pages are notified. */
export const isDeed = (action: AuditAction): boolean => ACTIONS[action].kind === 'deed';
