type Actions = Record<string, { kind: 'deed' | 'look'; means: string }>;

/** Actions that change the roles and the sign-in of staff. */
const ACCOUNT_ACTIONS = {
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

/**
 * Every action that the audit trail can record, with its meaning.
 *
 * A `deed` changes something. Its record is written in the transaction of the change, so both are committed or neither is. A `look`
 * shows something and changes nothing. When its record fails, nothing is shown.
 */
export const ACTIONS = {
  // Appointments
  booked: { kind: 'deed', means: 'An appointment was booked.' },
  moved: { kind: 'deed', means: 'An appointment got another time, another channel, or both.' },
  notices_chosen: { kind: 'deed', means: 'It was chosen whether notices go by e-mail or SMS.' },
  contact_changed: { kind: 'deed', means: 'The name, telephone or e-mail address was changed.' },
  cancelled: { kind: 'deed', means: 'An appointment was cancelled.' },
  reassigned: { kind: 'deed', means: 'An appointment was given to another desk.' },
  displaced: { kind: 'deed', means: 'The hour of an appointment was taken from it.' },
  link_sent: { kind: 'deed', means: 'The lost link was sent again to the address on file.' },
  read: { kind: 'look', means: 'An appointment was read by a token.' },
  listed: { kind: 'look', means: 'Appointments were listed.' },
  searched: { kind: 'look', means: 'Appointments were searched for.' },
  copied: { kind: 'look', means: 'The details of an appointment were shown, to book another one.' },
  hub_read: {
    kind: 'look',
    means: 'An appointment of an identified person was given to the hub of folders.',
  },
  link_given: { kind: 'deed', means: 'The secret link was given to another system, by the API.' },
  printed: { kind: 'deed', means: 'The page with the secret link was shown, to be printed.' },
  opened: { kind: 'look', means: 'An appointment was opened in the console.' },
  history: { kind: 'look', means: 'Other appointments of the same person were shown.' },
  // The day
  day: { kind: 'look', means: 'The list of a day was shown.' },
  now: { kind: 'look', means: 'What is happening now was shown.' },
  board: { kind: 'look', means: 'The day of every desk was shown.' },
  watched: { kind: 'look', means: 'Somebody began to follow changes as they happen.' },
  // Encounter
  attempt: { kind: 'deed', means: 'A call that reached nobody was noted.' },
  started: { kind: 'deed', means: 'An encounter was begun.' },
  saved: { kind: 'deed', means: 'The record of an encounter was saved.' },
  closed: { kind: 'deed', means: 'An encounter was closed.' },
  corrected: { kind: 'deed', means: 'The record of a closed encounter was corrected.' },
  undone: { kind: 'deed', means: 'The last step at an appointment was taken back.' },
  given_up: { kind: 'deed', means: 'An appointment was closed since its citizen was not reached.' },
  taken_over: { kind: 'deed', means: 'An encounter was taken over from a colleague.' },
  hand_over_asked: { kind: 'deed', means: 'A colleague was asked to have an encounter.' },
  handed_over: { kind: 'deed', means: 'An encounter was handed over to a colleague.' },
  hand_over_declined: {
    kind: 'deed',
    means: 'A hand-over was declined, taken back, or not answered in time.',
  },
  // Desks and rota
  several_changed: {
    kind: 'look',
    means: 'Several appointments were chosen, to be changed at once.',
  },
  late_said: { kind: 'deed', means: 'Citizens were told that desks run late.' },
  rota_planned: { kind: 'look', means: 'What would happen if the rota changed was shown.' },
  rota_changed: { kind: 'deed', means: 'The rota was changed.' },
  rota_read: { kind: 'look', means: 'What came of a change of the rota was shown.' },
  // The video call
  entered: { kind: 'deed', means: 'Somebody entered the room of a video call.' },
  checked_in: { kind: 'deed', means: 'A citizen has come to the site of their appointment.' },
  not_checked_in: { kind: 'deed', means: 'A citizen was said to have come, and is not there.' },
  missed: { kind: 'deed', means: 'A citizen did not come to the site of their appointment.' },
  by_phone: { kind: 'deed', means: 'A video call went on by telephone.' },
  uninvited: { kind: 'deed', means: 'An invitation to a video call was taken back.' },
  admitted: { kind: 'deed', means: 'A companion was let into a video call.' },
  colleague_asked: { kind: 'deed', means: 'A colleague was asked to join a video call.' },
  colleague_joined: { kind: 'deed', means: 'A colleague said that they join a video call.' },
  colleague_declined: {
    kind: 'deed',
    means: 'A request to join was declined, taken back, or not answered in time.',
  },
  colleague_left: { kind: 'deed', means: 'The place of a colleague in a video call ended.' },
  still_asked: { kind: 'deed', means: 'The citizen was asked whether a picture may be kept.' },
  still_agreed: { kind: 'deed', means: 'The citizen agreed that a picture is kept.' },
  still_refused: { kind: 'deed', means: 'The citizen did not agree that a picture is kept.' },
  still_kept: { kind: 'deed', means: 'A picture of a document was kept.' },
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
  // Figures and comments
  comments_read: { kind: 'look', means: 'Comments of the survey were read.' },
  comment_passed: { kind: 'deed', means: 'A comment of the survey was let pass.' },
  comment_kept_back: { kind: 'deed', means: 'A comment of the survey was kept back.' },
  figures_imported: { kind: 'deed', means: 'Figures of other channels were imported.' },
  // Tokens and webhooks
  token_created: { kind: 'deed', means: 'A token for the API was made.' },
  token_revoked: { kind: 'deed', means: 'A token for the API was ended.' },
  webhook_created: { kind: 'deed', means: 'A webhook was added.' },
  webhook_changed: {
    kind: 'deed',
    means: 'The address of a webhook, or what it is told, changed.',
  },
  webhook_tested: { kind: 'deed', means: 'A webhook was tested.' },
  webhook_paused: { kind: 'deed', means: 'A webhook was paused.' },
  webhook_resumed: { kind: 'deed', means: 'A webhook was resumed.' },
  webhook_rotated: { kind: 'deed', means: 'A webhook got a new secret.' },
  webhook_secret_shown: { kind: 'look', means: 'The secret of a webhook was shown.' },
  webhook_ended: { kind: 'deed', means: 'A webhook was ended.' },
  webhook_resent: { kind: 'deed', means: 'A message of a webhook was sent again.' },
  webhook_sent: { kind: 'deed', means: 'Another system was told who the person is.' },
  // Calendars of other programs
  calendar_feed_made: {
    kind: 'deed',
    means: 'Somebody made the secret address at which a calendar program reads a desk.',
  },
  calendar_feed_ended: {
    kind: 'deed',
    means: 'The secret address at which a calendar program reads a desk was ended.',
  },
  calendar_connected: {
    kind: 'deed',
    means: 'A calendar of another program was connected with a desk.',
  },
  calendar_changed: {
    kind: 'deed',
    means: 'What a connected calendar reads or is given, its password or its desk was changed.',
  },
  calendar_ended: { kind: 'deed', means: 'A connected calendar was ended.' },
  // The town's declaration
  declared: { kind: 'deed', means: 'The declaration of the office was changed.' },
  declaration_reverted: {
    kind: 'deed',
    means: 'Earlier values of what an office declares were brought back.',
  },
  draft_saved: {
    kind: 'deed',
    means: 'Changes of what an office declares were put into its draft.',
  },
  draft_published: { kind: 'deed', means: "The draft of an office's declaration was published." },
  draft_dropped: { kind: 'deed', means: 'Changes were dropped from the draft of an office.' },
  translation_confirmed: {
    kind: 'deed',
    means: 'Translations were found still right after their original was changed.',
  },
  declaring_refused: {
    kind: 'look',
    means: 'The appointments that stood against a change of the declaration were shown.',
  },
  office_opened: { kind: 'deed', means: 'A closed office was opened again.' },
  office_retired: { kind: 'deed', means: 'An office was closed.' },
  // Keys
  key_rotated: { kind: 'deed', means: 'A key of the installation or of the office was replaced.' },
  key_retired: { kind: 'deed', means: 'An earlier key of the installation was destroyed.' },
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
  // The trail itself
  trail_read: { kind: 'look', means: 'The audit trail was read.' },
  ...ACCOUNT_ACTIONS,
} as const satisfies Actions;

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
