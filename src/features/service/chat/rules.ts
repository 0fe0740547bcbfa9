import { can } from '../../../domain/roles.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { mayAssist } from '../encounter/rules.ts';
import type { ChatRow } from './types.ts';

export { topicNameIn, transcriptName, transcriptOf } from './mailing/text.ts';
export { isLate, messageEnd } from './messages/rules.ts';

/** The most characters of a line, of a name, and of the words with which a conversation is handed over. */
export const CHAT_LENGTHS = { text: 2000, name: 60, note: 1000 } as const;
/** The most messages of an office that nobody has answered: one more isn't taken. */
export const MOST_MESSAGES = 500;
/** The most notes of colleagues in a conversation. */
export const MOST_NOTES = 50;
/** The most lines that a person can write in five minutes. */
export const MOST_LINES = { lines: 60, minutes: 5 } as const;
/** The most files of a conversation, the most bytes of one, and of all. */
export const MOST_FILES = { files: 10, bytes: 8_000_000, allBytes: 20_000_000 } as const;

/** Returns how many of those who wait may be of one sender: an eighth, so that one address can't fill the line, and two at least. */
export const shareOf = ({ waiting }: { waiting: number }): number =>
  Math.max(2, Math.floor(waiting / 8));

/** Returns whether something can be written in a conversation: it waits, or is answered. */
export const isLive = ({ state }: Pick<ChatRow, 'state'>): boolean =>
  state === 'waiting' || state === 'offered' || state === 'talking';

/** Returns whether somebody of the office has answered, in the conversation or the message. */
export const isAnswered = ({ takenAt, deskAt }: Pick<ChatRow, 'takenAt' | 'deskAt'>): boolean =>
  takenAt !== null || deskAt !== null;

/** Returns whether a member of staff answers a conversation at their desk. */
export const isAnswering = (
  viewer: StaffViewer,
  { state, desk }: Pick<ChatRow, 'state' | 'desk'>,
): boolean => state === 'talking' && desk !== null && desk === viewer.desk;

/**
 * Returns whether a viewer may read a conversation: its person; the desk that answers it, had it, or is offered it; whoever sees every desk; and, of a message,
 * whoever serves citizens. Who waits is nobody's to read.
 */
export function mayRead(
  viewer: Viewer,
  row: Pick<ChatRow, 'id' | 'office' | 'state' | 'desk' | 'staff'>,
): boolean {
  if (viewer.kind === 'chatting') return viewer.chat === row.id;
  if (viewer.kind !== 'staff' || viewer.office !== row.office || row.state === 'waiting')
    return false;
  if (can(viewer, 'see_every_desk')) return true;
  const isAtDesk = row.desk !== null && row.desk === viewer.desk;
  return mayAssist(viewer) && (isAtDesk || row.staff === viewer.staff || row.state === 'message');
}

/** For how long it is asked how a conversation went, in days. */
const SURVEY_DAYS = 30;

/** Returns whether it is asked how a conversation went: of one that somebody answered, and that ended not long ago. */
export function maySurvey(
  { endedAt, encounter }: Pick<ChatRow, 'endedAt' | 'encounter'>,
  now: Temporal.Instant,
): boolean {
  if (!endedAt || encounter === null) return false;
  return Temporal.Instant.compare(endedAt.add({ hours: 24 * SURVEY_DAYS }), now) > 0;
}
