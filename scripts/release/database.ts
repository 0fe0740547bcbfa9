import { writeBackup } from '../../src/lib/backup/dump.ts';
import { populate } from '../../src/lib/backup/testing/town.ts';
import { memoryBlobs } from '../../src/lib/blobs/testing/memory.ts';
import { testDatabase } from '../../src/lib/db/testing.ts';
import startTestServer from '../../src/lib/db/testing-server.ts';
import { VERSION } from '../../src/paths.ts';

/**
 * Writes a database of this version to a new file, as `finestreta backup` would: an invented town, with
 * a row in
 * every table. It has no real personal data.
 */
export async function writeDatabase(path: string): Promise<void> {
  const stop = await startTestServer();
  const database = await testDatabase();
  try {
    await populate(database);
    const facts = { madeAt: '2026-11-30T08:00:00Z', version: VERSION };
    const blobs = memoryBlobs();
    await writeBackup({ connection: database.owner, path, facts, recipients: [], blobs });
  } finally {
    await database.close();
    await stop?.();
  }
}
