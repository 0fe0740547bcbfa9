import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { ChattingViewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { chatSecret } from '../../foundation/notices/service.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { keepEncounterAnswer } from '../survey/service.ts';
import type { SurveyAnswer } from '../survey/types.ts';
import { readEncounterAnswer } from '../survey/views.ts';
import {
  type BeginningDeps,
  begin,
  leaveMessage,
  type NewMessage,
  type TurnResult,
  turnIntoMessage,
} from './beginning.ts';
import { endChat } from './ending.ts';
import { settleLine } from './line/keeping.ts';
import { createPlaces } from './line/places.ts';
import { lockLine } from './line/store.ts';
import { createOffering, type Offering } from './offering.ts';
import { isLive, mayRead, maySurvey } from './rules.ts';
import { openChat, openEntries } from './sealing.ts';
import { updateChat, updateSeen } from './store.ts';
import { typingOf } from './topics.ts';
import type {
  BeginHow,
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
import { readChat, readChatForUpdate, readEntries } from './views.ts';
import { signOf, type Written, writeIn } from './writing.ts';

/** A conversation as its person sees it. */
export interface ChatLook {
  chat: Chat;
  /** The lines after the asked one, the oldest first. */
  entries: ChatEntry[];
  /** Where they stand in the line; null: they don't wait. */
  place: LinePlace | null;
}

/** Conversations in writing, as people have them with an office (docs/adr/0121). */
export interface Chats extends Offering {
  /** Begins a conversation, at the end of the line. Sent twice, with the same key, it begins once; other words of the same form are added while it goes on. */
  begin(office: Office, asked: NewChat, how?: BeginHow): Promise<BeginResult>;
  /** Leaves a message that is answered later, by e-mail or telephone. */
  leaveMessage(office: Office, message: NewMessage): Promise<BeginResult>;
  /** Leaves the line, and a message in place of it: what was written stays. */
  turnIntoMessage(
    viewer: ChattingViewer,
    office: Office,
    message: { text: string } & ChatContact,
  ): Promise<TurnResult>;
  /** Returns the conversation that a link opens; null: none. */
  bySecret(secret: string): Promise<ChatRow | null>;
  /** The secret of the link of a conversation, the same each time. */
  secretOf(id: string): string;
  /** Returns a conversation with its lines after a number, and notes that its page is open; null: it isn't theirs. */
  look(viewer: ChattingViewer, office: Office, after?: number): Promise<ChatLook | null>;
  write(viewer: ChattingViewer, office: Office, written: Written): Promise<WriteResult>;
  /** Notes that the page of a person is open. */
  stay(viewer: ChattingViewer, office: Office): Promise<void>;
  /** Notes keys: slow writers are not taken for silent. */
  sign(viewer: ChattingViewer, office: Office): Promise<void>;
  /** Keeps how it went, of one that somebody answered; a later answer takes its place. */
  survey(viewer: ChattingViewer, office: Office, answer: SurveyAnswer): Promise<ChatResult>;
  /** Returns what was said about how it went; null: nothing. */
  surveyed(viewer: ChattingViewer, office: Office): Promise<SurveyAnswer | null>;
  /** Ends it: leaves the line, or ends what is answered. */
  end(viewer: ChattingViewer, office: Office): Promise<ChatResult>;
}

export interface ChatsDeps extends BeginningDeps {
  db: Db;
  clock: Clock;
}

/** A page that is open is noted so often at most, in seconds. */
const SEEN_SECONDS = 30;

export function createChats(deps: ChatsDeps): Chats {
  const { db, clock, unit, keyring, key } = deps;
  const secretOf = (id: string) => chatSecret(key, id);
  const onOwn = onOwnOf(unit);
  const placeOf = createPlaces({ db, clock });

  return {
    ...createOffering({ db, clock }),
    secretOf,
    bySecret: (secret) => readOpened(db, 'chat', secret, readChat),

    begin: (office, asked, how) => begin(deps, office, asked, how),
    leaveMessage: (office, message) => leaveMessage(deps, office, message),
    async look(viewer, office, after = 0) {
      const found = await unit(viewer, office.id, (each) => lookAt(deps, each, after));
      const isWaiting = found?.chat.state === 'waiting';
      // In a transaction of its own, which hundreds of pages share.
      const place = isWaiting ? await placeOf(office, viewer.chat) : null;
      return found && { ...found, place };
    },

    write: (viewer, office, written) =>
      onOwn(viewer, office, { ofLine: false }, (each, row) =>
        writeIn(keyring, each, row, 'person', written),
      ),

    stay: (viewer, office) => unit(viewer, office.id, (each) => updateSeen(each, [viewer.chat])),

    sign: (viewer, office) =>
      onOwn(viewer, office, { ofLine: false }, signOwn).then(() => undefined),

    survey: (viewer, office, answer) =>
      onOwn(viewer, office, { ofLine: false }, async (each, row) => {
        if (!maySurvey(row, each.now)) return { ok: false, reason: 'over' } as const;
        await keepEncounterAnswer(each, row.encounter ?? '', answer);
        await each.record('chat_surveyed', { data: { chat: row.id } });
        return { ok: true } as const;
      }),

    surveyed: (viewer, office) =>
      within(db, office.id, async (tx) => {
        const row = await readChat(tx, viewer.chat);
        return row?.encounter ? readEncounterAnswer(tx, row.encounter) : null;
      }),

    end: (viewer, office) =>
      onOwn(viewer, office, { ofLine: true }, (each, row) => endOwn(each, office, row)),

    turnIntoMessage: (viewer, office, message) =>
      onOwn(viewer, office, { ofLine: true }, (each, row) =>
        turnIntoMessage(keyring, each, office, row, message),
      ),
  };
}

/** Runs something on the viewer's conversation, which is locked. Whatever changes the line takes its lock first. */
const onOwnOf =
  (unit: RunUnit) =>
  <T>(
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

async function lookAt(
  { keyring }: ChatsDeps,
  unit: Unit<ChattingViewer>,
  after: number,
): Promise<Omit<ChatLook, 'place'> | null> {
  const { tx, viewer, now } = unit;
  const row = await readChat(tx, viewer.chat);
  if (!row) return null;
  const isDue = now.since(row.seenAt).total('seconds') >= SEEN_SECONDS;
  if (isDue && isLive(row)) await updateSeen(unit, [row.id]);
  const rows = await readEntries(tx, row.id, { after, withNotes: false });
  return {
    chat: await openChat(keyring, tx, row),
    entries: await openEntries(keyring, tx, row, rows),
  };
}

async function endOwn(unit: Unit, office: Office, row: ChatRow): Promise<ChatResult> {
  if (!isLive(row)) return { ok: false, reason: 'over' };
  await endChat(unit, row, row.takenAt === null ? 'left' : 'ended', 'person');
  await settleLine(unit, office);
  return { ok: true };
}

async function signOwn(unit: Unit, row: ChatRow): Promise<void> {
  const isDue = unit.now.since(row.personAt).total('seconds') >= SEEN_SECONDS;
  if (row.state === 'talking') unit.tell(typingOf(row.id, 'person'));
  if (isDue && isLive(row)) await updateChat(unit, row.id, signOf(row, 'person', unit.now, false));
}
