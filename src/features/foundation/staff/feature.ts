import { daily } from '../../../lib/jobs/due.ts';
import type { Feature } from '../../feature.ts';
import type { Staff } from './service.ts';

export const staff: Feature<{ staff: Staff }> = {
  name: 'staff',
  tables: {
    staff: { ends: 'The name stays with what the person did, after they retire too.' },
    staff_role: { ends: 'It is deleted when the role is taken away.' },
    staff_managed: { ends: 'It says only that an office decides about a person.' },
    'auth.user': { ends: 'It is deleted with the account, and all of the account with it.' },
    'auth.session': { ends: 'It is deleted when the session ends.' },
    'auth.account': { ends: 'It is deleted with the account.' },
    'auth.verification': { ends: 'The library deletes it when it expires.' },
    'auth.twoFactor': { ends: 'It is deleted with the account.' },
    'auth.rateLimit': { ends: 'The library writes it anew in each window.' },
    'auth.used_code': { ends: 'It is deleted after five minutes, or with the account.' },
    'auth.sign_in_failure': { ends: 'It keeps hashes, and is deleted when its window is over.' },
    'auth.invitation': {
      ends: 'It is deleted when another one takes its place or the person retires.',
    },
    'auth.passkey': { ends: 'It is deleted by its owner, or with the account.' },
    'auth.spent_challenge': 'nobody',
    'auth.known_browser': { ends: 'It keeps hashes, and is deleted when it expires.' },
  },
  functions: ['note_signed_in'],
  auditActions: [
    'invited',
    'set_up',
    'address_changed',
    'role_given',
    'role_taken',
    'retired',
    'signed_in',
    'signed_out',
    'sign_in_locked',
    'sessions_ended',
    'passkey_added',
    'passkey_removed',
    'passkey_copied',
    'authenticator_replaced',
    'recovery_codes_made',
    'password_changed',
  ],
  jobs: [
    {
      what: 'to hash the recovery codes of an earlier version',
      everyMs: 3_600_000,
      due: daily,
      run: ({ staff }) => staff.hashRecoveryCodes(),
    },
  ],
};
