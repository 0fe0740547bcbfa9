import type { HttpBindings } from '@hono/node-server';
import type { Logger } from 'pino';
import type { Context } from '../context.ts';
import { type Instance, openInstance } from '../instance.ts';
import { systemClock } from '../lib/clock.ts';
import { type Budget, createBudget } from '../lib/db/connections/budget.ts';
import { formatError } from '../lib/format-error.ts';
import type { Door } from '../lib/http/recognised.ts';
import { createLimiter, type Limiter } from '../lib/limiter.ts';
import type { Fetch } from '../listening.ts';
import type { TownConfig } from '../towns.ts';
import { addressOfRequest } from '../web/address.ts';
import { createComplaints } from './complaints.ts';
import {
  isCheck,
  isFile,
  openingPage,
  outsideOf,
  type TownsFacts,
  tooManyPage,
} from './outside.ts';
import { Queue } from './queue.ts';
import {
  type BothClocks,
  dueNow,
  dueUnseen,
  getsPlace,
  hasLeapt,
  isCounted,
  isForWork,
  isStirred,
  maySleep,
  mostPlaces,
  type Places,
  type Seen,
  type SleepLimits,
  toSleepFirst,
} from './rules.ts';
import { Town } from './town.ts';
import { createWatch, type Watch } from './watch.ts';

/** Several towns in one process, each found by the host of the request, and independent in failures. */
export interface Tenants {
  fetch: Fetch;
  /** Resolves when every town that stays awake was tried once. */
  settled: Promise<void>;
  /** Returns the towns that are open now. */
  open(): Context[];
  facts(): TownsFacts;
  /** Looks at all towns once, as it does every second: who may sleep, who must be woken. */
  tick(): Promise<void>;
  /** See `Instance`. */
  endStreams(): void;
  close(): Promise<void>;
}

/** The maximum of simultaneous openings that nobody waits for. */
const OPENING_AT_ONCE = 4;
const TICK_MS = 1_000;
/**
 * How many sleeping towns one address may wake: enough for the town halls of a county whose network has one address, too few to wake all of them
 * again and again.
 */
const WAKES = { burst: 60, perMinute: 30 };
/** A town that could not be opened isn't tried again for a request before that. */
const FRESH_MS = 5_000;
/** What others wrote wakes a town this often at most. */
const STIRRED_MS = 60_000;

export interface TenantsOptions {
  open?: typeof openInstance;
  /** How long nobody must have asked for a town before it sleeps. */
  idleMs?: number;
  /** Connections of all towns that may sleep. */
  connections?: number;
  againAfterMs?: number;
  /** How long requests may go on in a town that gives its place to others. */
  drainMs?: number;
  now?(): number;
  /** The time of day, in milliseconds since 1970. */
  wallMs?(): number;
  /** Null: what others do isn't seen. */
  watch?: Watch | null;
  /** Whether it looks by itself. */
  isTicking?: boolean;
}

/** Serves these towns until it is closed: those that stay awake are opened at once, the others when somebody asks for them or work is due. */
export function openTenants(
  towns: readonly TownConfig[],
  log: Logger,
  options: TenantsOptions = {},
): Tenants {
  const tenants = new OpenTenants(towns, log, options);
  const outside = outsideOf({
    stateOf: (host) => tenants.byHost.get(host)?.state ?? null,
    addressOf: (host) => tenants.byHost.get(host)?.config.baseUrl ?? null,
    facts: () => tenants.facts(),
    metricsToken: towns[0]?.config.metricsToken ?? null,
  });
  const opening = openingPage();
  const tooMany = tooManyPage();
  const proxies = towns[0]?.config.trustedProxies ?? 0;
  return {
    async fetch(request, bindings) {
      const { host, pathname } = new URL(request.url);
      const town = tenants.byHost.get(host);
      if (!town) return outside(request, bindings);
      if (isCheck(pathname) || isFile(pathname))
        return (town.instance?.fetch ?? outside)(request, bindings);
      const { incoming, aside } = (bindings ?? {}) as Partial<HttpBindings> & Door;
      const from = addressOfRequest(request, incoming, proxies);
      if (!tenants.mayWake(town, from)) return tooMany(request, bindings);
      const woken = tenants.wakeFor(town);
      const instance = await (aside?.(woken) ?? woken);
      if (!instance) return (town.state === 'shut' ? outside : opening)(request, bindings);
      return town.use(async () => (instance.fetch ?? outside)(request, bindings));
    },
    settled: tenants.settled,
    open: () => tenants.open().map(({ context }) => context),
    facts: () => tenants.facts(),
    tick: () => tenants.tick(),
    endStreams: () => {
      for (const each of tenants.open()) each.endStreams();
    },
    close: () => tenants.close(),
  };
}

class OpenTenants {
  readonly byHost: ReadonlyMap<string, Town>;
  readonly settled: Promise<void>;
  readonly #towns: readonly Town[];
  readonly #log: Logger;
  readonly #idleMs: number;
  readonly #budget: Budget;
  readonly #watch: Watch | null;
  readonly #now: () => number;
  readonly #clocks: () => BothClocks;
  #lookedAt: BothClocks;
  readonly #timer: NodeJS.Timeout | null;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #stirredAt = new Map<Town, number>();
  readonly #queue: Queue;
  readonly #wakes: Limiter;
  readonly #sleepers: readonly Town[];
  readonly #most: Places;
  #ticking: Promise<void> | null = null;
  #isClosing = false;

  constructor(towns: readonly TownConfig[], log: Logger, options: TenantsOptions) {
    const {
      open = openInstance,
      againAfterMs = 30_000,
      idleMs = 300_000,
      drainMs = 1_000,
    } = options;
    const { now = () => performance.now(), connections = 80, isTicking = true } = options;
    this.#log = log;
    this.#idleMs = idleMs;
    this.#now = now;
    const { wallMs = () => systemClock.now().epochMilliseconds } = options;
    this.#clocks = () => ({ now: now(), wallMs: wallMs() });
    this.#lookedAt = this.#clocks();
    this.#budget = createBudget(connections);
    const complaints = createComplaints(log, now);
    const onShut = (town: Town, why: object, words: string) =>
      complaints.say(town.name, why, words);
    const onChanged = () => this.#queue.stir();
    const deps = { log, open, budget: this.#budget, now, againAfterMs, drainMs, onShut, onChanged };
    this.#towns = towns.map((each) => new Town(each, deps));
    this.#sleepers = this.#towns.filter(({ staysAwake }) => !staysAwake);
    // Each has a connection on which it listens, and one for its pages and its work.
    this.#most = mostPlaces(Math.max(1, Math.floor(this.#budget.most / 2)));
    const instant = () => Temporal.Instant.fromEpochMilliseconds(Math.round(now()));
    this.#wakes = createLimiter({ now: instant }, WAKES);
    this.#queue = new Queue({
      now,
      most: this.#most,
      taken: () => this.#taken(),
      opening: () =>
        this.#towns.flatMap(({ opening }) => (opening?.reason === 'asked' ? opening.since : [])),
      makeRoomFor: (town) => this.#makeRoomFor(town),
      follow: (work) => this.#follow(work),
    });
    this.byHost = new Map(this.#towns.map((each) => [each.host, each]));
    const works = towns.some(({ config }) => config.roles.has('worker'));
    const onBlind = (error: unknown) =>
      log.warn(formatError(error), 'It can’t be seen what other processes do in sleeping towns');
    const eyes = () => (works ? createWatch({ onBlind }) : null);
    this.#watch = options.watch === undefined ? eyes() : options.watch;
    this.settled = this.#openStaying();
    this.#timer = isTicking ? setInterval(() => void this.tick(), TICK_MS) : null;
  }

  open() {
    return this.#towns.flatMap(({ instance }) => instance ?? []);
  }

  facts(): TownsFacts {
    const states = { awake: 0, asleep: 0, shut: 0, new: 0 };
    for (const { state } of this.#towns) states[state]++;
    const wakes = this.#towns.reduce((sum, each) => sum + each.wakes, 0);
    const { most } = this.#budget;
    const now = this.#now();
    const asleep = this.#towns.filter(({ state }) => state === 'asleep');
    const overdueMs = asleep.reduce((longest, { dueAt }) => Math.max(longest, now - dueAt), 0);
    return { states, wakes, overdueMs, connections: { used: this.#budget.used(), most } };
  }

  /** Returns whether somebody may have this town, which is woken unless it is awake or others wait for it. `from`: their address. */
  mayWake(town: Town, from: string): boolean {
    if (town.instance || this.#queue.has(town) || this.#isFresh(town)) return true;
    return this.#wakes.take(from) === 0;
  }

  /** Returns whether it could not be opened just now, so that it isn't tried again. */
  #isFresh(town: Town): boolean {
    return this.#now() - town.failedAt < FRESH_MS && !town.isChanging;
  }

  /** Returns a town that somebody asks for, woken if it sleeps. Null: it can't be opened, or not so soon. */
  async wakeFor(town: Town): Promise<Instance | null> {
    if (town.instance && (town.staysAwake || !isForWork(town.awake))) {
      town.admit();
      return town.instance;
    }
    return this.#isFresh(town) ? null : this.#queue.wait(town);
  }

  /** Puts another to sleep for people who ask for this town. Returns whether one could be. */
  #makeRoomFor(town: Town): Promise<boolean> {
    const areAllPeoples = this.#taken().people >= this.#most.people;
    return this.#makeRoom((each) => each !== town && !(areAllPeoples && isForWork(each.awake)));
  }

  /** Puts the first of these to sleep that may. Returns whether one did. */
  async #makeRoom(isOne: (town: Town) => boolean): Promise<boolean> {
    const awake = this.#sleepers.filter((each) => each.instance && !each.isChanging && isOne(each));
    const limits = { now: this.#now(), idleMs: this.#idleMs };
    for (const each of toSleepFirst(awake, limits))
      if (await this.#sleep(each, { ...limits, isCrowded: true })) return true;
    return false;
  }

  #taken(): Places {
    const taken = { all: 0, people: 0, work: 0 };
    for (const { instance, isChanging, awake } of this.#sleepers) {
      if (!instance && !isChanging) continue;
      taken.all++;
      taken[isForWork(awake) ? 'work' : 'people']++;
    }
    return taken;
  }

  tick(): Promise<void> {
    this.#ticking ??= this.#look()
      .catch((error) => this.#log.error(formatError(error), 'The towns could not be looked at'))
      .finally(() => {
        this.#ticking = null;
      });
    return this.#ticking;
  }

  async #look(): Promise<void> {
    if (this.#isClosing) return;
    this.#noticeLeap();
    await this.#seeOthers();
    const limits = { now: this.#now(), idleMs: this.#idleMs, isCrowded: false };
    for (const town of this.#sleepers) {
      const { awake } = town;
      if (!town.instance || town.isChanging || !maySleep(awake, limits)) continue;
      if (isCounted(awake, limits.now)) void this.#follow(this.#sleep(town, limits));
      else town.settle();
    }
    const shut = this.#towns.filter(({ instance, isChanging }) => !instance && !isChanging);
    const opening = this.#towns.filter((town) => town.opening?.reason === 'due').length;
    this.#wakeDue(dueNow(shut, this.#now(), OPENING_AT_ONCE - opening));
    this.#queue.stir();
  }

  /** After a leap of the time of day every town's work may be due. */
  #noticeLeap(): void {
    const clocks = this.#clocks();
    if (hasLeapt(this.#lookedAt, clocks))
      for (const town of this.#sleepers) town.dueAt = Math.min(town.dueAt, clocks.now);
    this.#lookedAt = clocks;
  }

  /** Wakes those whose work is due while there are places; else another gives its place to the first. */
  #wakeDue(due: readonly Town[]): void {
    for (const town of due) {
      const kind = isForWork({ wasAsked: false, isServed: town.awake.isServed })
        ? 'work'
        : 'people';
      const taken = this.#taken();
      if (town.staysAwake || getsPlace({ kind, isAwake: false }, taken, this.#most)) {
        void this.#follow(town.wake('due'));
        continue;
      }
      const isSame = ({ awake }: Town) => (isForWork(awake) ? 'work' : 'people') === kind;
      const areAllTaken = taken[kind] >= this.#most[kind];
      const mayGive = (each: Town) => !each.awake.isAnswering && (!areAllTaken || isSame(each));
      void this.#follow(this.#makeRoom(mayGive));
      return;
    }
  }

  /** Notes what other processes do in the towns' databases, and has those woken in which they did something. */
  async #seeOthers(): Promise<void> {
    if (!this.#watch) return;
    const watched = this.#sleepers.flatMap((town) =>
      town.database === null
        ? []
        : [{ town, url: town.config.databaseUrl!, database: town.database }],
    );
    if (watched.length === 0) return;
    const asleep = new Set(watched.filter(({ town }) => town.state === 'asleep'));
    const seen = await this.#watch.look(watched);
    for (const each of watched) {
      const now = seen.get(each.url);
      if (now) this.#note(each.town, now, asleep.has(each));
      else if (each.town.state === 'asleep')
        each.town.dueAt = dueUnseen(each.town.dueAt, each.town.seenAt, this.#now());
    }
  }

  #note(town: Town, seen: Seen, isAsleep: boolean): void {
    const now = this.#now();
    town.seenAt = now;
    if (isAsleep && isStirred(seen, town.seen)) {
      const last = this.#stirredAt.get(town) ?? Number.NEGATIVE_INFINITY;
      if (seen.isServed || now - last >= STIRRED_MS) {
        this.#stirredAt.set(town, now);
        town.dueAt = Math.min(town.dueAt, now);
      } else town.dueAt = Math.min(town.dueAt, last + STIRRED_MS);
    }
    // While its work is asked whether it rests, what was written before the question must stay what is compared with.
    if (!town.isAsking) town.seen = seen;
  }

  #sleep(town: Town, limits: SleepLimits): Promise<boolean> {
    return town.sleepIf(limits).catch((error) => {
      this.#log.error(
        { town: town.name, ...formatError(error) },
        'A town did not sleep in good order',
      );
      return true;
    });
  }

  async #openStaying(): Promise<void> {
    const queue = this.#towns.filter(({ staysAwake }) => staysAwake);
    const one = async () => {
      for (let town = queue.shift(); town && !this.#isClosing; town = queue.shift())
        await this.#follow(town.wake('due'));
    };
    await Promise.all(Array.from({ length: OPENING_AT_ONCE }, one));
  }

  #follow<T>(work: Promise<T>): Promise<T> {
    const done = work.finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
    return done;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#timer) clearInterval(this.#timer);
    this.#queue.close();
    await this.#ticking;
    await this.settled;
    await Promise.allSettled(this.#underWay);
    await Promise.allSettled(this.#towns.map((each) => each.close()));
    await this.#watch?.close();
  }
}
