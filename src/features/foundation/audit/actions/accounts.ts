import type { Actions } from './type.ts';

/** Actions that change the roles and the sign-in of staff. */
export const ACCOUNT_ACTIONS = {
  invited: {
    kind: 'deed',
    means: 'Somebody was invited: to work here, or to a video call where there is an appointment.',
  },
  set_up: { kind: 'deed', means: 'An account was set up.' },
  address_changed: { kind: 'deed', means: 'The e-mail address of an account was changed.' },
  role_given: { kind: 'deed', means: 'A role was given.' },
  role_taken: { kind: 'deed', means: 'A role was taken.' },
  retired: { kind: 'deed', means: 'Somebody no longer works here.' },
  signed_in: { kind: 'deed', means: 'Somebody signed in.' },
  signed_out: { kind: 'deed', means: 'Somebody signed out.' },
  sign_in_locked: { kind: 'deed', means: 'An account was locked for a while.' },
  sessions_ended: { kind: 'deed', means: 'Other sessions of an account were ended.' },
  signed_out_by_office: {
    kind: 'deed',
    means: 'An administrator or an operator ended all sessions of a colleague.',
  },
  passkey_added: { kind: 'deed', means: 'A passkey was added.' },
  passkey_removed: { kind: 'deed', means: 'A passkey was removed.' },
  passkey_copied: { kind: 'deed', means: 'A passkey that may be a copy was refused.' },
  authenticator_replaced: { kind: 'deed', means: 'The second factor was replaced.' },
  recovery_codes_made: { kind: 'deed', means: 'New recovery codes were made.' },
  password_changed: { kind: 'deed', means: 'A password was changed.' },
  nif_entered: { kind: 'deed', means: 'The NIF of a member of staff was entered.' },
} as const satisfies Actions;
