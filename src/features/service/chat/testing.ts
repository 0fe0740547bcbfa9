import { randomUUID } from 'node:crypto';
import type { OfficeChat } from '../../../domain/office/chat/topics.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import type { TestDatabase } from '../../../lib/db/testing.ts';
import { documentKeys } from '../../../lib/envelope/keys.ts';
import { installationKey, type PurposeKey } from '../../../lib/secrets.ts';
import type { ChattingViewer, StaffViewer } from '../../../lib/viewer.ts';
import { type RunUnit, unitOf } from '../../foundation/audit/service.ts';
import type { TestDesk } from '../../foundation/offices/testing.ts';
import { coordinationWorld, MONDAY } from '../coordination/testing.ts';
import { createKeyring } from '../documents/service.ts';
import { checkByName } from '../documents/testing.ts';
import { createPresence } from '../presence/service.ts';
import {
  createChatDesk,
  createChatEnclosures,
  createChatFiles,
  createChatForgetting,
  createChatLine,
  createChatMailing,
  createChatMessages,
  createChats,
} from './service.ts';
import type { NewChat } from './types.ts';

const TOPIC = { ca: 'Padró', es: 'Padrón', en: 'Register', eu: 'Errolda' };

/** The rules of the office of tests: one topic, two conversations at once, 45 seconds to answer, ten minutes of silence. */
export const TEST_CHAT: OfficeChat = {
  topics: [{ code: 'padro', name: TOPIC, procedures: ['volant-padro'] }],
  ...{ atOnce: 2, besideCall: 1, answerSeconds: 45, silentMinutes: 10, waiting: 5, keepDays: 30 },
  answers: [],
};

/** An office in which people write, with its desks, and everything that it takes. */
export async function chatWorld() {
  const world = await coordinationWorld();
  const { db, clock, offices } = world;
  const notified: string[] = [];
  const logged: string[] = [];
  const notifier = {
    notify: (office: number) => void notified.push(String(office)),
    notifyTopic: (_: number, about: string) => void notified.push(about),
    listen: () => () => {},
    listenToTopics: () => () => {},
  };
  const unit = unitOf({ db, clock, notifier });
  const key = installationKey(Buffer.alloc(32, 7));
  const keyring = createKeyring(documentKeys(key));
  const presence = createPresence({ db, notifier, clock, offices, unit, log: console });
  const isReached = (phone: string) => phone.startsWith('+346');
  const log = { error: (_: object, message: string) => void logged.push(message) };
  const deps = { db, clock, unit, keyring, key, offices, isReached, log };
  return {
    ...{ world, deps, db, clock, notified, logged, unit, keyring, key, presence },
    chats: createChats(deps),
    desk: createChatDesk(deps),
    files: createChatFiles({ ...deps, check: checkByName }),
    line: createChatLine(deps),
    forgetting: createChatForgetting(deps),
    messages: createChatMessages(deps),
    mailing: createChatMailing(deps),
    enclosures: createChatEnclosures({
      ...deps,
      attendants: { firstNames: async () => new Map() },
    }),

    /** Opens an office at nine. Returns it with its agents, who are not there yet. */
    async open(chat: Partial<OfficeChat> = {}, desks?: Record<string, TestDesk>) {
      clock.set(`${MONDAY}T09:00:00+01:00`);
      const settings = { chat: { ...TEST_CHAT, ...chat } };
      const made = await world.open({ settings, ...(desks && { desks }) });
      const come = (viewer: StaffViewer) => presence.visit(viewer, made.office, { isIdle: false });
      return {
        office: made.office,
        book: made.book,
        marta: made.viewer('agent', 'taula-1'),
        joan: made.viewer('agent', 'taula-2', 1),
        nuria: made.viewer('coordinator'),
        come,
      };
    },
    async close() {
      presence.close();
      await world.close();
    },
  };
}
export type ChatWorld = Awaited<ReturnType<typeof chatWorld>>;

/** What somebody asks who begins. */
export const asked = (of: Partial<NewChat> = {}): NewChat => ({
  ...{ key: randomUUID(), topic: 'padro', language: 'ca', name: 'Rosa', text: 'Bon dia' },
  ...of,
});

/** Begins a conversation. Returns its person. @throws when it doesn't begin */
export async function begun(
  { chats }: Pick<ChatWorld, 'chats'>,
  office: Office,
  of: Partial<NewChat> = {},
): Promise<ChattingViewer> {
  const done = await chats.begin(office, asked(of));
  if (!done.ok) throw new Error(done.reason);
  return { kind: 'chatting', chat: done.id };
}

/** Words in Catalan. */
export const words = (text: string, key: string = randomUUID()) => ({
  ...{ key, text, language: 'ca' as const },
});

/** Returns what stands in the trail of an office, in order. */
export const trailOf = ({ db }: Pick<ChatWorld, 'db'>, office: number): Promise<string[]> =>
  within(db, office, async (tx) => {
    const rows = await tx.selectFrom('audit').select(['action', 'actor']).orderBy('id').execute();
    return rows.map(({ action, actor }) => `${actor.split(':')[0]} ${action}`);
  });

/** Conversations and their files, for tests of pages. */
export function testChats(
  { kysely: db }: Pick<TestDatabase, 'kysely'>,
  deps: { clock: Clock; key: PurposeKey; unit: RunUnit },
) {
  const keyring = createKeyring(documentKeys(installationKey(Buffer.alloc(32, 7))));
  return {
    chats: createChats({ db, keyring, ...deps }),
    chatFiles: createChatFiles({ db, keyring, ...deps, check: checkByName }),
    chatMailing: createChatMailing({ db, keyring, ...deps }),
  };
}
