import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Context } from './context.ts';
import type { Job } from './features/feature.ts';
import { snapshot } from './lib/db/testing/snapshot.ts';
import { SERVICES } from './web/testing/recorded/services.ts';
import { openWorld, type Scenario, type World } from './web/testing/recorded/world.ts';
import { jobsOf, outboxesOf, startWorker, whenDue } from './worker.ts';

/*
 * A job says when it is due. Here much is done in a town, and its clock goes on; at each moment every job that is not due is run all the same, and must
 * change nothing: one that forgets a cause would be seen.
 */

/** They let years pass, of which the registry would close each day. */
const LEFT_OUT: readonly string[] = ['act_destroyed', 'case_packaged', 'case_destroyed'];

let world: World;
let town: Town;

beforeAll(async () => {
  world = await openWorld({ mayJump: true });
  town = new Town(world);
}, 60_000);
afterAll(async () => {
  await world?.close();
});

/** How often it is looked whether a job changes something when it is due, unless it surely does. */
const MOST_TRIES = 2;

/** The jobs of a town, run by hand. */
class Town {
  readonly changed = new Set<string>();
  readonly wrong: string[] = [];
  readonly failed = new Map<string, string>();
  readonly #jobs: Job<Context>[];
  readonly #ran = new Map<string, Temporal.Instant>();
  readonly #world: World;
  readonly #tries = new Map<string, number>();

  constructor(of: World) {
    this.#world = of;
    const outboxes = outboxesOf(of.context);
    const drains = new Map(outboxes.map(({ what, worker }) => [what, () => worker.drain()]));
    this.#jobs = jobsOf(of.context, outboxes)
      .filter(({ due }) => due)
      .map((job) => ({ ...job, run: drains.get(job.what) ?? job.run }));
  }

  async due(): Promise<Map<string, number | null>> {
    return whenDue(this.#world.context, this.#jobs, this.#ran);
  }

  snapshot = (): Promise<Map<string, string>> => snapshot(this.#world.house.database);

  /** Whether no notice waits. */
  isSent = async (): Promise<boolean> => ((await this.due()).get('to send notices') ?? 1) > 0;

  async run(job: Job<Context>): Promise<boolean> {
    try {
      await job.run(this.#world.context);
      return true;
    } catch (error) {
      const { name, message, code } = error as Error & { code?: string };
      this.failed.set(job.what, `${code ?? name} ${message}`);
      return false;
    }
  }

  /** Runs what is due, twice since one makes another due. */
  async settle(): Promise<void> {
    let before: Map<string, string> | null = null;
    for (let round = 0; round < 2; round++) {
      const due = await this.due();
      for (const job of this.#jobs.filter(({ what }) => (due.get(what) ?? 1) <= 0)) {
        const tries = this.#tries.get(job.what) ?? 0;
        const isSought = tries < MOST_TRIES || MET.includes(job.what);
        const isLooked = isSought && !this.changed.has(job.what);
        if (isLooked) before ??= await this.snapshot();
        if (await this.run(job)) this.#ran.set(job.what, this.#world.clock.now());
        if (!isLooked || !before) {
          before = null;
          continue;
        }
        this.#tries.set(job.what, tries + 1);
        const after = await this.snapshot();
        if (!same(before, after)) this.changed.add(job.what);
        before = after;
      }
    }
  }

  /** Returns what is due although it was just run. */
  async dueAgain(): Promise<string[]> {
    return [...(await this.due())].flatMap(([what, ms]) => (ms !== null && ms <= 0 ? what : []));
  }

  /** Runs what is not due, which must change nothing. */
  async checkOthers(when: string): Promise<void> {
    const due = await this.due();
    const others = this.#jobs.filter(({ what }) => (due.get(what) ?? 1) > 0 && !MAY_WAIT.has(what));
    const before = await this.snapshot();
    for (const job of others) await this.run(job);
    const after = await this.snapshot();
    if (same(before, after)) return;
    const differ = [...after].filter(([name, sum]) => before.get(name) !== sum);
    this.wrong.push(`${when}: ${differ.map(([name]) => name)}`);
  }
}

const same = (a: Map<string, string>, b: Map<string, string>): boolean =>
  [...b].every(([name, sum]) => a.get(name) === sum);

const doIt = async (scenario: Scenario) => {
  const deed = await scenario(world);
  await (typeof deed === 'function' ? deed() : deed.act());
};

/** What was kept for long may be destroyed some hours late: these jobs run after a time since their last run, whatever there is. */
const MAY_WAIT: ReadonlySet<string> = new Set([
  'to destroy what is kept no longer',
  'to forget what webhooks were sent',
  'to forget who was at their desk',
  'to delete authorisations that are long over',
  'to forget people of whom nothing is left',
  'to take away what no document knows',
  'to hash the recovery codes of an earlier version',
  'to forget old mails to staff',
  'to delete sessions and attempts of citizens that are over',
]);

/** Jobs that these deeds surely make due: if one of them were never due, it would be run all the same, and seen. */
const MET = [
  'to seal the audit trail',
  'to make figures of what happened',
  'to send notices',
  'to forget holds that have ended',
  'to look after the wait list',
  'to issue receipts of what was handed in',
  'to close the days of registries',
  'to delete forms that nobody goes on with',
  'to end the requests that no colleague answered',
  'to offer conversations',
  'to note that the days to open a notification have passed',
];

/** So many things are done between two looks. */
const TOGETHER = 40;
/** How often time passes until something is due, at the end. */
const STEPS = 4;

/** Lets time pass until just before something is due, and then until it is; by a day at most, as clocks do. */
async function passTime(most: Temporal.DurationLike = { hours: 24 }): Promise<void> {
  const { clock } = world;
  const limit = Temporal.Duration.from(most).total('milliseconds');
  const due = [...(await town.due()).values()].filter((ms) => ms !== null && ms > 0);
  const next = Math.min(limit, ...due.map(Number));
  clock.advance({ milliseconds: Math.max(0, next - 1) });
  await town.checkOthers(`before ${clock.now()}`);
  clock.advance({ milliseconds: 2 });
  await town.settle();
  await town.checkOthers(`at ${clock.now()}`);
}

test('a town in which nothing happens says until when it rests, and what is committed ends its rest', async () => {
  const { context, clock } = world;
  clock.advance({ minutes: 2 });
  const worker = startWorker(context);
  const minutes = async () => (await worker.restsUntil())?.since(clock.now()).total('minutes') ?? 0;
  await expect.poll(minutes, { timeout: 30_000 }).toBeGreaterThan(1);
  expect(await minutes()).toBeLessThanOrEqual(24 * 60);
  await world.book('video');
  await expect.poll(town.isSent, { timeout: 20_000 }).toBe(true);
  await worker.stop();
  expect(await worker.restsUntil()).toBeNull();
}, 60_000);

test('a job that is not due changes nothing, whatever was done and however much time has passed', async () => {
  // One way of each deed.
  const all = Object.entries(SERVICES).filter(([name]) => !LEFT_OUT.includes(name));
  const undone: string[] = [];
  for (let nth = 0; nth < all.length; nth += TOGETHER) {
    for (const [name, ways] of all.slice(nth, nth + TOGETHER))
      await doIt(Object.values(ways)[0]!).catch((error) => undone.push(`${name}: ${error}`));
    await town.settle();
    await town.checkOthers(`after ${nth + TOGETHER} deeds`);
    await passTime({ minutes: 15 });
  }
  for (let step = 0; step < STEPS; step++) await passTime();
  // Deeds of a minute ago count no more.
  world.clock.advance({ minutes: 2 });
  await town.settle();
  expect(await town.dueAgain()).toEqual([]);
  expect(town.wrong).toEqual([]);
  expect([...town.changed]).toEqual(expect.arrayContaining(MET));
  expect(town.failed).toEqual(new Map());
  expect(undone).toEqual([]);
}, 600_000);
