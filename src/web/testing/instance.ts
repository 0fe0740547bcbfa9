import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { type Logger, pino } from 'pino';
import { readConfig } from '../../config.ts';
import { type Context, openContext } from '../../context.ts';
import { applyTown } from '../../features/booking/administration/service.ts';
import { checkTownFile } from '../../formats/town-file/reading/check.ts';
import type { Clock } from '../../lib/clock.ts';
import { addressesOf, type TestDatabase, testDatabase } from '../../lib/db/testing.ts';
import { createApp } from '../app.ts';

/**
 * The whole service as in production, with all routes, on a database of its own, without a build; in
 * demo mode.
 */
export interface Instance {
  context: Context;
  app: Hono;
  database: TestDatabase;
  close(): Promise<void>;
}

/**
 * Opens it. `town`: the text of a town file. `clock`: the start of its clock, which then runs. `log`: the target of its log. `env`: more of the environment.
 * `hand`: a clock in place of its own.
 */
export async function openInstance(
  town: string,
  clock: string,
  {
    log = pino({ level: 'silent' }),
    env = {},
    hand,
  }: {
    log?: Logger;
    env?: Record<string, string> | ((of: TestDatabase) => Record<string, string>);
    hand?: Clock;
  } = {},
): Promise<Instance> {
  const database = await testDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'finestreta-house-'));
  const config = readConfig({
    ...addressesOf(database),
    DATA_DIR: dataDir,
    DEMO: '1',
    CLOCK: clock,
    LOG_LEVEL: 'silent',
    ...(typeof env === 'function' ? env(database) : env),
  });
  const context = await openContext(config, { log, ...(hand && { clock: hand }) });
  const checked = checkTownFile(town);
  if (!checked.ok) throw new Error(checked.mistakes.map((each) => each.message).join('\n'));
  await applyTown(database.kysely, checked.town, context.clock.now());
  return {
    context,
    app: createApp(context, { publicDir: '/nowhere' }),
    database,
    close: async () => {
      await context.close();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
