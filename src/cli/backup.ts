import { statSync } from 'node:fs';
import type { Config } from '../config.ts';
import { demandOwnHost } from '../features/bodies/service.ts';
import { writeBackup } from '../lib/backup/dump.ts';
import { openBlobs } from '../lib/blobs/open.ts';
import { systemClock } from '../lib/clock.ts';
import { readStoredKey } from '../lib/secrets.ts';
import { VERSION } from '../paths.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';
import { hasDatabase, reachDatabase } from './reach.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Everything in one file, while the server runs. */
export async function backUp({ config, words }: Call): Promise<number> {
  const path = words[0];
  if (!path) throw new CommandError('Into which file? finestreta backup FILE');
  if (!hasDatabase(config)) {
    throw new CommandError(
      `There is nothing to back up: ${config.dataDir} has no database (set DATA_DIR or DATABASE_URL as for the server).`,
    );
  }
  const key = keyOf(config);
  const reached = await reachDatabase(config);
  try {
    await demandOwnHost(reached.connection, config.baseUrl);
    const rows = await writeBackup({
      connection: reached.connection,
      path,
      blobs: openBlobs(config),
      facts: {
        madeAt: systemClock.now().round('second').toString(),
        version: VERSION,
        key: key?.toString('base64') ?? null,
      },
    });
    say(summary(path, rows));
    if (!key) warn(config);
    return 0;
  } finally {
    await reached.close();
  }
}

/** The key that the server uses; null: it has none yet. */
export function keyOf({ installationKey, dataDir }: Config): Buffer | null {
  return installationKey ? Buffer.from(installationKey, 'base64') : readStoredKey(dataDir);
}

function summary(path: string, rows: Record<string, number>): string {
  const total = Object.values(rows).reduce((sum, each) => sum + each, 0);
  const size = statSync(path).size / 1024;
  const words = size < 1024 ? `${Math.ceil(size)} kB` : `${(size / 1024).toFixed(1)} MB`;
  return (
    `Backed up into ${path}: ${rows['public.appointment'] ?? 0} appointments, ${total} rows in all, ${words}.\n` +
    "It holds everybody's data and the installation's key: keep it as you would keep the key."
  );
}

function warn({ dataDir }: Config): void {
  process.stderr.write(
    `Warning: there is no installation key in ${dataDir}, so the backup has none. With another key, the links that citizens were sent open nothing.\n`,
  );
}
