import { isEmail, tidyEmail } from '../../../domain/contact/email.ts';
import { readPhone } from '../../../domain/contact/phone.ts';
import { isTopicOpen } from '../../../domain/office/chat/topics.ts';
import type { Office } from '../../../domain/office/types.ts';
import { tidyText } from '../../../domain/tidy-text.ts';
import { hashSecret, type PurposeKey } from '../../../lib/secrets.ts';
import { isUuid, uuidOf } from '../../../lib/uuid.ts';
import type { ChattingViewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { chatSecret } from '../../foundation/notices/service.ts';
import { insertOpening } from '../../foundation/openings/service.ts';
import { settleLine } from './line/keeping.ts';
import { lockLine } from './line/store.ts';
import { readLineDesks } from './line/views.ts';
import { topicsNow } from './offering.ts';
import { CHAT_LENGTHS, isLive, MOST_MESSAGES, shareOf } from './rules.ts';
import { type ChatKeys, sealerOf } from './sealing.ts';
import { FREE, insertChat, insertChatEvent, insertSystemLine, updateChat } from './store.ts';
import { CHATS, topicOf } from './topics.ts';
import type { BeginHow, BeginResult, ChatContact, ChatResult, ChatRow, NewChat } from './types.ts';
import {
  countMessages,
  countOfSender,
  countWaiting,
  findEntry,
  readByKey,
  readChat,
  readChatForUpdate,
  readEntries,
} from './views.ts';
import { keepWords, writeIn } from './writing.ts';

export interface BeginningDeps {
  unit: RunUnit;
  keyring: ChatKeys;
  /** The key of links. */
  key: PurposeKey;
}

/** What somebody leaves whom nobody answers now. */
export type NewMessage = NewChat & ChatContact;
export type TurnResult =
  | ChatResult
  | { ok: false; reason: 'crowded' | 'contact' | 'email' | 'phone' | 'text' | 'long' };

type Begun = Extract<BeginResult, { ok: true }>;

/** The id of words of the form in a conversation: the same form sent twice keeps them once. */
const wordsIn = ({ id }: Pick<ChatRow, 'id'>, { text }: Pick<NewChat, 'text'>): string =>
  uuidOf(id, tidyText(text));

/**
 * Finds what the same form began before. What is over is not meant any more, nor is a message of other words: whoever went back to the form wrote something
 * new. `key`: the one under which something new is kept.
 */
async function begunBy(
  { tx, office }: Unit,
  asked: NewChat,
  as: 'chat' | 'message',
): Promise<{ there: ChatRow | null; key: string }> {
  for (let key = uuidOf(String(office), asked.key); ; key = uuidOf(key)) {
    const there = await readByKey(tx, key);
    if (!there) return { there, key };
    const isSame =
      as === 'chat'
        ? isLive(there)
        : there.state === 'message' &&
          (await findEntry(tx, there.id, wordsIn(there, asked))) !== null;
    if (isSame) return { there, key };
  }
}

const madeOf = ({ key }: BeginningDeps, { id }: Pick<ChatRow, 'id'>): Begun => ({
  ...{ ok: true, id, secret: chatSecret(key, id) },
});

/** Checks what both a conversation and a message begin with. */
function faultOf(office: Office, { topic, text, name }: NewChat): 'topic' | 'long' | 'name' | null {
  if (!office.settings.chat.topics.some(({ code }) => code === topic)) return 'topic';
  if (tidyText(text).length > CHAT_LENGTHS.text) return 'long';
  return tidyText(name).length > CHAT_LENGTHS.name ? 'name' : null;
}

/** Who begins a conversation has no link yet: its viewer is named by what it begins. */
const beginner = (chat: string): ChattingViewer => ({ kind: 'chatting', chat });

/** Begins a conversation; see `Chats.begin`. */
export async function begin(
  deps: BeginningDeps,
  office: Office,
  asked: NewChat,
  { sender = null, email = null }: BeginHow = {},
): Promise<BeginResult> {
  const fault = faultOf(office, asked);
  if (fault) return { ok: false, reason: fault };
  if (!isUuid(asked.key)) return { ok: false, reason: 'topic' };
  const contact = email ? contactOf(office, { email, phone: null }) : null;
  if (contact?.ok === false) return contact;
  const id = deps.key.newId();
  return deps.unit(beginner(id), office.id, async (unit) => {
    await lockLine(unit);
    const { there, key } = await begunBy(unit, asked, 'chat');
    if (there) {
      const said = await sayMore(deps.keyring, unit, there, asked);
      return said === 'many' ? { ok: false, reason: 'many' } : madeOf(deps, there);
    }
    const topic = office.settings.chat.topics.find(({ code }) => code === asked.topic);
    if (!topic || !isTopicOpen(topic, office.rota, unit.now))
      return { ok: false, reason: 'closed' };
    const desks = await readLineDesks(unit.tx, office, unit.now);
    const now = topicsNow(office, desks, unit.now).find(({ code }) => code === asked.topic);
    if (!now?.languages.includes(asked.language)) return { ok: false, reason: 'closed' };
    if ((await countWaiting(unit.tx, office.id)) >= office.settings.chat.waiting)
      return { ok: false, reason: 'full' };
    if (
      sender &&
      (await countOfSender(unit.tx, office.id, sender)) >= shareOf(office.settings.chat)
    )
      return { ok: false, reason: 'share' };
    const made = { ...asked, id, sender, contact: contact?.contact ?? null };
    await keepChat(deps, unit, { ...made, key, state: 'waiting' });
    await insertSystemLine(unit, { id }, 'begun');
    const text = tidyText(asked.text);
    const row = await readChat(unit.tx, id);
    if (row && text !== '') await sayFirst(deps.keyring, unit, row, text, wordsIn(row, asked));
    unit.tell(CHATS);
    await settleLine(unit, office);
    return madeOf(deps, { id });
  });
}

/** Leaves a message; see `Chats.leaveMessage`. */
export async function leaveMessage(
  deps: BeginningDeps,
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
    const { there, key } = await begunBy(unit, message, 'message');
    if (there) return madeOf(deps, there);
    if (await isCrowded(unit)) return { ok: false, reason: 'crowded' };
    const made = { ...message, id, sender: null, contact: contact.contact };
    await keepChat(deps, unit, { ...made, key, state: 'message' });
    const row = await readChat(unit.tx, id);
    if (row) await sayFirst(deps.keyring, unit, row, text, wordsIn(row, message));
    unit.tell(CHATS);
    return madeOf(deps, { id });
  });
}

/** Whether as many messages wait in an office as may. The caller has locked the line. */
const isCrowded = async ({ tx, office }: Unit): Promise<boolean> =>
  (await countMessages(tx, office)) >= MOST_MESSAGES;

/** Keeps a conversation, its link, its event and its record. */
async function keepChat(
  { keyring, key }: BeginningDeps,
  unit: Unit,
  made: NewChat & {
    id: string;
    state: 'waiting' | 'message';
    sender: Buffer | null;
    contact: ChatContact | null;
  },
): Promise<void> {
  const { id, topic, language, state, sender, contact } = made;
  const seal = await sealerOf(keyring, unit.tx, { id, office: unit.office });
  const name = tidyText(made.name);
  await insertChat(unit, {
    ...{ id, key: made.key, topic, language, state, sender },
    sealedName: name === '' ? null : seal('name', name),
    sealedContact: contact && seal('contact', JSON.stringify(contact)),
  });
  await insertOpening(unit, { opens: 'chat', subject: id }, hashSecret(chatSecret(key, id)));
  await insertChatEvent(unit, { chat: id, kind: state === 'message' ? 'message' : 'began' });
  const data = { chat: id, topic, ...(state === 'message' && { as: 'message' }) };
  await unit.record('chat_begun', { data, topic: topicOf(id) });
}

/** Keeps the words of a person who waits or leaves a message. */
const sayFirst = (
  keys: ChatKeys,
  unit: Unit,
  row: ChatRow,
  text: string,
  id: string = crypto.randomUUID(),
): Promise<number> =>
  keepWords(keys, unit, row, { id, side: 'person', text, language: row.language });

/**
 * Keeps other words of a form that began a conversation before, which goes on. The caller has locked the line and checked the words. Returns `many` where
 * too many lines came in a row.
 * @throws when they can't be kept for another reason
 */
async function sayMore(
  keys: ChatKeys,
  unit: Unit,
  { id }: ChatRow,
  asked: NewChat,
): Promise<'kept' | 'many'> {
  const row = tidyText(asked.text) === '' ? null : await readChatForUpdate(unit.tx, id);
  if (!row) return 'kept';
  const { text, language } = asked;
  const written = { key: wordsIn(row, asked), text, language };
  const done = await writeIn(keys, unit, row, 'person', written);
  if (done.ok) return 'kept';
  if (done.reason === 'many') return 'many';
  throw new Error(`Words of a form were not kept: ${done.reason}`);
}

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

/** Turns a locked conversation that nobody answers into a message; its unit has locked the line. */
export async function turnIntoMessage(
  keys: ChatKeys,
  unit: Unit,
  office: Office,
  row: ChatRow,
  message: { text: string } & ChatContact,
): Promise<TurnResult> {
  if (row.state !== 'waiting' && row.state !== 'offered') return { ok: false, reason: 'over' };
  const contact = contactOf(office, message);
  if (!contact.ok) return contact;
  const text = tidyText(message.text);
  if (text.length > CHAT_LENGTHS.text) return { ok: false, reason: 'long' };
  const said = await readEntries(unit.tx, row.id, { after: 0, withNotes: false });
  if (text === '' && !said.some(({ side }) => side === 'person'))
    return { ok: false, reason: 'text' };
  if (await isCrowded(unit)) return { ok: false, reason: 'crowded' };
  if (text !== '') await sayFirst(keys, unit, row, text);
  const seal = await sealerOf(keys, unit.tx, row);
  const sealedContact = seal('contact', JSON.stringify(contact.contact));
  await updateChat(unit, row.id, { ...FREE, state: 'message', target: null, sealedContact });
  await insertChatEvent(unit, { chat: row.id, kind: 'message' });
  const data = { chat: row.id, as: 'message' };
  await unit.record('chat_begun', { data, topic: topicOf(row.id) });
  unit.tell(CHATS);
  await settleLine(unit, office);
  return { ok: true };
}
