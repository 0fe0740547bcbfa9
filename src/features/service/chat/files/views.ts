import { sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import type { DueSql } from '../../../../lib/jobs/due.ts';
import type { ChatFile } from '../types.ts';

/** A file as its row has it. */
export interface FileRow extends Omit<ChatFile, 'name'> {
  chat: string;
  declared: string;
  checks: number;
  sealedName: Buffer;
  /** Null: it was refused. */
  sealed: Buffer | null;
}

const selectFiles = (tx: Tx) =>
  tx
    .selectFrom('chat_file')
    .select(['id', 'chat_id as chat', 'declared', 'type', 'size', 'state', 'why', 'checks'])
    .select(['name as sealedName', 'bytes as sealed']);
type Row = Awaited<ReturnType<ReturnType<typeof selectFiles>['executeTakeFirstOrThrow']>>;

const toFile = ({ state, ...row }: Row): FileRow => ({ ...row, state: state as FileRow['state'] });

/** Reads a file with its bytes; null: there is none. */
export async function readFile(tx: Tx, id: string): Promise<FileRow | null> {
  const row = await selectFiles(tx).where('id', '=', id).executeTakeFirst();
  return row ? toFile(row) : null;
}

/** Reads a file and locks it until the transaction ends. */
export async function readFileForUpdate(tx: Tx, id: string): Promise<FileRow | null> {
  const row = await selectFiles(tx).where('id', '=', id).forUpdate().executeTakeFirst();
  return row ? toFile(row) : null;
}

/** Returns how many bytes the files of a conversation have together. */
export async function readFilesSize(tx: Tx, chat: string): Promise<number> {
  const { size } = await tx
    .selectFrom('chat_file')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('size'), eb.lit(0)).as('size'))
    .where('chat_id', '=', chat)
    .executeTakeFirstOrThrow();
  return Number(size);
}

/** When the first file is to be checked. */
export const chatFilesDue: DueSql = sql`select min(check_at) from chat_file where check_at is not null`;
