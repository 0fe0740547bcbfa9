import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, temporaryFolder } from './processes.ts';
import { startServer } from './server.ts';
import { DEMO_TOWN, MORNING } from './town.ts';

/**
 * Vitest's global set-up: the demo town as it is a little before MORNING, made once, of which each town that opens then is a
 * copy. Copies don't wait until what they write is on the disk. Also the compiled code of the server, which each server of
 * the run reads instead of compiling its own.
 */
export default async function prepareTown(): Promise<() => void> {
  const folder = temporaryFolder();
  process.env.COMPILED_CODE = join(folder.path, 'compiled');
  compileServer(process.env.COMPILED_CODE);
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

/** Keeps the compiled code of the server's modules in a folder. The command has nearly all that the server has. */
function compileServer(folder: string): void {
  spawnSync(process.execPath, [join(ROOT, 'dist', 'server', 'cli.js'), 'help'], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', NODE_COMPILE_CACHE: folder },
  });
}
