import type { Actions } from './type.ts';

/** Actions on what the town declares and keeps: figures, tokens, calendars, keys. */
export const TOWN_ACTIONS = {
  // Figures and comments
  comments_read: { kind: 'look', means: 'Comments of the survey were read.' },
  comment_passed: { kind: 'deed', means: 'A comment of the survey was let pass.' },
  comment_kept_back: { kind: 'deed', means: 'A comment of the survey was kept back.' },
  figures_imported: { kind: 'deed', means: 'Figures of other channels were imported.' },
  // Coming from another tool
  import_planned: {
    kind: 'look',
    means: 'What would come of another tool’s file of appointments was shown.',
  },
  imported: { kind: 'deed', means: 'Appointments were brought from another tool’s file.' },
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
} as const satisfies Actions;
