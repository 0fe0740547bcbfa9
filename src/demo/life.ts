import type { Context } from '../context.ts';
import type { Office } from '../domain/office/types.ts';
import { type MovableClock, movableClock, systemClock } from '../lib/clock.ts';
import { formatError } from '../lib/format-error.ts';
import type { DemoLife } from '../web/demo/types.ts';
import { beginsAt, isAtWork, landing } from './beginning.ts';
import { type NotedCases, writeCases } from './cases/writing.ts';
import { createDay } from './day.ts';
import { createHistory } from './history/history.ts';
import { CASES_FILE, CLOCK_FILE, keptHere, keptIn } from './kept.ts';
import { createScenarios } from './scenarios.ts';

/** A demo that lives, as the instance holds it. */
export interface LivingDemo extends DemoLife {
  stop(): Promise<void>;
}

const clockIn = (dataDir: string) => keptIn<{ left: string }>(dataDir, CLOCK_FILE);

const TICK_MS = 5_000;

/**
 * Returns the clock of a demo: from the moment that is asked for, else from where it was left. While nobody runs the demo its time stands still, until the machine's
 * has caught up.
 */
export function demoClock({
  dataDir,
  clock,
}: Pick<Context['config'], 'dataDir' | 'clock'>): MovableClock {
  const now = systemClock.now().epochMilliseconds;
  if (clock) return movableClock(clock.epochMilliseconds - now);
  try {
    const at = Temporal.Instant.from(clockIn(dataDir).read()?.left ?? '').epochMilliseconds;
    // It is noted once a turn: what was done since then must not be in the future.
    return movableClock(Math.max(0, at + TICK_MS - now));
  } catch {
    return movableClock();
  }
}

/** Sets the clock to where a demo begins. Returns what notes where it is. A clock that was asked for begins where it was asked to, and leaves nothing behind. */
export function beginClock(
  {
    config,
    log,
  }: { config: Pick<Context['config'], 'dataDir' | 'clock'>; log: Pick<Context['log'], 'error'> },
  clock: MovableClock,
  office: Office | undefined,
): () => void {
  if (config.clock) return () => {};
  const kept = clockIn(config.dataDir);
  let hasFailed = false;
  const note = () => {
    try {
      kept.keep({ left: clock.now().toString() });
      hasFailed = false;
    } catch (error) {
      // A full disk must not end what is served. It is tried again soon, and said once.
      if (!hasFailed) log.error(formatError(error), 'Where the demo’s clock is can’t be noted');
      hasFailed = true;
    }
  };
  if (office) clock.moveTo(beginsAt(office, systemClock.now(), clock.now()));
  note();
  return note;
}

const casesKeptIn = ({ dataDir, clock }: Pick<Context['config'], 'dataDir' | 'clock'>) =>
  clock ? keptHere<NotedCases>() : keptIn<NotedCases>(dataDir, CASES_FILE);

/** Begins the life of the demo town: sets its clock to a busy hour, writes its past beside what is served, and has its people come and go. */
export async function beginLife(context: Context, clock: MovableClock): Promise<LivingDemo> {
  const { config, log, offices, database, appointments, requests, statistics } = context;
  const { moveTo } = clock;
  const [first] = await offices.list();
  const note = beginClock(context, clock, first);
  const history = createHistory({
    db: database.kysely,
    offices,
    clock,
    log,
    statistics,
    secrets: { appointment: appointments.secretOf, request: requests.secretOf },
  });
  const day = createDay(context);
  const scenarios = createScenarios(context, day);
  let isStopped = false;
  const failed = (error: unknown) => log.error(formatError(error), 'The demo’s day went wrong');
  const begun = history.begin().then(() => day.begin());
  let chain: Promise<unknown> = begun.catch(failed);
  /** One thing after the other: the clock moves while things happen. */
  const next = <T>(work: () => Promise<T>): Promise<T> => {
    const done = chain.then(work);
    chain = done.catch(failed);
    return done;
  };
  let leaps = 0;
  const kept = casesKeptIn(config);
  const cases = writeCases(context, { isStopped: () => isStopped, kept }).catch(failed);
  const written = history.write();
  const timer = setInterval(() => {
    note();
    void next(() => turn(history, day, scenarios)).catch(() => {});
  }, TICK_MS);
  return {
    progress: history.progress,
    isAhead: () => clock.aheadMs() > 60_000,
    isClosed: () => first !== undefined && !isAtWork(first, clock.now()),
    isPassing: () => leaps > 0,
    leap: (by) => {
      leaps++;
      const passed = next(async () => {
        await day.passUntil(first ? landing(first, clock.now(), by) : clock.now(), moveTo);
        await history.goOn();
        note();
      });
      return passed.finally(() => {
        leaps--;
      });
    },
    play: (scenario) => next(() => scenarios.play(scenario)),
    async stop() {
      isStopped = true;
      clearInterval(timer);
      scenarios.stop();
      await history.stop();
      await Promise.all([written, chain, cases]);
      note();
    },
  };
}

/** What the demo does from time to time. */
async function turn(
  history: Pick<ReturnType<typeof createHistory>, 'goOn'>,
  day: ReturnType<typeof createDay>,
  scenarios: ReturnType<typeof createScenarios>,
): Promise<void> {
  if (await day.goOn()) await history.goOn();
  await scenarios.goOn();
}
