import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { type Context, openContext } from '../../src/context.ts';
import { INSTALLATION, type Tx, within } from '../../src/lib/db/database.ts';
import { handBackFolders } from '../../src/run-as.ts';
import { freePort, ROOT, temporaryFolder } from './processes.ts';
import { type RunningServer, startServer } from './server.ts';

/** A town whose server may be started again at a later hour, on the same data and under the same address. */
export interface Town extends AsyncDisposable {
  origin: string;
  server: RunningServer;
  /** Stops the server and starts it with its clock at this instant. */
  comeTo(clock: string): Promise<void>;
  /** Looks into the database beside the running server. */
  look<T>(read: (tx: Tx) => Promise<T>): Promise<T>;
  /** Works beside the running server, as the operator's commands do. */
  operate<T>(work: (context: Context) => Promise<T>): Promise<T>;
}

export const DEMO_TOWN = join(ROOT, 'towns', 'vilaclara.yaml');

/** Returns the text of the demo town's file for a file in another folder. */
export const demoTown = (): string =>
  readFileSync(DEMO_TOWN, 'utf8').replace(
    /^ {2}(forms|areas): (.*)$/gm,
    (_, key: string, place: string) => `  ${key}: ${join(ROOT, 'towns', place)}`,
  );
/** A Wednesday in the demo town, an hour before the first desk opens. */
export const MORNING = '2026-11-25T07:30:00+01:00';

/** The clock of a server, which runs from the instant with which it was started. */
export function runningClock() {
  let from = '';
  let startedAt = 0;
  return {
    start(instant: string): void {
      from = instant;
      startedAt = performance.now();
    },
    now(): string {
      const milliseconds = Math.round(performance.now() - startedAt);
      return Temporal.Instant.from(from).add({ milliseconds }).toString();
    },
  };
}

export async function openTown(options: {
  clock: string;
  smtpUrl?: string;
  dataDir?: string;
  townFile?: string;
  env?: Record<string, string>;
}): Promise<Town> {
  const folder = options.dataDir ? null : temporaryFolder();
  const dataDir = options.dataDir ?? join(folder?.path ?? '', 'data');
  const { DATABASE_URL } = options.env ?? {};
  if (options.clock === MORNING && !options.townFile && !DATABASE_URL) copyPrepared(dataDir);
  const port = await freePort();
  const origin = options.env?.BASE_URL ?? `http://localhost:${port}`;
  const hour = runningClock();
  const start = (clock: string) => {
    hour.start(clock);
    return startServer({
      dataDir,
      port,
      env: {
        BASE_URL: origin,
        CLOCK: clock,
        TOWN_FILE: options.townFile ?? DEMO_TOWN,
        SMTP_URL: options.smtpUrl,
        MAIL_FROM: 'cita@vilaclara.example',
        ...options.env,
      },
    });
  };
  const town: Town = {
    origin,
    server: await start(options.clock),
    comeTo: async (clock) => {
      await town.server.stop();
      town.server = await start(clock);
    },
    look: (read) => town.operate(({ database }) => within(database.kysely, INSTALLATION, read)),
    operate: (work) => {
      // The server's clock counts: its future may be our past.
      const place = { DATA_DIR: dataDir, DATABASE_URL, BASE_URL: origin, CLOCK: hour.now() };
      return operateOn(place, work);
    },
    [Symbol.asyncDispose]: async () => {
      await town.server.stop();
      folder?.remove();
    },
  };
  return town;
}

/** Works on the town of this environment, beside its server. */
export async function operateOn<T>(
  env: Record<string, string | undefined>,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const config = readConfig({ ...env, LOG_LEVEL: 'silent', DEMO: '1' });
  const context = await openContext(config, { join: true });
  try {
    return await work(context);
  } finally {
    await context.close();
    handBackFolders(() => [{ config }], true);
  }
}

/** Copies the folder that prepared.ts made for the whole run, unless there is one already. */
function copyPrepared(dataDir: string): void {
  const prepared = process.env.PREPARED_TOWN;
  if (!prepared || existsSync(dataDir)) return;
  const { status, stderr } = spawnSync('cp', ['-a', prepared, dataDir], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The prepared town could not be copied: ${stderr}`);
}

/** Runs the operator's command of the build; answers its exit code and all that it said. */
export function finestreta(
  words: string[],
  dataDir: string,
  more: Record<string, string> = {},
): { code: number | null; said: string } {
  const cli = join(ROOT, 'dist', 'server', 'cli.js');
  const run = spawnSync(process.execPath, [cli, ...words], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      DATA_DIR: dataDir,
      ...more,
    },
    encoding: 'utf8',
  });
  return { code: run.status, said: run.stdout + run.stderr };
}
