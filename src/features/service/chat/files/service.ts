import { randomUUID } from 'node:crypto';
import type { Office } from '../../../../domain/office/types.ts';
import type { Clock } from '../../../../lib/clock.ts';
import { type Db, within } from '../../../../lib/db/database.ts';
import { placeData } from '../../../../lib/envelope/place.ts';
import { seal, unseal } from '../../../../lib/envelope/seal.ts';
import type { SecurityLog } from '../../../../lib/security-events.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { ChattingViewer, StaffViewer } from '../../../../lib/viewer.ts';
import type { RunUnit } from '../../../foundation/audit/service.ts';
import { checkAgainAt, cleanName, isKept, isTriedEnough } from '../../documents/rules.ts';
import type { Check, Verdict } from '../../documents/types.ts';
import { isAnswering, MOST_FILES, mayRead } from '../rules.ts';
import { type ChatKeys, fileNameOf, placeOf, sealerOf } from '../sealing.ts';
import { insertEntry, updateChat } from '../store.ts';
import { topicOf } from '../topics.ts';
import { countSent, findEntry, readChat, readChatForUpdate } from '../views.ts';
import { signOf } from '../writing.ts';
import { insertFile, setFileState, takeToCheck } from './store.ts';
import { readFile, readFileForUpdate, readFilesSize } from './views.ts';

/** A file that somebody sends. `key`: made by the browser; sent again it is kept once. */
export interface SentFile {
  key: string;
  name: string;
  /** The media type that the browser sent. */
  type: string;
  bytes: Uint8Array;
}

export type FileResult =
  | { ok: true; id: string; state: Verdict['verdict'] | 'checking' }
  | { ok: false; reason: 'not_found' | 'over' | 'empty' | 'large' | 'many' };

/** A file that can be read now. */
export interface OpenChatFile {
  name: string;
  type: string;
  bytes: Buffer;
}

/** Files of conversations: few and small, through the checks of all documents, sealed with the words and destroyed with them. */
export interface ChatFiles {
  /** Keeps a file, and checks it before anybody opens it. */
  send(
    viewer: ChattingViewer | StaffViewer,
    office: Office,
    chat: string,
    file: SentFile,
  ): Promise<FileResult>;
  /** Opens a clean file, which is recorded of a member of staff; null: there is none that the viewer may open. */
  open(
    viewer: ChattingViewer | StaffViewer,
    office: Office,
    chat: string,
    file: string,
  ): Promise<OpenChatFile | null>;
  /** Checks what was not checked yet: the antivirus was away, or a process ended. Returns how many. */
  check(): Promise<number>;
}

export interface ChatFilesDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  keyring: ChatKeys;
  check: Check;
  security?: SecurityLog;
}

const CHECK = { kind: 'system', why: 'check' } as const;
/** Minutes after which a check is repeated: the process that had it has ended. */
const CHECK_MINUTES = 5;

export function createChatFiles(deps: ChatFilesDeps): ChatFiles {
  const { db, clock, unit, keyring } = deps;
  return {
    async send(viewer, office, chat, file) {
      const kept = await keep(deps, viewer, office, chat, file);
      if (!kept.ok || kept.isThere)
        return kept.ok ? { ok: true, id: kept.id, state: 'checking' } : kept;
      return { ok: true, id: kept.id, state: await settle(deps, office.id, kept.id) };
    },

    open: (viewer, office, chat, id) =>
      unit(viewer, office.id, async (each) => {
        const row = isUuid(chat) && isUuid(id) ? await readChat(each.tx, chat) : null;
        if (!row || !mayRead(viewer, row)) return null;
        const file = await readFile(each.tx, id);
        if (file?.chat !== chat || file.state !== 'clean' || !file.sealed) return null;
        const key = await keyring.shelf(each.tx, placeOf(row));
        if (!key) return null;
        if (viewer.kind === 'staff')
          await each.record('chat_file_opened', { data: { chat, file: id } });
        const open = (what: string, sealed: Buffer) =>
          unseal(key, placeData(placeOf(row), what), sealed);
        const name = open(fileNameOf(id), file.sealedName).toString('utf8');
        return { name, type: file.type ?? '', bytes: open(bytesOf(id), file.sealed) };
      }),

    async check() {
      for (let done = 0; ; done++) {
        const now = clock.now();
        const due = await takeToCheck(db, now, now.add({ minutes: CHECK_MINUTES }));
        if (!due) return done;
        await settle(deps, due.office, due.id);
      }
    },
  };
}

/** For what the bytes of a file are sealed. */
const bytesOf = (id: string): string => `bytes ${id}`;

type Kept = { ok: true; id: string; isThere: boolean } | Extract<FileResult, { ok: false }>;

/** Seals a file into the conversation. */
function keep(
  { unit, keyring }: ChatFilesDeps,
  viewer: ChattingViewer | StaffViewer,
  office: Office,
  chat: string,
  file: SentFile,
): Promise<Kept> {
  return unit(viewer, office.id, async (each): Promise<Kept> => {
    const row = isUuid(chat) ? await readChatForUpdate(each.tx, chat) : null;
    if (!row || !mayRead(viewer, row)) return { ok: false, reason: 'not_found' };
    // Nobody has asked for files of somebody who waits.
    const may = viewer.kind === 'staff' ? isAnswering(viewer, row) : row.state === 'talking';
    if (!may) return { ok: false, reason: 'over' };
    const size = file.bytes.byteLength;
    if (size === 0) return { ok: false, reason: 'empty' };
    if (size > MOST_FILES.bytes) return { ok: false, reason: 'large' };
    const entry = isUuid(file.key) ? file.key : randomUUID();
    if ((await findEntry(each.tx, chat, entry)) !== null)
      return { ok: true, id: entry, isThere: true };
    const { files } = await countSent(each.tx, chat, each.now);
    const all = (await readFilesSize(each.tx, chat)) + size;
    if (files >= MOST_FILES.files || all > MOST_FILES.allBytes)
      return { ok: false, reason: 'many' };
    const side = viewer.kind === 'staff' ? 'office' : 'person';
    const sealText = await sealerOf(keyring, each.tx, row);
    const key = await keyring.make(each.tx, placeOf(row));
    const line = { id: entry, chat, side, kind: 'file', language: null, sealed: null } as const;
    await insertEntry(each, line);
    await insertFile(each, {
      ...{ id: entry, chat, entry, declared: file.type, size },
      sealedName: sealText(fileNameOf(entry), cleanName(file.name)),
      sealed: seal(key, placeData(placeOf(row), bytesOf(entry)), file.bytes),
      checkAt: each.now.add({ minutes: CHECK_MINUTES }),
    });
    await updateChat(each, chat, signOf(row, side, each.now, true));
    await each.record('chat_file', { data: { chat, file: entry, side }, topic: topicOf(chat) });
    return { ok: true, id: entry, isThere: false };
  });
}

/** Checks a file, and keeps the verdict. What is refused loses its bytes. */
async function settle(
  deps: ChatFilesDeps,
  office: number,
  id: string,
): Promise<Verdict['verdict']> {
  const found = await verdictOn(deps, office, id);
  await deps.unit(CHECK, office, async (unit) => {
    const file = await readFileForUpdate(unit.tx, id);
    if (!file || file.state === 'clean') return;
    const checkAt = found.verdict === 'error' ? checkAgainAt(file.checks, unit.now) : null;
    const isGone = !isKept(found.verdict);
    await setFileState(unit, id, found, { checkAt, isGone });
    unit.tell(topicOf(file.chat));
  });
  if (found.verdict === 'infected')
    deps.security?.note('upload.infected', { document: id, office });
  return found.verdict;
}

async function verdictOn(deps: ChatFilesDeps, office: number, id: string): Promise<Verdict> {
  try {
    const opened = await within(deps.db, office, async (tx) => {
      const file = await readFile(tx, id);
      const place = file && placeOf({ id: file.chat, office });
      const key = place && (await deps.keyring.shelf(tx, place));
      if (!file?.sealed || !key || !place) return null;
      const clear = (what: string, sealed: Buffer) => unseal(key, placeData(place, what), sealed);
      const name = clear(fileNameOf(id), file.sealedName).toString('utf8');
      return { name, type: file.declared, bytes: clear(bytesOf(id), file.sealed), file };
    });
    if (!opened) return { verdict: 'refused', why: 'broken' };
    const { state, checks } = opened.file;
    if (isTriedEnough({ state, checks })) return { verdict: 'unscannable', why: 'not_whole' };
    const { bytes, name, type } = opened;
    const source = {
      size: bytes.length,
      read: async function* (from = 0, to = bytes.length) {
        yield bytes.subarray(from, to);
      },
    };
    return await deps.check(source, { name, type });
  } catch {
    return { verdict: 'error', why: 'failed' };
  }
}
