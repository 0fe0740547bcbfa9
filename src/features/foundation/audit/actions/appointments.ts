import type { Actions } from './type.ts';

/** Actions on appointments: booking, the day, the encounter, desks and rota, the video call. */
export const APPOINTMENT_ACTIONS = {
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
} as const satisfies Actions;
