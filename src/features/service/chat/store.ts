import { randomUUID } from 'node:crypto';
import { moment } from '../../../lib/db/moment.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { ChatEnd, ChatEventKind, ChatRow, ChatSide, ChatState, SystemLine } from './types.ts';

/** A conversation that begins: in the line, or as a message. */
export interface MadeChat {
  id: string;
  key: string;
  topic: string;
  language: Language;
  state: Extract<ChatState, 'waiting' | 'message'>;
  sender: Buffer | null;
  sealedName: Buffer | null;
  sealedContact: Buffer | null;
}

/** Keeps a conversation that begins now. */
export async function insertChat({ tx, office, now }: Unit, made: MadeChat): Promise<void> {
  const at = now.toString();
  await tx
    .insertInto('chat')
    .values({
      id: made.id,
      office_id: office,
      asked_by: made.key,
      topic: made.topic,
      language: made.language,
      sender: made.sender,
      name: made.sealedName,
      contact: made.sealedContact,
      state: made.state,
      place: at,
      person_at: at,
      seen_at: at,
    })
    .execute();
}

/** The columns of a conversation that change. A time is now, or none. */
export interface ChatChange {
  state?: ChatState;
  topic?: string;
  desk?: number | null;
  staff?: number | null;
  target?: number | null;
  offeredUntil?: Temporal.Instant | null;
  returnedAt?: Temporal.Instant;
  heldSince?: Temporal.Instant | null;
  takenAt?: Temporal.Instant;
  encounter?: string;
  personAt?: Temporal.Instant;
  deskAt?: Temporal.Instant;
  unansweredAt?: Temporal.Instant | null;
  askedAt?: Temporal.Instant | null;
  seenAt?: Temporal.Instant;
  ended?: { at: Temporal.Instant; why: ChatEnd };
  sealedContact?: Buffer;
  officeToldAt?: Temporal.Instant;
  personToldAt?: Temporal.Instant;
}

/** Returns whether a conversation waits: the sender is counted for so long. */
const isInLine = (state: ChatState): boolean => state === 'waiting' || state === 'offered';

/** Changes a conversation that the transaction has locked. */
export async function updateChat(
  { tx }: Pick<Unit, 'tx'>,
  id: string,
  change: ChatChange,
): Promise<void> {
  const text = (at: Temporal.Instant | null | undefined) =>
    at === undefined ? undefined : (at?.toString() ?? null);
  const { ended } = change;
  await tx
    .updateTable('chat')
    .set({
      ...(change.state && {
        state: change.state,
        ...(!isInLine(change.state) && { sender: null }),
      }),
      ...(change.topic && { topic: change.topic }),
      ...(change.desk !== undefined && { desk_id: change.desk }),
      ...(change.staff !== undefined && { staff_id: change.staff }),
      ...(change.target !== undefined && { target_desk: change.target }),
      ...(change.offeredUntil !== undefined && { offered_until: text(change.offeredUntil) }),
      ...(change.returnedAt && { returned_at: change.returnedAt.toString() }),
      ...(change.heldSince !== undefined && { held_since: text(change.heldSince) }),
      ...(change.takenAt && { taken_at: change.takenAt.toString() }),
      ...(change.encounter && { encounter_id: change.encounter }),
      ...(change.personAt && { person_at: change.personAt.toString() }),
      ...(change.deskAt && { desk_at: change.deskAt.toString() }),
      ...(change.unansweredAt !== undefined && { unanswered_at: text(change.unansweredAt) }),
      ...(change.askedAt !== undefined && { asked_at: text(change.askedAt) }),
      ...(change.seenAt && { seen_at: change.seenAt.toString() }),
      ...(change.sealedContact && { contact: change.sealedContact }),
      ...(change.officeToldAt && { office_told_at: change.officeToldAt.toString() }),
      ...(change.personToldAt && { person_told_at: change.personToldAt.toString() }),
      ...(ended && { ended_at: ended.at.toString(), ended_why: ended.why }),
    })
    .where('id', '=', id)
    .execute();
}

/** What a conversation has that is over: whoever answered it stays, since they write it down. */
export const OVER = {
  desk: null,
  offeredUntil: null,
  heldSince: null,
  unansweredAt: null,
} as const satisfies ChatChange;

/** What a conversation has when nobody answers it and it is offered to nobody. */
export const FREE = { ...OVER, staff: null } as const satisfies ChatChange;

/** Keeps that the pages of these people are open, of any office, in one statement. */
export async function updateSeen(
  { tx, now }: Pick<Unit, 'tx' | 'now'>,
  chats: readonly string[],
): Promise<void> {
  await tx
    .updateTable('chat')
    .set({ seen_at: now.toString() })
    .where('id', 'in', chats)
    .where('ended_at', 'is', null)
    .execute();
}

/** Appends what happened to a conversation, or to a desk (`chat` null). */
export async function insertChatEvent(
  { tx, office, now, viewer }: Unit,
  event: { chat: string | null; kind: ChatEventKind; desk?: number | null; data?: object },
): Promise<void> {
  await tx
    .insertInto('chat_event')
    .values({
      office_id: office,
      chat_id: event.chat,
      at: now.toString(),
      kind: event.kind,
      desk_id: event.desk ?? null,
      actor: actorOf(viewer),
      data: JSON.stringify(event.data ?? {}),
    })
    .execute();
}

/** A line to keep. */
export interface MadeEntry {
  id: string;
  chat: string;
  side: ChatSide;
  kind: 'words' | 'file' | 'note';
  language: Language | null;
  sealed: Buffer | null;
}

/** Keeps a line of a locked conversation. Returns its number. */
export async function insertEntry(
  { tx, office, viewer, now }: Unit,
  made: MadeEntry,
): Promise<number> {
  const row = await tx
    .insertInto('chat_entry')
    .values({
      id: made.id,
      office_id: office,
      chat_id: made.chat,
      at: now.toString(),
      side: made.side,
      by: actorOf(viewer),
      kind: made.kind,
      language: made.language,
      text: made.sealed,
    })
    .returning('number')
    .executeTakeFirstOrThrow();
  return Number(row.number);
}

/** Keeps what the service says in a conversation. */
export async function insertSystemLine(
  { tx, office, now }: Unit,
  chat: Pick<ChatRow, 'id'>,
  what: SystemLine,
): Promise<void> {
  await tx
    .insertInto('chat_entry')
    .values({
      id: randomUUID(),
      office_id: office,
      chat_id: chat.id,
      at: now.toString(),
      side: 'system',
      by: 'system',
      kind: 'system',
      what,
    })
    .execute();
}

/** The most conversations that one transaction destroys. */
export const DESTROYED_AT_ONCE = 200;

/**
 * Destroys the words, files, names and addresses of conversations of an office that ended before; and of messages that nobody answered, were left before,
 * and whose person was told before `told` that this would happen, or was never told and left it before `latest`. Returns their ids.
 */
export async function destroyChats(
  { tx, office, now }: Unit,
  { before, told, latest }: Record<'before' | 'told' | 'latest', Temporal.Instant>,
): Promise<string[]> {
  const rows = await tx
    .selectFrom('chat')
    .select('id')
    .where('office_id', '=', office)
    .where('forgotten_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('ended_at', '<', moment(before)),
        eb.and([
          eb('state', '=', 'message'),
          eb('place', '<', moment(before)),
          eb.or([
            eb('person_told_at', '<=', moment(told)),
            eb.and([eb('person_told_at', 'is', null), eb('place', '<', moment(latest))]),
          ]),
        ]),
      ]),
    )
    .limit(DESTROYED_AT_ONCE)
    .forUpdate()
    .skipLocked()
    .execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  await tx.deleteFrom('chat_file').where('chat_id', 'in', ids).execute();
  await tx.deleteFrom('chat_entry').where('chat_id', 'in', ids).execute();
  await tx.deleteFrom('chat_code').where('chat_id', 'in', ids).execute();
  // A message that nobody answered in all that time.
  await tx
    .updateTable('chat')
    .set({ state: 'ended', ended_at: now.toString(), ended_why: 'unanswered' })
    .where('id', 'in', ids)
    .where('state', '=', 'message')
    .execute();
  await tx
    .updateTable('chat')
    .set({ name: null, contact: null, staff_id: null, forgotten_at: now.toString() })
    .where('id', 'in', ids)
    .execute();
  return ids;
}
