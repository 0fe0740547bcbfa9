import { isEmail, tidyEmail } from '../../../domain/contact/email.ts';
import { readPhone } from '../../../domain/contact/phone.ts';
import { isTopicOpen } from '../../../domain/office/chat/topics.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { hashSecret, linkForm, type PurposeKey } from '../../../lib/secrets.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { ChattingViewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { insertOpening } from '../../foundation/openings/service.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { settleLine } from './line/keeping.ts';
import { lockLine } from './line/store.ts';
import { readLengths, readLine, readLineDesks } from './line/views.ts';
import { placesIn } from './line/waits.ts';
import { createOffering, type Offering, topicsNow } from './offering.ts';
import { CHAT_LENGTHS, isLive, mayRead, tidyText } from './rules.ts';
import { type ChatKeys, openChat, openEntries, sealerOf } from './sealing.ts';
import {
  FREE,
  insertChat,
  insertChatEvent,
  insertSystemLine,
  updateChat,
  updateSeen,
} from './store.ts';
import { CHATS, topicOf } from './topics.ts';
import type {
  BeginResult,
  Chat,
  ChatContact,
  ChatEntry,
  ChatResult,
  ChatRow,
  LinePlace,
  NewChat,
  WriteResult,
} from './types.ts';
import { countWaiting, readByKey, readChat, readChatForUpdate, readEntries } from './views.ts';
import { keepWords, signOf, type Written, writeIn } from './writing.ts';

/** A conversation as its person sees it. */
export interface ChatLook {
  chat: Chat;
  /** The lines after the asked one, the oldest first. */
  entries: ChatEntry[];
  /** Where they stand in the line; null: they don't wait. */
  place: LinePlace | null;
}

/** What somebody leaves whom nobody answers now. */
export type NewMessage = Omit<NewChat, 'key'> & { key: string } & ChatContact;

/** Conversations in writing, as people have them with an office (docs/adr/0121). */
export interface Chats extends Offering {
  /** Begins a conversation, at the end of the line. Sent twice, with the same key, it begins once. */
  begin(office: Office, asked: NewChat): Promise<BeginResult>;
  /** Leaves a message that is answered later, by e-mail or telephone. */
  leaveMessage(office: Office, message: NewMessage): Promise<BeginResult>;
  /** Leaves the line, and a message in place of it: what was written stays. */
  turnIntoMessage(
    viewer: ChattingViewer,
    office: Office,
    message: { text: string } & ChatContact,
  ): Promise<ChatResult | { ok: false; reason: 'contact' | 'email' | 'phone' | 'text' | 'long' }>;
  /** Returns the conversation that a link opens; null: none. */
  bySecret(secret: string): Promise<ChatRow | null>;
  /** The secret of the link of a conversation, the same each time. */
  secretOf(id: string): string;
  /** Returns a conversation with its lines after a number, and notes that its page is open; null: it isn't theirs. */
  look(viewer: ChattingViewer, office: Office, after?: number): Promise<ChatLook | null>;
  /** Returns the places of all who wait in an office, by the id of the conversation. */
  places(office: Office): Promise<ReadonlyMap<string, LinePlace>>;
  write(viewer: ChattingViewer, office: Office, written: Written): Promise<WriteResult>;
  /** Notes keys: slow writers are not taken for silent. */
  sign(viewer: ChattingViewer, office: Office): Promise<void>;
  /** Ends it: leaves the line, or ends what is answered. */
  end(viewer: ChattingViewer, office: Office): Promise<ChatResult>;
}

export interface ChatsDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  keyring: ChatKeys;
  /** The key of links. */
  key: PurposeKey;
}

/** A page that is open is noted so often at most, in seconds. */
const SEEN_SECONDS = 30;

export function createChats(deps: ChatsDeps): Chats {
  const { db, clock, unit, keyring, key } = deps;
  const secretOf = (id: string) => chatSecret(key, id);
  /** Runs something on the viewer's conversation, which is locked. Whatever changes the line takes its lock first. */
  const onOwn = <T>(
    viewer: ChattingViewer,
    office: Office,
    { ofLine }: { ofLine: boolean },
    work: (each: Unit<ChattingViewer>, row: ChatRow) => Promise<T>,
  ): Promise<T | { ok: false; reason: 'not_found' }> =>
    unit(viewer, office.id, async (each) => {
      if (ofLine) await lockLine(each);
      const row = await readChatForUpdate(each.tx, viewer.chat);
      return row && mayRead(viewer, row)
        ? work(each, row)
        : ({ ok: false, reason: 'not_found' } as const);
    });

  return {
    ...createOffering({ db, clock }),
    secretOf,
    bySecret: (secret) => readOpened(db, 'chat', secret, readChat),

    begin: (office, asked) => begin(deps, office, asked),
    leaveMessage: (office, message) => leaveMessage(deps, office, message),

    look: (viewer, office, after = 0) =>
      unit(viewer, office.id, async (each) => {
        const row = await readChat(each.tx, viewer.chat);
        if (!row) return null;
        const isDue = each.now.since(row.seenAt).total('seconds') >= SEEN_SECONDS;
        if (isDue && isLive(row)) await updateSeen(each, [row.id]);
        const rows = await readEntries(each.tx, row.id, { after, withNotes: false });
        const place = row.state === 'waiting' ? await placeOf(each, office, row.id) : null;
        return {
          chat: await openChat(keyring, each.tx, row),
          entries: await openEntries(keyring, each.tx, row, rows),
          place,
        };
      }),

    places: (office) =>
      within(db, office.id, async (tx) =>
        placesIn(
          await readLine(tx, office, clock.now()),
          await readLengths(tx, office.id, clock.now()),
        ),
      ),

    write: (viewer, office, written) =>
      onOwn(viewer, office, { ofLine: false }, (each, row) =>
        writeIn(keyring, each, row, 'person', written),
      ),

    async sign(viewer, office) {
      await onOwn(viewer, office, { ofLine: false }, async (each, row) => {
        const isDue = each.now.since(row.personAt).total('seconds') >= SEEN_SECONDS;
        if (isDue && isLive(row))
          await updateChat(each, row.id, signOf(row, 'person', each.now, false));
      });
    },

    end: (viewer, office) =>
      onOwn(viewer, office, { ofLine: true }, async (each, row) => {
        if (!isLive(row)) return { ok: false, reason: 'over' } as const;
        const isAnswered = row.takenAt !== null;
        await endChat(each, row, isAnswered ? 'ended' : 'left', 'person');
        await settleLine(each, office);
        return { ok: true } as const;
      }),

    turnIntoMessage: (viewer, office, message) =>
      onOwn(viewer, office, { ofLine: true }, async (each, row) => {
        if (row.state !== 'waiting' && row.state !== 'offered')
          return { ok: false, reason: 'over' } as const;
        const contact = contactOf(office, message);
        if (!contact.ok) return contact;
        const text = tidyText(message.text);
        if (text.length > CHAT_LENGTHS.text) return { ok: false, reason: 'long' } as const;
        const said = await readEntries(each.tx, row.id, { after: 0, withNotes: false });
        if (text === '' && !said.some(({ side }) => side === 'person'))
          return { ok: false, reason: 'text' } as const;
        if (text !== '') await sayFirst(keyring, each, row, text);
        const seal = await sealerOf(keyring, each.tx, row);
        const sealedContact = seal('contact', JSON.stringify(contact.contact));
        await updateChat(each, row.id, { ...FREE, state: 'message', target: null, sealedContact });
        await insertChatEvent(each, { chat: row.id, kind: 'message' });
        await each.record('chat_begun', {
          data: { chat: row.id, as: 'message' },
          topic: topicOf(row.id),
        });
        each.tell(CHATS);
        await settleLine(each, office);
        return { ok: true } as const;
      }),
  };
}

/** Returns the secret of the page of a conversation. */
export const chatSecret = (key: PurposeKey, id: string): string =>
  linkForm(key.of(id).derive(`chat ${id}`));

async function placeOf({ tx, now }: Unit, office: Office, id: string): Promise<LinePlace | null> {
  const lengths = await readLengths(tx, office.id, now);
  return placesIn(await readLine(tx, office, now), lengths).get(id) ?? null;
}

type Begun = Extract<BeginResult, { ok: true }>;

/** Returns the conversation that the same form began before; null: none. */
async function begunBy({ key }: ChatsDeps, unit: Unit, asked: string): Promise<Begun | null> {
  const there = await readByKey(unit.tx, asked);
  return there && { ok: true, id: there.id, secret: chatSecret(key, there.id) };
}

/** Checks what both a conversation and a message begin with. */
function faultOf(office: Office, { topic, text, name }: NewChat): 'topic' | 'long' | 'name' | null {
  if (!office.settings.chat.topics.some(({ code }) => code === topic)) return 'topic';
  if (tidyText(text).length > CHAT_LENGTHS.text) return 'long';
  return tidyText(name).length > CHAT_LENGTHS.name ? 'name' : null;
}

/** Who begins a conversation has no link yet: its viewer is named by what it begins. */
const beginner = (chat: string): ChattingViewer => ({ kind: 'chatting', chat });

async function begin(deps: ChatsDeps, office: Office, asked: NewChat): Promise<BeginResult> {
  const fault = faultOf(office, asked);
  if (fault) return { ok: false, reason: fault };
  if (!isUuid(asked.key)) return { ok: false, reason: 'topic' };
  const id = deps.key.newId();
  return deps.unit(beginner(id), office.id, async (unit) => {
    await lockLine(unit);
    const there = await begunBy(deps, unit, asked.key);
    if (there) return there;
    const topic = office.settings.chat.topics.find(({ code }) => code === asked.topic);
    if (!topic || !isTopicOpen(topic, office.rota, unit.now))
      return { ok: false, reason: 'closed' };
    const desks = await readLineDesks(unit.tx, office, unit.now);
    const now = topicsNow(office, desks, unit.now).find(({ code }) => code === asked.topic);
    if (!now?.languages.includes(asked.language)) return { ok: false, reason: 'closed' };
    if ((await countWaiting(unit.tx, office.id)) >= office.settings.chat.waiting)
      return { ok: false, reason: 'full' };
    await keepChat(deps, unit, { ...asked, id, state: 'waiting', contact: null });
    await insertSystemLine(unit, { id }, 'begun');
    const text = tidyText(asked.text);
    const row = await readChat(unit.tx, id);
    if (row && text !== '') await sayFirst(deps.keyring, unit, row, text);
    unit.tell(CHATS);
    await settleLine(unit, office);
    return { ok: true, id, secret: chatSecret(deps.key, id) };
  });
}

async function leaveMessage(
  deps: ChatsDeps,
  office: Office,
  message: NewMessage,
): Promise<BeginResult> {
  const fault = faultOf(office, message);
  if (fault) return { ok: false, reason: fault };
  if (!isUuid(message.key)) return { ok: false, reason: 'topic' };
  const text = tidyText(message.text);
  if (text === '') return { ok: false, reason: 'text' };
  const contact = contactOf(office, message);
  if (!contact.ok) return contact;
  const id = deps.key.newId();
  return deps.unit(beginner(id), office.id, async (unit) => {
    await lockLine(unit);
    const there = await begunBy(deps, unit, message.key);
    if (there) return there;
    await keepChat(deps, unit, { ...message, id, state: 'message', contact: contact.contact });
    const row = await readChat(unit.tx, id);
    if (row) await sayFirst(deps.keyring, unit, row, text);
    unit.tell(CHATS);
    return { ok: true, id, secret: chatSecret(deps.key, id) };
  });
}

/** Keeps a conversation, its link, its event and its record. */
async function keepChat(
  { keyring, key }: ChatsDeps,
  unit: Unit,
  made: NewChat & { id: string; state: 'waiting' | 'message'; contact: ChatContact | null },
): Promise<void> {
  const { id, topic, language, state, contact } = made;
  const seal = await sealerOf(keyring, unit.tx, { id, office: unit.office });
  const name = tidyText(made.name);
  await insertChat(unit, {
    ...{ id, key: made.key, topic, language, state },
    sealedName: name === '' ? null : seal('name', name),
    sealedContact: contact && seal('contact', JSON.stringify(contact)),
  });
  await insertOpening(unit, { opens: 'chat', subject: id }, hashSecret(chatSecret(key, id)));
  await insertChatEvent(unit, { chat: id, kind: state === 'message' ? 'message' : 'began' });
  const data = { chat: id, topic, ...(state === 'message' && { as: 'message' }) };
  await unit.record('chat_begun', { data, topic: topicOf(id) });
}

/** Keeps the words of a person who waits or leaves a message. */
const sayFirst = (keys: ChatKeys, unit: Unit, row: ChatRow, text: string): Promise<number> =>
  keepWords(keys, unit, row, {
    ...{ id: crypto.randomUUID(), side: 'person', text, language: row.language },
  });

/** Checks where a message is to be answered. */
function contactOf(
  { settings }: Office,
  { email, phone }: ChatContact,
): { ok: true; contact: ChatContact } | { ok: false; reason: 'contact' | 'email' | 'phone' } {
  if (!email && !phone) return { ok: false, reason: 'contact' };
  const tidy = email ? tidyEmail(email) : null;
  if (tidy !== null && !isEmail(tidy)) return { ok: false, reason: 'email' };
  const read = phone ? readPhone(phone, settings.country) : null;
  if (read && !read.ok) return { ok: false, reason: 'phone' };
  return { ok: true, contact: { email: tidy, phone: read?.ok ? read.phone : null } };
}

/** Ends a conversation whose line the unit has locked. */
export async function endChat(
  unit: Unit,
  row: ChatRow,
  state: 'left' | 'ended',
  why: 'person' | 'desk' | 'moved',
): Promise<void> {
  const { now } = unit;
  if (state === 'ended') await insertSystemLine(unit, row, `ended.${why}`);
  await updateChat(unit, row.id, { ...FREE, state, target: null, ended: { at: now, why } });
  await insertChatEvent(unit, { chat: row.id, kind: state, desk: row.desk, data: { why } });
  await unit.record('chat_ended', { data: { chat: row.id, why }, topic: topicOf(row.id) });
  unit.tell(CHATS);
}
