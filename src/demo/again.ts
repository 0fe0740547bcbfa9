import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { checkTownWithAreas } from '../area-files.ts';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { hostsOf } from '../features/foundation/offices/service.ts';
import { DEMO_TOWN } from '../paths.ts';
import { CASES_FILE, CLOCK_FILE } from './kept.ts';

/** Of the folder of data, what a demo has made: the database, what citizens sent, how far its clock is ahead and its cases are written. The keys stay. */
const MADE = ['postgres', 'documents', CLOCK_FILE, CASES_FILE, 'demo-trial', 'drill'];

/**
 * Returns whether everything in an installation may be removed: it is the demo's own town, in the embedded database, and was never served to
 * others. A town with another name or other offices is somebody's work, whatever the mode in which it runs now.
 */
export async function mayVanish({
  config,
  offices,
  database,
}: Pick<Context, 'config' | 'offices' | 'database'>): Promise<boolean> {
  if (!config.demo || !config.demoLife || config.databaseUrl || config.townFile || config.s3)
    return false;
  if (!database.embedded) return false;
  const { kept } = await hostsOf(database.kysely, config.baseUrl);
  if (kept !== null) return false;
  const text = await readFile(DEMO_TOWN, 'utf8');
  const { checked: declared } = await checkTownWithAreas(DEMO_TOWN, text);
  if (!declared.ok) return false;
  const town = await offices.town();
  const codes = (await offices.list()).map(({ code }) => code).toSorted();
  const own = Object.keys(declared.town.offices).toSorted();
  return town.name === declared.town.town.name && codes.join() === own.join();
}

const MOST_TRIES = 20;

/** Removes what a demo has made. Its database must have ended. */
export async function removeMade({ dataDir }: Pick<Config, 'dataDir'>): Promise<void> {
  for (const name of MADE) {
    const path = join(dataDir, name);
    for (let tries = 1; ; tries++) {
      try {
        await rm(path, { recursive: true, force: true });
        break;
      } catch (error) {
        // A process of the database may still be ending.
        if (tries === MOST_TRIES) throw error;
        await wait(50);
      }
    }
  }
}
