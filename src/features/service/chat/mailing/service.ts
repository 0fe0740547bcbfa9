import { randomUUID } from 'node:crypto';
import { isEmail, tidyEmail } from '../../../../domain/contact/email.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { digitsOf } from '../../../../domain/one-time-code.ts';
import { type Db, within } from '../../../../lib/db/database.ts';
import { unsealText } from '../../../../lib/envelope/seal.ts';
import { translateTo } from '../../../../lib/i18n/translate.ts';
import { hashSecret, type PurposeKey, sameHash } from '../../../../lib/secrets.ts';
import { type ChattingViewer, staffIn } from '../../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../../foundation/audit/service.ts';
import { factsWithout } from '../../../foundation/notices/rules.ts';
import { oweNotices } from '../../../foundation/notices/service.ts';
import type { Enclosures, ExtraFacts, NoticeKind } from '../../../foundation/notices/types.ts';
import {
  CODE_MINUTES,
  isOpen,
  MOST_TRIES,
  nextCodeAt,
  readDigits,
  upTo,
} from '../../one-time-codes/rules.ts';
import { isAnswered } from '../rules.ts';
import { type ChatKeys, openChat, openEntries, placeOf, sealerOf } from '../sealing.ts';
import { topicOf } from '../topics.ts';
import type { ChatRow } from '../types.ts';
import { readChat, readChatForUpdate, readEntries } from '../views.ts';
import { countChatTry, insertChatCode } from './store.ts';
import { transcriptName, transcriptOf } from './text.ts';
import { readChatCodes } from './views.ts';

type NotFound = { ok: false; reason: 'not_found' };
export type AskResult =
  | { ok: true }
  | NotFound
  | { ok: false; reason: 'email' }
  /** From `at` on there may be another code. */
  | { ok: false; reason: 'too_soon'; at: Temporal.Instant };
export type MailResult =
  | { ok: true; email: string }
  | NotFound
  | { ok: false; reason: 'ended' }
  /** `left`: how often it may be tried still. */
  | { ok: false; reason: 'wrong'; left: number };

/**
 * Conversations by e-mail, to an address that is proved by a code. Only what somebody of the office answered is sent, so that nobody sends messages of the
 * town to others by beginning chats.
 */
export interface ChatMailing {
  /** Sends a code to an address. */
  ask(viewer: ChattingViewer, office: Office, email: string): Promise<AskResult>;
  /** Returns the address to which the code went that can be typed now; null: none. */
  asked(viewer: ChattingViewer, office: Office): Promise<string | null>;
  /** Takes the code, and sends the conversation as it is then, without identifiers. */
  send(viewer: ChattingViewer, office: Office, typed: string): Promise<MailResult>;
}

export interface ChatMailingDeps {
  db: Db;
  unit: RunUnit;
  keyring: ChatKeys;
  /** The key of codes. */
  key: PurposeKey;
}

const NOT_FOUND: NotFound = { ok: false, reason: 'not_found' };
/** A conversation that could not be sent in that time is not sent any more: it may have been destroyed. */
const LIVES = { hours: 24 };
/** For what the address of a code is sealed. */
const emailOf = (code: string): string => `code ${code}`;

export function createChatMailing(deps: ChatMailingDeps): ChatMailing {
  const onOwn = <T>(
    viewer: ChattingViewer,
    office: Office,
    work: (unit: Unit<ChattingViewer>, row: ChatRow) => Promise<T>,
  ): Promise<T | NotFound> =>
    deps.unit(viewer, office.id, async (each) => {
      const row = await readChatForUpdate(each.tx, viewer.chat);
      return row && isAnswered(row) && !row.isForgotten ? work(each, row) : NOT_FOUND;
    });
  return {
    ask: (viewer, office, email) =>
      onOwn(viewer, office, (each, row) => ask(deps, each, row, tidyEmail(email))),

    asked: ({ chat }, office) =>
      within(deps.db, office.id, async (tx) => {
        const row = await readChat(tx, chat);
        const [code] = await readChatCodes(tx, chat);
        const key = row && code && (await deps.keyring.shelf(tx, placeOf(row)));
        return key ? unsealText(key, placeOf(row), emailOf(code.id), code.sealedEmail) : null;
      }),

    send: (viewer, office, typed) =>
      onOwn(viewer, office, (each, row) => send(deps, each, row, typed)),
  };
}

async function ask(
  { keyring, key }: ChatMailingDeps,
  unit: Unit,
  row: ChatRow,
  email: string,
): Promise<AskResult> {
  if (!isEmail(email)) return { ok: false, reason: 'email' };
  const { now } = unit;
  const at = nextCodeAt(await readChatCodes(unit.tx, row.id), now);
  if (at) return { ok: false, reason: 'too_soon', at };
  const id = key.newId();
  const expiresAt = now.add({ minutes: CODE_MINUTES });
  const seal = await sealerOf(keyring, unit.tx, row);
  await insertChatCode(unit, { id, chat: row.id, email: seal(emailOf(id), email), expiresAt });
  await owe(unit, row, 'code', { email, expiresAt, facts: { code: id, isForChat: true } });
  return { ok: true };
}

async function send(
  { keyring, key }: ChatMailingDeps,
  unit: Unit,
  row: ChatRow,
  typed: string,
): Promise<MailResult> {
  const { tx, now } = unit;
  const [code] = upTo(await readChatCodes(tx, row.id), now);
  if (!code || !isOpen(code, now)) return { ok: false, reason: 'ended' };
  const isRight = sameHash(hashSecret(readDigits(typed)), hashSecret(digitsOf(key, code.id)));
  const tries = code.tries + 1;
  await countChatTry(unit, code.id, { tries, ended: isRight ? now : null });
  if (!isRight) {
    const left = MOST_TRIES - tries;
    return left > 0 ? { ok: false, reason: 'wrong', left } : { ok: false, reason: 'ended' };
  }
  const shelf = await keyring.shelf(tx, placeOf(row));
  if (!shelf) return NOT_FOUND;
  const email = unsealText(shelf, placeOf(row), emailOf(code.id), code.sealedEmail);
  await owe(unit, row, 'chat', {
    ...{ email, expiresAt: now.add(LIVES) },
    facts: { wrote: 'transcript' },
  });
  await unit.record('chat_mailed', { data: { chat: row.id }, topic: topicOf(row.id) });
  return { ok: true, email };
}

async function owe(
  unit: Unit,
  { id, language }: ChatRow,
  kind: Extract<NoticeKind, 'code' | 'chat'>,
  to: { email: string; expiresAt: Temporal.Instant; facts: ExtraFacts },
): Promise<void> {
  const notice = {
    ...({ id: randomUUID(), kind, channel: 'email', recipient: to.email, language } as const),
    facts: { ...factsWithout({ id, reference: '', language, link: 0 }), ...to.facts },
    not_before: unit.now.toString(),
    expires_at: to.expiresAt.toString(),
  };
  await oweNotices(unit, { office: unit.office, appointment: null, chat: id }, [notice]);
}

/** Returns what adds the conversation to its mail when that is sent: the outbox has no word of it. */
export const createChatEnclosures = ({
  db,
  keyring,
  attendants,
}: Pick<ChatMailingDeps, 'db' | 'keyring'> & {
  attendants: {
    firstNames(office: Office, staff: readonly number[]): Promise<ReadonlyMap<number, string>>;
  };
}): Enclosures => ({
  async of({ kind, chat: id, facts, language }, office) {
    if (kind !== 'chat' || facts.wrote !== 'transcript' || id === null) return [];
    const found = await within(db, office.id, async (tx) => {
      const row = await readChat(tx, id);
      if (!row || row.isForgotten) return null;
      const rows = await readEntries(tx, id, { after: 0, withNotes: false });
      return {
        chat: await openChat(keyring, tx, row),
        entries: await openEntries(keyring, tx, row, rows),
      };
    });
    if (!found) return null;
    const staff = new Set(found.entries.flatMap(({ by }) => staffIn(by) ?? []));
    const names = await attendants.firstNames(office, [...staff]);
    const t = translateTo(language);
    const written = { office, ...found, names };
    const filename = transcriptName(written, t);
    const text = transcriptOf(written, t);
    return [{ filename, contentType: 'text/plain; charset=utf-8', text }];
  },
});
