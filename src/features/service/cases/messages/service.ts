import { randomUUID } from 'node:crypto';
import type { Office } from '../../../../domain/office/types.ts';
import { isSaidAgain } from '../../../../domain/said-again.ts';
import { sealText, unsealText } from '../../../../lib/envelope/seal.ts';
import {
  type ApplicantViewer,
  actorOf,
  type StaffViewer,
  type Viewer,
} from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { applicantOf } from '../applicant.ts';
import { type CasesDeps, findTheirs } from '../keeping.ts';
import { placeOf } from '../sealing.ts';
import { tellApplicant } from '../telling.ts';
import { type CaseRow, DRAFT } from '../types.ts';
import { readCase, readCaseForUpdate } from '../views.ts';
import { MESSAGE_LENGTH, whyNotWriteMessage } from './rules.ts';
import { insertMessage, setMessagesSeen } from './store.ts';
import type { CaseMessage, Conversation, WriteMessageResult } from './types.ts';
import { type MessageRow, readMessages } from './views.ts';

export { MESSAGE_LENGTH } from './rules.ts';

/** What an office and whoever handed a case in write to each other about it (docs/adr/0117). */
export interface CaseMessages {
  /**
   * Returns the messages of a case, or the newest ones, at most `most`; null: it isn't the viewer's, or was not handed in. Those of its person count as seen
   * once whoever handles the case has them.
   */
  ofCase(
    viewer: StaffViewer | ApplicantViewer,
    office: Office,
    id: string,
    most?: number,
  ): Promise<Conversation | null>;
  /** Writes to the other side. The person is told that there is a message, and not what it says. The same words sent twice in a row are one message. */
  write(
    viewer: StaffViewer | ApplicantViewer,
    office: Office,
    id: string,
    text: string,
  ): Promise<WriteMessageResult>;
}

/** The messages that a page shows unless all are asked for. */
export const MESSAGES_SHOWN = 50;
/** How long the news of a message waits, in minutes: several that are written one after the other are told once. */
const TOLD_AFTER = 2;

export function createCaseMessages(deps: Pick<CasesDeps, 'unit' | 'keyring'>): CaseMessages {
  const { unit, keyring } = deps;
  return {
    ofCase: (viewer, office, id, most = Number.POSITIVE_INFINITY) =>
      unit(viewer, office.id, async (each) => {
        const row = await findHandedIn(each, id, readCase);
        if (!row) return null;
        const written = await readMessages(each.tx, id);
        const last = written.at(-1);
        if (last && viewer.kind === 'staff' && viewer.staff === row.assignee)
          await setMessagesSeen(each, id, last.number);
        const shown = written.slice(-most);
        return {
          messages: await openMessages(keyring, each, row, shown),
          older: written.length - shown.length,
          isTold: await hasAddress(keyring, each, row),
          obstacle: whyNotWriteMessage(viewer, row, { written, now: each.now }),
        };
      }),

    write: (viewer, office, id, text) =>
      unit(viewer, office.id, async (each) => {
        const row = await findHandedIn(each, id, readCaseForUpdate);
        return row ? write(keyring, each, row, text.trim()) : { ok: false, reason: 'not_found' };
      }),
  };
}

async function findHandedIn(
  each: Unit,
  id: string,
  read: typeof readCase,
): Promise<CaseRow | null> {
  const row = await findTheirs(each, id, read);
  return row && row.state !== DRAFT ? row : null;
}

async function write(
  keys: Pick<CasesDeps['keyring'], 'make' | 'shelf'>,
  unit: Unit,
  row: CaseRow,
  text: string,
): Promise<WriteMessageResult> {
  if (text === '') return { ok: false, reason: 'empty' };
  if (text.length > MESSAGE_LENGTH) return { ok: false, reason: 'long' };
  const { tx, viewer, now, record } = unit;
  const written = await readMessages(tx, row.id);
  const reason = whyNotWriteMessage(viewer, row, { written, now });
  if (reason && reason !== 'many') return { ok: false, reason };
  const [newest] = await openMessages(keys, unit, row, written.slice(-1));
  if (isSaidAgain(newest, { by: actorOf(viewer), text, at: now }))
    return { ok: true, isTold: await hasAddress(keys, unit, row) };
  if (reason) return { ok: false, reason };
  const side = sideOf(viewer);
  const id = randomUUID();
  const key = await keys.make(tx, placeOf(row));
  const sealed = sealText(key, placeOf(row), messageOf(id), text);
  await insertMessage(unit, { id, case: row.id, side, sealed });
  await record('case_message_written', { data: { case: row.id, message: id } });
  if (side === 'person') return { ok: true, isTold: await hasAddress(keys, unit, row) };
  const news = { news: 'message', after: { minutes: TOLD_AFTER } } as const;
  return { ok: true, isTold: await tellApplicant(keys, unit, row, news) };
}

async function hasAddress(
  keys: Pick<CasesDeps['keyring'], 'shelf'>,
  { tx }: Unit,
  row: CaseRow,
): Promise<boolean> {
  const who = await applicantOf(keys, tx, row);
  return Boolean(who?.email || who?.phone);
}

const sideOf = (viewer: Viewer) => (viewer.kind === 'staff' ? 'office' : 'person');

/** For what the text of a message is sealed. */
const messageOf = (id: string): string => `message ${id}`;

async function openMessages(
  keys: Pick<CasesDeps['keyring'], 'shelf'>,
  { tx }: Unit,
  row: CaseRow,
  messages: readonly MessageRow[],
): Promise<CaseMessage[]> {
  const key = messages.length > 0 ? await keys.shelf(tx, placeOf(row)) : null;
  if (!key) return [];
  return messages.map(({ sealed, ...message }) => ({
    ...message,
    text: unsealText(key, placeOf(row), messageOf(message.id), sealed),
  }));
}
