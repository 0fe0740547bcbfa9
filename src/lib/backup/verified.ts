import {
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from 'age-encryption';
import { type DumpOptions, dumpTo } from './dump.ts';
import { BackupError } from './format.ts';
import { checkBackup } from './load.ts';
import type { BackupPlace, BackupSource } from './places/types.ts';

export interface VerifiedDump extends DumpOptions {
  /** The folder of the migrations. */
  migrations: string;
}

export interface Verified {
  /** Rows of all tables. */
  rows: number;
  bytes: number;
}

/** Writes a verified backup to a place (see `verifyWritten`). */
export async function writeVerified(
  place: BackupPlace,
  name: string,
  dump: VerifiedDump,
): Promise<Verified> {
  const rows = await verifyWritten(dump, place.read(name), (options) =>
    dumpTo(options, (bytes) => place.write(name, bytes)),
  );
  const bytes = (await place.list()).find((each) => each.name === name)?.bytes ?? 0;
  return { rows: Object.values(rows).reduce((sum, each) => sum + each, 0), bytes };
}

/**
 * Writes a backup, then reads it again to its end and compares it with what was written. An encrypted one is also encrypted to an identity
 * that only this call knows and forgets: nothing that stays on this machine opens it. Returns the number of rows of each table.
 * @throws BackupError when it can't be written, or is not there as it was written
 */
export async function verifyWritten(
  { migrations, ...dump }: VerifiedDump,
  source: BackupSource,
  write: (options: DumpOptions) => Promise<Record<string, number>>,
): Promise<Record<string, number>> {
  const identity = dump.recipients.length > 0 ? await identityLike(dump.recipients) : null;
  const mine = identity ? [await identityToRecipient(identity)] : [];
  const written = await write({ ...dump, recipients: [...dump.recipients, ...mine] });
  const read = await readAgain(source, migrations, identity ? [identity] : []);
  if (JSON.stringify(read) !== JSON.stringify(written))
    throw new BackupError(`${source.name} is not as it was written.`);
  return written;
}

async function readAgain(
  source: BackupSource,
  migrations: string,
  identities: readonly string[],
): Promise<Record<string, number>> {
  try {
    return (await checkBackup(source, migrations, identities)).rows;
  } catch (error) {
    const { message } = error as Error;
    throw new BackupError(`${source.name} was written, and can't be read again: ${message}`);
  }
}

/** Returns a new identity of the same kind as the recipients: files for identities that outlast quantum computers stay so. */
const identityLike = (recipients: readonly string[]): Promise<string> =>
  recipients.every((each) => each.startsWith('age1pq'))
    ? generateHybridIdentity()
    : generateX25519Identity();
