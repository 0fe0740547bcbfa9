import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import { isLanguage, type Language } from '../../../lib/i18n/languages.ts';
import type { ChatEnd, ChatEntry, ChatFile, ChatRow, ChatState, SystemLine } from './types.ts';

const selectChats = (tx: Tx) => tx.selectFrom('chat').selectAll();
type Row = Awaited<ReturnType<ReturnType<typeof selectChats>['executeTakeFirstOrThrow']>>;

const languageOf = (text: string | null): Language => (isLanguage(text) ? text : 'ca');

const toChat = (row: Row): ChatRow => ({
  id: row.id,
  number: Number(row.number),
  office: row.office_id,
  topic: row.topic,
  language: languageOf(row.language),
  state: row.state as ChatState,
  place: row.place,
  returnedAt: row.returned_at,
  target: row.target_desk,
  desk: row.desk_id,
  offeredUntil: row.offered_until,
  staff: row.staff_id,
  heldSince: row.held_since,
  takenAt: row.taken_at,
  encounter: row.encounter_id,
  personAt: row.person_at,
  deskAt: row.desk_at,
  unansweredAt: row.unanswered_at,
  askedAt: row.asked_at,
  seenAt: row.seen_at,
  endedAt: row.ended_at,
  endedWhy: row.ended_why as ChatEnd | null,
  officeToldAt: row.office_told_at,
  personToldAt: row.person_told_at,
  isForgotten: row.forgotten_at !== null,
  sealedName: row.name,
  sealedContact: row.contact,
});

/** Reads a conversation; null: there is none. */
export async function readChat(tx: Tx, id: string): Promise<ChatRow | null> {
  const row = await selectChats(tx).modifyFront(FREQUENT).where('id', '=', id).executeTakeFirst();
  return row ? toChat(row) : null;
}

/** Reads a conversation and locks it until the transaction ends. */
export async function readChatForUpdate(tx: Tx, id: string): Promise<ChatRow | null> {
  const row = await selectChats(tx)
    .modifyFront(FREQUENT)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row ? toChat(row) : null;
}

/** Reads the conversation that a form began, by its key. */
export async function readByKey(tx: Tx, key: string): Promise<ChatRow | null> {
  const row = await selectChats(tx).where('asked_by', '=', key).executeTakeFirst();
  return row ? toChat(row) : null;
}

/** The states in which a conversation is in the line or answered. */
export const LIVE = ['waiting', 'offered', 'talking'] as const satisfies ChatState[];

/** Reads who waits and who is answered, in the order in which they came. */
export async function readLive(tx: Tx, office: number): Promise<ChatRow[]> {
  const rows = await selectChats(tx)
    .where('office_id', '=', office)
    .where('state', 'in', LIVE)
    .orderBy('place')
    .orderBy('id')
    .execute();
  return rows.map(toChat);
}

/** Reads the messages that nobody has answered, the oldest first. */
export async function readMessages(tx: Tx, office: number): Promise<ChatRow[]> {
  const rows = await selectChats(tx)
    .where('office_id', '=', office)
    .where('state', '=', 'message')
    .orderBy('place')
    .execute();
  return rows.map(toChat);
}

/** Returns how many messages of an office nobody has answered. */
export async function countMessages(tx: Tx, office: number): Promise<number> {
  const { count } = await tx
    .selectFrom('chat')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('office_id', '=', office)
    .where('state', '=', 'message')
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Returns how many wait in the line of an office. */
export async function countWaiting(tx: Tx, office: number): Promise<number> {
  const { count } = await tx
    .selectFrom('chat')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('office_id', '=', office)
    .where('state', 'in', ['waiting', 'offered'])
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Returns how many of one sender wait in the line of an office. */
export async function countOfSender(tx: Tx, office: number, sender: Buffer): Promise<number> {
  const { count } = await tx
    .selectFrom('chat')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('office_id', '=', office)
    .where('state', 'in', ['waiting', 'offered'])
    .where('sender', '=', sender)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** A line as its row has it. */
export interface EntryRow extends Omit<ChatEntry, 'text' | 'file'> {
  sealed: Buffer | null;
  file: (Omit<ChatFile, 'name'> & { sealedName: Buffer }) | null;
}

/** Reads the lines of a conversation after a number, the oldest first. `withNotes`: those that only colleagues see, too. */
export async function readEntries(
  tx: Tx,
  chat: string,
  { after, withNotes }: { after: number; withNotes: boolean },
): Promise<EntryRow[]> {
  const rows = await tx
    .selectFrom('chat_entry as e')
    .modifyFront(FREQUENT)
    .leftJoin('chat_file as f', 'f.entry_id', 'e.id')
    .select([
      'e.id',
      'e.number',
      'e.at',
      'e.side',
      'e.by',
      'e.kind',
      'e.language',
      'e.text',
      'e.what',
    ])
    .select(['f.id as file', 'f.name', 'f.type', 'f.size', 'f.state', 'f.why'])
    .where('e.chat_id', '=', chat)
    .where('e.number', '>', after)
    .where((eb) => eb.or([eb('e.kind', '<>', 'note'), sql<boolean>`${withNotes}::boolean`]))
    .orderBy('e.number')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    number: Number(row.number),
    at: row.at,
    side: row.side as ChatEntry['side'],
    by: row.by,
    kind: row.kind as ChatEntry['kind'],
    language: row.language === null ? null : languageOf(row.language),
    sealed: row.text,
    what: row.what as SystemLine | null,
    file:
      row.file === null || row.name === null
        ? null
        : {
            id: row.file,
            type: row.type,
            size: row.size ?? 0,
            state: row.state as ChatFile['state'],
            why: row.why,
            sealedName: row.name,
          },
  }));
}

/** Returns the number of the line that was sent with this id; null: there is none. */
export async function findEntry(tx: Tx, chat: string, id: string): Promise<number | null> {
  const row = await tx
    .selectFrom('chat_entry')
    .select('number')
    .where('id', '=', id)
    .where('chat_id', '=', chat)
    .executeTakeFirst();
  return row ? Number(row.number) : null;
}

/** Returns how many lines of the person stand since a time, and how many files there are. */
export async function countSent(
  tx: Tx,
  chat: string,
  since: Temporal.Instant,
): Promise<{ lines: number; files: number }> {
  const row = await tx
    .selectFrom('chat_entry')
    .select([
      sql<number>`count(*) filter (where side = 'person' and at > ${since.toString()}::timestamptz)`.as(
        'lines',
      ),
      sql<number>`count(*) filter (where kind = 'file')`.as('files'),
    ])
    .where('chat_id', '=', chat)
    .executeTakeFirstOrThrow();
  return { lines: Number(row.lines), files: Number(row.files) };
}

/** Counts the notes of colleagues in a conversation. */
export async function countNotes(tx: Tx, chat: string): Promise<number> {
  const { count } = await tx
    .selectFrom('chat_entry')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('chat_id', '=', chat)
    .where('kind', '=', 'note')
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Returns whether somebody has opened a conversation after a time. */
export async function isOpened(
  tx: Tx,
  { chat, actor, since }: { chat: string; actor: string; since: Temporal.Instant },
): Promise<boolean> {
  const row = await tx
    .selectFrom('chat_event')
    .select('id')
    .where('chat_id', '=', chat)
    .where('kind', '=', 'opened')
    .where('actor', '=', actor)
    .where('at', '>', moment(since))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
