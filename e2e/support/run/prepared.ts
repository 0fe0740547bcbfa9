import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../processes.ts';
import { startServer } from '../server.ts';
import { DEMO_TOWN, MORNING } from '../town.ts';

/**
 * Vitest's global set-up: the demo town as it is a little before MORNING, made once, of which each town that opens then is a
 * copy. Copies don't wait until what they write is on the disk.
 */
export default async function prepareTown(): Promise<(() => void) | undefined> {
  // Two kinds of tests share it.
  if (process.env.PREPARED_TOWN) return undefined;
  const folder = temporaryFolder();
  const dataDir = join(folder.path, 'data');
  const before = Temporal.Instant.from(MORNING).subtract({ minutes: 5 });
  const server = await startServer({
    dataDir,
    env: { CLOCK: before.toString(), TOWN_FILE: DEMO_TOWN },
  });
  await server.stop();
  const settings = join(dataDir, 'postgres', 'cluster', 'local.conf');
  writeFileSync(settings, 'fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n');
  process.env.PREPARED_TOWN = dataDir;
  return () => folder.remove();
}
