import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { checkTownWithAreas } from './area-files.ts';
import type { Config } from './config.ts';
import { type Context, openContext, wireUnder } from './context.ts';
import { beginLife, demoClock, type LivingDemo } from './demo/life.ts';
import { type OpenTools, openTools } from './demo/tools.ts';
import { tellDemoRequests } from './demo-requests.ts';
import { bringDemoResidents } from './demo-residents.ts';
import { applyTown, peopleOf } from './features/booking/administration/service.ts';
import { takeHost } from './features/foundation/offices/service.ts';
import { readTownForms } from './form-files.ts';
import { formatPlain } from './lib/encryption.ts';
import { PlainError } from './lib/plain-error.ts';
import type { Fetch } from './listening.ts';
import { DEMO_TOWN } from './paths.ts';
import { createApp, createLanApp } from './web/app.ts';
import type { BeginAgain } from './web/demo/types.ts';
import { startWorker } from './worker.ts';

/** A running town, in the roles of its configuration. */
export interface Instance {
  context: Context;
  /** Null: it doesn't serve pages. */
  fetch: Fetch | null;
  /** Answers telephones of the own network, in a demo that is served to it; null: it is not. */
  lanFetch: Fetch | null;
  /** Resolves with the reason when it can't continue: its database has ended for good. */
  gone: Promise<string>;
  /** Ends the streams, which would keep the server from closing. */
  endStreams(): void;
  close(): Promise<void>;
}

export interface InstanceOptions {
  /** What has a demo begin again; null: it can't. */
  again?: BeginAgain | null;
}

/** Opens a town: migrates its database, applies its declarations, and starts its pages and its background work. */
export async function openInstance(
  given: Config,
  log?: Logger,
  { again = null }: InstanceOptions = {},
): Promise<Instance> {
  const tools = given.demoLife ? await openTools(given, again) : null;
  const config = tools?.config ?? given;
  const clock = config.demoLife ? demoClock(config) : null;
  try {
    const context = await openContext(config, { ...(log && { log }), ...(clock && { clock }) });
    for (const name of config.withoutTls) context.log.warn(formatPlain(name));
    try {
      tools?.tidy();
      await ensureTown(context);
      await takeHost(context.database.kysely, config.baseUrl);
      const life: LivingDemo | null = clock && (await beginLife(context, clock));
      return serving(context, life, tools);
    } catch (error) {
      await context.close();
      throw error;
    }
  } catch (error) {
    await tools?.close();
    throw error;
  }
}

/** Starts the pages and the background work of an open town. */
function serving(context: Context, life: LivingDemo | null, tools: OpenTools | null): Instance {
  const { roles, lan } = context.config;
  const app = roles.has('web') ? createApp(context, { life, tools }) : null;
  const there = app && lan && tools?.lan ? wireUnder(lan.url, context) : null;
  const lanApp = there && createLanApp(there, { door: tools!.lan!, again: tools!.again });
  const worker = roles.has('worker') ? startWorker(context) : null;
  return {
    context,
    fetch: app && ((request, bindings) => app.fetch(request, bindings as object)),
    lanFetch: lanApp && ((request, bindings) => lanApp.fetch(request, bindings as object)),
    gone: context.database.embedded?.exited ?? new Promise(() => {}),
    endStreams: () => {
      context.streams.close();
      there?.streams.close();
    },
    close: async () => {
      context.streams.close();
      await life?.stop();
      await worker?.stop();
      await there?.close();
      await context.close();
      await tools?.close();
    },
  };
}

/** Declares a town in an empty database: the town file in the environment, else the demo town. */
async function ensureTown(context: Context): Promise<void> {
  const { config, database, clock, log, staff, offices, tokens } = context;
  const { rowCount } = await database.pool.query('select from town');
  if (rowCount && !config.demo) {
    const accounts = await staff.endDemo();
    if (accounts > 0) log.warn(`Took away ${accounts} accounts that demo mode had made`);
    for (const office of await offices.list()) await tokens.endDemo(office);
  }
  const file = config.townFile ?? (config.demo ? DEMO_TOWN : null);
  if (rowCount === 0 && !file) {
    log.warn(
      'The database is empty: apply a town file with "finestreta town apply FILE", or set TOWN_FILE.',
    );
  }
  if (!file) return;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new PlainError(`TOWN_FILE names ${file}, which can't be read (${error.code}).`);
  });
  const { checked, areas, mistakes: wrongAreas } = await checkTownWithAreas(file, text);
  if (wrongAreas.length > 0)
    throw new PlainError(`The areas of ${file} have mistakes:\n  ${wrongAreas.join('\n  ')}`);
  if (!checked.ok) {
    const mistakes = checked.mistakes.map((each) => `  line ${each.line}: ${each.message}`);
    throw new PlainError(`${file} has mistakes:\n${mistakes.join('\n')}`);
  }
  if (rowCount === 0) {
    const { forms, mistakes } = await readTownForms(file, checked.town);
    if (mistakes.length > 0)
      throw new PlainError(`The forms of ${file} have mistakes:\n  ${mistakes.join('\n  ')}`);
    await applyTown(database.kysely, checked.town, clock.now(), { forms, areas });
    log.info(`Applied ${file}`);
  }
  if (config.demo) {
    await staff.seedDemo(peopleOf(checked.town));
    for (const office of await offices.list()) await tokens.seedDemo(office);
    await bringDemoResidents(context);
    // What is told in it stays, and is not told again at the next start.
    if (rowCount === 0 && file === DEMO_TOWN) await tellDemoRequests(context);
  }
}
