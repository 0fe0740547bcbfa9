import { statSync } from 'node:fs';
import type { Config } from '../config.ts';
import { demandOwnHost } from '../features/foundation/offices/service.ts';
import { readRecipients } from '../lib/backup/age.ts';
import { writeBackup } from '../lib/backup/dump.ts';
import { openBlobs } from '../lib/blobs/open.ts';
import { systemClock } from '../lib/clock.ts';
import { VERSION } from '../paths.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';
import { hasDatabase, reachDatabase } from './reach.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Writes everything except the root key into one encrypted file, while the server runs. */
export async function backUp({ config, options, words }: Call): Promise<number> {
  const path = words[0];
  if (!path) throw new CommandError('Into which file? finestreta backup FILE');
  if (!hasDatabase(config)) {
    throw new CommandError(
      `There is nothing to back up: ${config.dataDir} has no database (set DATA_DIR or DATABASE_URL as for the server).`,
    );
  }
  const recipients = recipientsOf(config, options);
  const reached = await reachDatabase(config);
  try {
    await demandOwnHost(reached.connection, config.baseUrl);
    const madeAt = systemClock.now().round('second').toString();
    const rows = await writeBackup({
      connection: reached.connection,
      path,
      recipients,
      blobs: openBlobs(config),
      facts: { madeAt, version: VERSION },
    });
    print(summary(path, rows));
    print(
      recipients.length > 0
        ? 'Only the identity of the recipient opens it.'
        : 'It is not encrypted: whoever has the file reads the name, address and telephone of everybody.',
    );
    print(
      'The root key is not in it: keep that apart (finestreta key export FILE --to RECIPIENT).',
    );
    return 0;
  } finally {
    await reached.close();
  }
}

/** Returns the recipients of the backup. @throws CommandError when there is neither a recipient nor the option for a readable backup */
function recipientsOf(config: Config, options: Call['options']): string[] {
  const said = typeof options.to === 'string' ? options.to : (config.backupRecipient ?? '');
  const recipients = readRecipients(said);
  if (recipients.length > 0 && options.unencrypted === true)
    throw new CommandError('It is either encrypted to a recipient or unencrypted: say one.');
  if (recipients.length > 0 || options.unencrypted === true || config.demo) return recipients;
  throw new CommandError(
    'To whom is the backup encrypted? --to RECIPIENT or BACKUP_RECIPIENT, an age recipient (age1…) whose identity is kept on ' +
      'another machine: age-keygen makes both. --unencrypted writes a file that everybody who has it can read.',
  );
}

function summary(path: string, rows: Record<string, number>): string {
  const total = Object.values(rows).reduce((sum, each) => sum + each, 0);
  const size = statSync(path).size / 1024;
  const words = size < 1024 ? `${Math.ceil(size)} kB` : `${(size / 1024).toFixed(1)} MB`;
  return `Backed up into ${path}: ${rows['public.appointment'] ?? 0} appointments, ${total} rows in all, ${words}.`;
}
