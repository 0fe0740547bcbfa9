import type { Actions } from './type.ts';

/** Actions on documents, and on what a person proves, sees and consents to. */
export const DOCUMENT_ACTIONS = {
  // Documents
  document_handed: { kind: 'deed', means: 'A document was begun to be handed over.' },
  document_accepted: { kind: 'deed', means: 'A document was accepted.' },
  document_asked_again: { kind: 'deed', means: 'A document was asked for again.' },
  document_opened: { kind: 'look', means: 'A document was opened.' },
  document_refused: { kind: 'deed', means: 'A file could not be taken.' },
  document_infected: { kind: 'deed', means: 'Malware was found in a file, which was not kept.' },
  document_released: { kind: 'deed', means: 'A document that could not be checked was let pass.' },
  document_withdrawn: { kind: 'deed', means: 'A document was taken back.' },
  document_held: { kind: 'deed', means: 'A document was held for a legal reason.' },
  document_let_go: { kind: 'deed', means: 'A held document was let go.' },
  document_destroyed: { kind: 'deed', means: 'A document was destroyed.' },
  document_verified: { kind: 'look', means: 'A document was checked by its verification code.' },
  // Proof of being the citizen
  proved: { kind: 'deed', means: 'A citizen typed a one-time code, which proves who they are.' },
  address_confirmed: { kind: 'deed', means: 'The citizen confirmed an address that was frozen.' },
  address_vouched: {
    kind: 'deed',
    means: 'A second member of staff checked who the citizen is, and confirmed a frozen address.',
  },
  contact_disputed: {
    kind: 'deed',
    means: 'Whoever was reached before said that it was not them who changed an address.',
  },
  // The folder of a person
  folder_added: { kind: 'deed', means: 'Somebody put an appointment into their folder.' },
  folder_removed: { kind: 'deed', means: 'Somebody took an appointment out of their folder.' },
  folder_exported: { kind: 'look', means: 'Somebody took away all that their folder has.' },
  folder_erased: { kind: 'deed', means: 'Somebody erased their folder.' },
  identity_asked: { kind: 'deed', means: 'The citizen was asked to identify electronically.' },
  identified: { kind: 'deed', means: 'Somebody identified electronically for an appointment.' },
  identity_failed: {
    kind: 'deed',
    means: 'The citizen did not identify when they were asked: they could not, or refused.',
  },
  identifier_shown: {
    kind: 'look',
    means: 'The whole identifier of an identified person was shown.',
  },
  // Authorisations to act for somebody else
  representation_asked: {
    kind: 'deed',
    means: 'Somebody asked for an authorisation to act for another person.',
  },
  representation_given: {
    kind: 'deed',
    means: 'Somebody authorised another person to act for them.',
  },
  representation_accepted: { kind: 'deed', means: 'A signed authorisation was accepted.' },
  representation_refused: { kind: 'deed', means: 'A signed authorisation was refused.' },
  representation_ended: {
    kind: 'deed',
    means: 'An authorisation ended: it was revoked or renounced, or its last day passed.',
  },
  represented: { kind: 'deed', means: 'An appointment was booked with an authorisation.' },
  // Consent to an act
  act_prepared: { kind: 'deed', means: 'An act was prepared for the consent of a citizen.' },
  act_read: { kind: 'look', means: 'An act was read.' },
  act_code_sent: { kind: 'deed', means: 'The one-time code for a consent was sent.' },
  act_heard: { kind: 'deed', means: 'An official noted that the citizen consents aloud.' },
  act_signed: { kind: 'deed', means: 'An official noted that the citizen signed on paper.' },
  act_consented: { kind: 'deed', means: 'A citizen consented to an act.' },
  act_declined: { kind: 'deed', means: 'A citizen did not consent to an act.' },
  act_withdrawn: { kind: 'deed', means: 'An act was withdrawn by the office.' },
  act_expired: { kind: 'deed', means: 'An act ended without an answer.' },
  act_copied: { kind: 'deed', means: 'The copy of a consent was stored.' },
  act_destroyed: { kind: 'deed', means: 'An act was destroyed.' },
} as const satisfies Actions;
