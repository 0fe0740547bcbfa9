import type { Actions } from './type.ts';

/** Actions on forms and cases, payments and registries. */
export const CASE_ACTIONS = {
  // Forms and cases
  form_published: { kind: 'deed', means: 'A version of a form was published.' },
  form_ended: { kind: 'deed', means: 'A form was taken away: no new case begins with it.' },
  case_opened: { kind: 'deed', means: 'A case was begun.' },
  case_receipt_issued: { kind: 'deed', means: 'The receipt of a case was issued.' },
  case_receipt_verified: {
    kind: 'look',
    means: 'Somebody looked up the verification code of a receipt.',
  },
  case_read: { kind: 'look', means: 'A case was opened.' },
  case_confirmation_asked: {
    kind: 'deed',
    means: 'An official asked the applicant to confirm the answers of a case.',
  },
  case_answered: { kind: 'deed', means: 'Answers of a case were changed.' },
  case_handed_in: { kind: 'deed', means: 'A case was handed in.' },
  case_moved: { kind: 'deed', means: 'A case got another state.' },
  case_assigned: { kind: 'deed', means: 'A case got another person or team, or nobody.' },
  case_amendment_asked: {
    kind: 'deed',
    means: 'Whoever handed in a case was asked to amend it.',
  },
  case_amended: { kind: 'deed', means: 'A case was amended.' },
  case_extended: { kind: 'deed', means: 'Whoever amends a case got more time.' },
  case_undone: { kind: 'deed', means: 'The last step of a case was taken back.' },
  case_decided: { kind: 'deed', means: 'The decision of a case was issued.' },
  case_not_at_once: {
    kind: 'deed',
    means: 'What a form issues at once could not be issued: an official decides.',
  },
  case_decision_written: {
    kind: 'deed',
    means: 'The decision of a case was written, and not issued.',
  },
  case_decision_verified: {
    kind: 'look',
    means: 'The decision of a case was checked by its verification code.',
  },
  notification_made: { kind: 'deed', means: 'A decision was made available to be notified.' },
  notification_handed: { kind: 'deed', means: 'A notification was handed over to e-NOTUM.' },
  notification_deposited: {
    kind: 'deed',
    means: 'e-NOTUM told that a notification is available there.',
  },
  notification_stopped: { kind: 'deed', means: 'A notification was stopped at e-NOTUM.' },
  notification_again: { kind: 'deed', means: 'It is handed over to e-NOTUM once more.' },
  notification_taken_back: { kind: 'deed', means: 'It is in the folder, not at e-NOTUM.' },
  notification_noticed: {
    kind: 'deed',
    means: 'It was noted whether the notice of a notification was sent.',
  },
  notification_accepted: { kind: 'deed', means: 'Somebody opened what was notified to them.' },
  notification_rejected: { kind: 'deed', means: 'Somebody rejected what was notified to them.' },
  notification_expired: {
    kind: 'deed',
    means: 'Nobody opened a notification in ten days, so that it counts as rejected.',
  },
  notification_recorded: {
    kind: 'deed',
    means: 'It was recorded what became of a notification on paper.',
  },
  notification_read: { kind: 'look', means: 'What was notified, or its evidence, was read again.' },
  notification_evidence: { kind: 'deed', means: 'Evidence of a notification was issued.' },
  notification_verified: {
    kind: 'look',
    means: 'The evidence of a notification was checked by its verification code.',
  },
  case_noted: { kind: 'deed', means: 'An internal note of a case was written.' },
  case_message_written: { kind: 'deed', means: 'A message about a case was written.' },
  case_report_asked: { kind: 'deed', means: 'A report about a case was asked for.' },
  case_report_read: {
    kind: 'look',
    means: 'A request for a report, with what of the case is shown for it, was seen.',
  },
  case_report_ended: {
    kind: 'deed',
    means: 'A report about a case was given or declined, or is not asked for any more.',
  },
  case_cosign_read: {
    kind: 'look',
    means: 'What somebody else than its applicant must sign was opened by them.',
  },
  case_cosigned: { kind: 'deed', means: 'Somebody else than its applicant signed a case.' },
  case_cosign_declined: {
    kind: 'deed',
    means: 'Somebody else than its applicant said that they don’t sign a case.',
  },
  case_held: { kind: 'deed', means: 'A case was held for a legal reason.' },
  case_let_go: { kind: 'deed', means: 'A case is held no longer.' },
  case_packaged: { kind: 'deed', means: 'A case was packed for the archive of the town.' },
  case_destroyed: { kind: 'deed', means: 'A case was destroyed: its form keeps it no longer.' },
  cases_listed: { kind: 'look', means: 'Cases were listed.' },
  cases_exported: { kind: 'look', means: 'A list of cases was taken as a file.' },
  case_submitted: {
    kind: 'deed',
    means: 'The citizen handed something more in to a case, such as its withdrawal.',
  },
  case_claimed: {
    kind: 'deed',
    means: 'A case that was begun for somebody was made theirs by an identified person.',
  },
  case_tied: { kind: 'deed', means: 'Somebody booked an appointment to talk about their case.' },
  case_shown: {
    kind: 'deed',
    means: 'Somebody showed the draft of their case to those who attend them.',
  },
  case_sent: { kind: 'deed', means: 'Somebody was told that the draft of a form waits for them.' },
  case_hidden: { kind: 'deed', means: 'Somebody stopped showing the draft of their case.' },
  case_link_given: {
    kind: 'deed',
    means: 'The secret link of a case that nobody has handed in was given to another system.',
  },
  case_answers_read: {
    kind: 'look',
    means: 'What was handed in with a case, and by whom, was read by a token.',
  },
  case_discarded: { kind: 'deed', means: 'A case that was not handed in was deleted.' },
  residents_read: {
    kind: 'look',
    means: 'A person was looked up in the register of inhabitants, for a case.',
  },
  // Payments
  payment_begun: { kind: 'deed', means: 'Somebody went to pay the fee of a case.' },
  payment_paid: { kind: 'deed', means: 'The fee of a case was paid.' },
  payment_failed: { kind: 'deed', means: 'An attempt to pay the fee of a case failed.' },
  payment_refund_ordered: { kind: 'deed', means: 'A payment was to be given back.' },
  payment_refunded: { kind: 'deed', means: 'A payment was given back.' },
  payment_destroyed: { kind: 'deed', means: 'A payment that no law keeps was destroyed.' },
  payments_read: { kind: 'look', means: 'The list of payments was shown or exported.' },
  signature_begun: { kind: 'deed', means: 'Somebody went to sign a case.' },
  signature_made: { kind: 'deed', means: 'A case was signed.' },
  signature_failed: { kind: 'deed', means: 'An attempt to sign a case ended without a signature.' },
  signature_read: { kind: 'look', means: 'The signature of a case was downloaded.' },
  // Registries
  registered: { kind: 'deed', means: 'Something got an entry in the registry.' },
  registry_closed: { kind: 'deed', means: 'A day of the registry was closed.' },
  registered_outside: { kind: 'deed', means: 'The registry of the town registered an entry too.' },
  registry_reconciled: {
    kind: 'deed',
    means: 'An entry was found in the auxiliary registry, or taken over by the main one.',
  },
  nif_used: { kind: 'look', means: 'The NIF of a member of staff was passed to a registry.' },
} as const satisfies Actions;
