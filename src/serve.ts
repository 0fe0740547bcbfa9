import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { serve as listenWith } from '@hono/node-server';
import { type Config, isLoopback } from './config.ts';
import { type Context, openContext } from './context.ts';
import { applyTown, checkTownFile, peopleOf } from './features/town-file/service.ts';
import { PlainError } from './lib/plain-error.ts';
import { DEMO_TOWN } from './paths.ts';
import { createApp } from './web/app.ts';
import { type Job, startWorker } from './worker.ts';

/** Runs the roles until it is told to stop or the database is gone for good. Answers the exit code. */
export async function serve(config: Config): Promise<number> {
  const stopped = stopSignal();
  const context = await openContext(config);
  const { log } = context;
  let server: Server | null = null;
  let worker: Job | null = null;
  try {
    await ensureTown(context);
    if (config.roles.has('web')) server = await listen(context);
    if (config.roles.has('worker')) worker = startWorker(context);
    const announced = announce(context).then(() => stopped);
    const gone = context.database.embedded?.exited ?? stopped;
    const why = await Promise.race([stopped, gone, announced]);
    log.info(`Stopping: ${why}`);
    return why.startsWith('SIG') ? 0 : 1;
  } finally {
    giveUpLater(log);
    context.streams.close();
    if (server) await close(server);
    await worker?.stop();
    await context.close();
  }
}

const STOP_WITHIN_MS = 20_000;

/** Ends the process if what must be closed doesn't close: a database that says nothing, for instance. */
function giveUpLater(log: Context['log']): void {
  setTimeout(() => {
    log.error('Not everything could be closed in good order');
    process.exit(1);
  }, STOP_WITHIN_MS).unref();
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => resolve(signal));
  });
}

/** On an empty database: the town file that the environment names, else the demo town. */
async function ensureTown({
  config,
  database,
  clock,
  log,
  staff,
  bodies,
  tokens,
}: Context): Promise<void> {
  const { rowCount } = await database.pool.query('select from town');
  if (rowCount && !config.demo) {
    const accounts = await staff.endDemo();
    if (accounts > 0) log.warn(`Took away ${accounts} accounts that demo mode had made`);
    for (const body of await bodies.list()) await tokens.endDemo(body);
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
  const checked = checkTownFile(text);
  if (!checked.ok) {
    const mistakes = checked.mistakes.map((each) => `  line ${each.line}: ${each.message}`);
    throw new PlainError(`${file} has mistakes:\n${mistakes.join('\n')}`);
  }
  if (rowCount === 0) {
    await applyTown(database.kysely, checked.town, clock.now());
    log.info(`Applied ${file}`);
  }
  if (config.demo) {
    await staff.seedDemo(peopleOf(checked.town));
    for (const body of await bodies.list()) await tokens.seedDemo(body);
  }
}

/** Who sends their request a byte at a time keeps nobody else waiting. */
const PATIENCE = { headersTimeout: 20_000, requestTimeout: 60_000 };

function listen(context: Context): Promise<Server> {
  const { host, port } = context.config;
  return new Promise((resolve, reject) => {
    const server = listenWith(
      { fetch: createApp(context).fetch, hostname: host, port, serverOptions: PATIENCE },
      () => resolve(server as Server),
    ) as Server;
    server.once('error', (error: NodeJS.ErrnoException) => {
      const words: Record<string, string> = {
        EADDRINUSE: `Port ${port} is in use: stop what uses it, or choose another with PORT.`,
        EACCES: `Port ${port} may not be opened by this user: choose one above 1023 with PORT.`,
        EADDRNOTAVAIL: `This machine doesn't have the address ${host}: set HOST to one of its own.`,
      };
      reject(words[error.code ?? ''] ? new PlainError(words[error.code ?? '']) : error);
    });
  });
}

/** Stops taking connections, lets requests finish for a while, then ends the rest. */
async function close(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const enough = setTimeout(() => server.closeAllConnections(), 5_000);
  await done;
  clearTimeout(enough);
}

async function announce({ config, staff, bodies }: Context): Promise<void> {
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  if (!config.roles.has('web')) return say('Finestreta is working: sending notices.');
  const { baseUrl } = config;
  if (config.demo) {
    const { host } = config;
    if (!isLoopback(`http://${host.includes(':') ? `[${host}]` : host}`)) {
      say(`\n  Beware: HOST=${host} shows the demo, its passwords and mails to the whole network.`);
    }
    const people = await staff.demoAccess();
    say(
      `\n  Staff log-ins (${baseUrl}/staff/sign-in), password of all: ${people[0]?.password ?? ''}`,
    );
    for (const code of (await bodies.list()).map((each) => each.code)) {
      for (const role of ['agent', 'coordinator']) {
        const one = people.find((each) => each.body === code && each.role === role);
        if (one) say(`    ${code.padEnd(10)} ${role.padEnd(12)} ${one.email}`);
      }
    }
    say(`  The others, the codes of the second step, API tokens: ${baseUrl}/demo`);
    say(`  Mails: ${baseUrl}/demo`);
  }
  say(`\n  Finestreta is ready: ${baseUrl}   (Ctrl-C stops it)\n`);
}
