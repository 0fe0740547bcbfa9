import { sql } from 'kysely';
import { type Db, INSTALLATION, within } from '../../../../lib/db/database.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { Verdict } from '../../documents/types.ts';

/** Keeps a file that is still to be checked. */
export async function insertFile(
  { tx, office, now }: Unit,
  file: {
    id: string;
    chat: string;
    entry: string;
    declared: string;
    size: number;
    sealedName: Buffer;
    sealed: Buffer;
    checkAt: Temporal.Instant;
  },
): Promise<void> {
  await tx
    .insertInto('chat_file')
    .values({
      id: file.id,
      office_id: office,
      chat_id: file.chat,
      entry_id: file.entry,
      state: 'checking',
      state_at: now.toString(),
      declared: file.declared.slice(0, 200),
      size: file.size,
      name: file.sealedName,
      bytes: file.sealed,
      check_at: file.checkAt.toString(),
    })
    .execute();
}

/** Keeps the verdict on a locked file. `isGone`: its bytes are not kept. */
export async function setFileState(
  { tx, now }: Unit,
  id: string,
  found: Verdict,
  { checkAt, isGone }: { checkAt: Temporal.Instant | null; isGone: boolean },
): Promise<void> {
  await tx
    .updateTable('chat_file')
    .set({
      state: found.verdict,
      state_at: now.toString(),
      why: 'why' in found ? found.why : null,
      ...('type' in found && { type: found.type }),
      check_at: checkAt?.toString() ?? null,
      ...(isGone && { bytes: null }),
    })
    .where('id', '=', id)
    .execute();
}

/** Takes a file that is due for a check, so that no other process does until then; null: none is due. */
export async function takeToCheck(
  db: Db,
  now: Temporal.Instant,
  until: Temporal.Instant,
): Promise<{ id: string; office: number } | null> {
  return within(db, INSTALLATION, async (tx) => {
    const { rows } = await sql<{ id: string; office: number }>`
      update chat_file set check_at = ${until.toString()}::timestamptz, checks = checks + 1
      where id = (select id from chat_file where check_at <= ${now.toString()}::timestamptz
        order by check_at limit 1 for update skip locked)
      returning id, office_id as office`.execute(tx);
    return rows[0] ?? null;
  });
}
