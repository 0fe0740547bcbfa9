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
import type { Budget } from './lib/db/connections/budget.ts';
import type { LoginFacts } from './lib/db/logins.ts';
import { formatPlain } from './lib/encryption.ts';
import { PlainError } from './lib/plain-error.ts';
import { closeAll } from './lib/process/close-all.ts';
import type { Fetch } from './listening.ts';
import { DEMO_TOWN } from './paths.ts';
import { createApp, createLanApp } from './web/app.ts';
import type { BeginAgain } from './web/demo/types.ts';
import { startWorker, type Worker } from './worker.ts';

/** A running town, in the roles of its configuration. */
export interface Instance {
  context: Context;
  /** Null: it doesn't serve pages. */
  fetch: Fetch | null;
  /** Answers telephones of the own network, in a demo that is served to it; null: it is not. */
  lanFetch: Fetch | null;
  /** Resolves with the reason when it can't continue: its database has ended for good. */
  gone: Promise<string>;
  /** Whether a page is open that is told what happens. */
  isWatched(): boolean;
  /**
   * Returns for how many milliseconds its background work has nothing to do unless something is committed, by a question to the database;
   * null: it is at work. Infinity: it does none here.
   */
  restsForMs(): Promise<number | null>;
  /** Keeps what its jobs did, and then closes idle connections to its database. Never rejects. */
  settle(): Promise<void>;
  /** Ends the streams, which would keep the server from closing. */
  endStreams(): void;
  close(): Promise<void>;
}

export interface InstanceOptions {
  /** What has a demo begin again; null: it can't. */
  again?: BeginAgain | null;
  /** The connections of all towns of the process together. */
  budget?: Budget;
  /** The facts of its database's login, if this process opened the town before: it then says nothing that it said at the first time. */
  login?: LoginFacts | undefined;
  /** Milliseconds after which its background work begins; 0 by default. */
  workAfterMs?: number;
  /** Called when somebody with a session of staff asks for something. */
  onStaff?: () => void;
}

/** Opens a town: migrates its database, applies its declarations, and starts its pages and its background work. */
export async function openInstance(
  given: Config,
  log?: Logger,
  { again = null, budget, login, workAfterMs = 0, onStaff = () => {} }: InstanceOptions = {},
): Promise<Instance> {
  const tools = given.demoLife ? await openTools(given, again) : null;
  const config = tools?.config ?? given;
  const clock = config.demoLife ? demoClock(config) : null;
  try {
    const context = await openContext(config, {
      ...(log && { log }),
      ...(clock && { clock }),
      budget,
      login,
    });
    if (!login) for (const each of warningsOf(config)) context.log.warn(each);
    try {
      tools?.tidy();
      await ensureTown(context);
      await takeHost(context.database.kysely, config.baseUrl);
      const life: LivingDemo | null = clock && (await beginLife(context, clock));
      return serving(noting(context, onStaff), { life, tools, workAfterMs });
    } catch (error) {
      await context.close();
      throw error;
    }
  } catch (error) {
    await tools?.close();
    throw error;
  }
}

/** Returns what an operator should know of a town's settings. */
function warningsOf({ withoutTls, roles, smtpUrl, demo }: Config): string[] {
  const isMute = roles.has('worker') && !smtpUrl && !demo;
  return [
    ...[...withoutTls].map(formatPlain),
    ...(isMute ? ['SMTP_URL is not set: mails to citizens and to staff wait in the outbox'] : []),
  ];
}

/** Returns the same town, which calls `onStaff` for each session of staff that it finds. */
function noting(context: Context, onStaff: () => void): Context {
  const session: Context['staff']['session'] = async (...asked) => {
    const found = await context.staff.session(...asked);
    if (found) onStaff();
    return found;
  };
  return { ...context, staff: { ...context.staff, session } };
}

/** Starts the pages and the background work of an open town. */
function serving(
  context: Context,
  {
    life,
    tools,
    workAfterMs,
  }: { life: LivingDemo | null; tools: OpenTools | null; workAfterMs: number },
): Instance {
  const { roles, lan } = context.config;
  const app = roles.has('web') ? createApp(context, { life, tools }) : null;
  const there = app && lan && tools?.lan ? wireUnder(lan.url, context) : null;
  const lanApp = there && createLanApp(there, { door: tools!.lan!, again: tools!.again });
  const worker = roles.has('worker') ? workLater(() => startWorker(context), workAfterMs) : null;
  return {
    context,
    fetch: app && ((request, bindings) => app.fetch(request, bindings as object)),
    lanFetch: lanApp && ((request, bindings) => lanApp.fetch(request, bindings as object)),
    gone: context.database.embedded?.exited ?? new Promise(() => {}),
    isWatched: () => context.streams.count() + (there?.streams.count() ?? 0) > 0,
    restsForMs: async () => {
      if (!worker) return Number.POSITIVE_INFINITY;
      const until = await worker.restsUntil();
      return until && Math.max(0, context.clock.now().until(until).total('milliseconds'));
    },
    settle: async () => {
      // A database that is away: they are kept later.
      await worker?.keepNotes().catch(() => {});
      context.database.endIdle();
    },
    endStreams: () => {
      context.streams.close();
      there?.streams.close();
    },
    close: async () => {
      context.streams.close();
      await closeAll(
        () => life?.stop(),
        () => worker?.stop(),
        () => there?.close(),
        () => context.close(),
        () => tools?.close(),
      );
    },
  };
}

/** Starts work after a while, during which it counts as busy. */
function workLater(start: () => Worker, ms: number): Worker {
  if (ms === 0) return start();
  let begun: Worker | null = null;
  const timer = setTimeout(() => {
    begun = start();
  }, ms);
  return {
    restsUntil: async () => (await begun?.restsUntil()) ?? null,
    keepNotes: async () => begun?.keepNotes(),
    stop: async () => {
      clearTimeout(timer);
      await begun?.stop();
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
  // The file was for an empty database; only a demo compares with it.
  if (rowCount && !config.demo) return;
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
