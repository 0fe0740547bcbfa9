import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Instance, InstanceOptions, openInstance } from '../instance.ts';
import type { Budget } from '../lib/db/connections/budget.ts';
import type { LoginFacts } from '../lib/db/logins.ts';
import { formatError } from '../lib/format-error.ts';
import { PlainError } from '../lib/plain-error.ts';
import type { TownConfig } from '../towns.ts';
import {
  type Awake,
  againAfter,
  askAgain,
  dueAfter,
  maySleep,
  mostConnections,
  type Seen,
  type SleepLimits,
} from './rules.ts';

export interface TownDeps {
  log: Logger;
  open: typeof openInstance;
  budget: Budget;
  now(): number;
  againAfterMs: number;
  /** How long requests may go on when the town gives its place to others. */
  drainMs: number;
  /** Called when it can't be opened, with the reason, if that is news. */
  onShut(town: Town, why: object, words: string): void;
  /** Called when it was opened, could not be, or has been closed. */
  onChanged(): void;
}

/** Why a town is woken: somebody asks for it, or its work is due. */
type Reason = 'asked' | 'due';

/** A page comes before the work that the town may have to do. */
const WORK_AFTER_PAGE_MS = 1_500;

/**
 * One of many towns: asleep it is only its settings, awake it is an instance. Without a database on a server, or with a clock of its own, it
 * stays awake: its database would have to be started, its time would be lost.
 */
export class Town {
  readonly name: string | null;
  readonly config: Config;
  readonly host: string;
  readonly staysAwake: boolean;
  instance: Instance | null = null;
  /** When it has to be woken; at first at once, since nothing is known of it. */
  dueAt = 0;
  /** The name of its database on the server; null: not known yet. */
  database: string | null = null;
  /** What others did in its database, when that was seen last. */
  seen: Seen | null = null;
  /** When that was, or when it fell asleep. */
  seenAt = 0;
  failures = 0;
  failedAt = Number.NEGATIVE_INFINITY;
  wakes = 0;
  /** Whether its work is being asked whether it rests. */
  isAsking = false;
  readonly #deps: TownDeps;
  readonly #log: Logger;
  #login: LoginFacts | undefined;
  #changing: Promise<unknown> | null = null;
  #requests = 0;
  #wasAsked = false;
  #idleSince = 0;
  #placeSince = 0;
  #staffAt = Number.NEGATIVE_INFINITY;
  /** Since when it is being opened, and why; null: it isn't. */
  opening: { since: number; reason: Reason } | null = null;
  #settledAt: number | null = null;
  #askAgainAt = 0;
  #lastWords = '';
  #release = (): void => {};
  #onAnswered = (): void => {};

  constructor({ name, config }: TownConfig, deps: TownDeps) {
    this.name = name;
    this.config = config;
    this.host = new URL(config.baseUrl).host;
    this.staysAwake = config.databaseUrl === null || config.demo || config.clock !== null;
    this.#deps = deps;
    this.#log = deps.log.child({ town: name });
  }

  /** Whether it is being opened or closed. */
  get isChanging(): boolean {
    return this.#changing !== null;
  }

  /** Whether it could be opened when it was tried last. */
  get isKnown(): boolean {
    return this.#login !== undefined && this.failures === 0;
  }

  get state(): 'awake' | 'asleep' | 'shut' | 'new' {
    if (this.instance) return 'awake';
    if (this.failures > 0) return 'shut';
    return this.#login ? 'asleep' : 'new';
  }

  get awake(): Awake {
    return {
      isAnswering: this.#requests > 0,
      isWatched: this.instance?.isWatched() ?? false,
      staffAt: this.#staffAt,
      wasAsked: this.#wasAsked,
      placeSince: this.#placeSince,
      idleSince: this.#idleSince,
      settledAt: this.#settledAt,
      isWorking: this.config.roles.has('worker'),
      askAgainAt: this.#askAgainAt,
      isServed: this.seen?.isServed ?? false,
    };
  }

  /** Counts a request as use of the town, from now until its answer. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#requests++;
    try {
      return await work();
    } finally {
      this.#requests--;
      if (this.#requests === 0) this.#onAnswered();
      this.#settledAt = null;
      this.#idleSince = this.#deps.now();
    }
  }

  /** Notes that somebody asked for it, who gets a place in it. */
  admit(): void {
    if (!this.#wasAsked) this.#placeSince = this.#deps.now();
    this.#wasAsked = true;
    this.#idleSince = this.#deps.now();
  }

  /** Opens it unless it is open. Returns its instance; null: it can't be opened. */
  async wake(reason: Reason): Promise<Instance | null> {
    while (!this.instance && this.#changing) await this.#changing;
    if (this.instance) return this.instance;
    await this.#change(() => this.#open(reason));
    return this.instance;
  }

  /** Closes its idle connections, which has the server count what they wrote. */
  settle(): void {
    if (this.#settledAt !== null) return;
    this.#settledAt = this.#deps.now();
    void this.instance?.settle();
  }

  /** Closes it if it still may sleep once its work has said that it rests. Returns whether it sleeps. */
  async sleepIf(limits: SleepLimits): Promise<boolean> {
    const { instance } = this;
    if (!instance || this.isChanging || this.isAsking) return false;
    this.isAsking = true;
    // Otherwise it was settled a while before.
    if (limits.isCrowded) await instance.settle();
    const restsForMs = await instance.restsForMs().catch(() => null);
    this.isAsking = false;
    const now = this.#deps.now();
    this.#settledAt = null;
    const again = askAgain(restsForMs, { ...limits, now });
    this.#askAgainAt = again ?? 0;
    if (again !== null || this.instance !== instance || !maySleep(this.awake, { ...limits, now }))
      return false;
    await this.close(dueAfter(now, restsForMs!));
    return true;
  }

  /** Closes it, unless it is closed. `dueAt`: when it is woken again; never by default. */
  async close(dueAt = Number.POSITIVE_INFINITY): Promise<void> {
    while (this.#changing) await this.#changing;
    const { instance } = this;
    if (!instance) return;
    this.instance = null;
    this.dueAt = dueAt;
    this.seenAt = this.#deps.now();
    await this.#change(async () => {
      instance.endStreams();
      try {
        await this.#answered();
        await instance.close();
      } finally {
        this.#release();
      }
    });
  }

  /** Resolves when no request is being answered any more, or a short while later. */
  async #answered(): Promise<void> {
    if (this.#requests === 0) return;
    const late = new AbortController();
    const enough = wait(this.#deps.drainMs, null, { signal: late.signal }).catch(() => {});
    await Promise.race([enough, new Promise<void>((resolve) => (this.#onAnswered = resolve))]);
    late.abort();
  }

  async #change(work: () => Promise<void>): Promise<void> {
    const changing = work();
    this.#changing = changing.catch(() => {});
    try {
      await changing;
    } finally {
      this.#changing = null;
      this.#deps.onChanged();
    }
  }

  async #open(reason: Reason): Promise<void> {
    const { open, budget, now } = this.#deps;
    const options: InstanceOptions = {
      ...(!this.staysAwake && {
        budget: {
          ...budget,
          pool: (config) => budget.pool(config, () => mostConnections(this.awake)),
        },
      }),
      login: this.#login,
      workAfterMs: reason === 'asked' ? WORK_AFTER_PAGE_MS : 0,
      onStaff: () => {
        this.#staffAt = now();
      },
    };
    this.opening = { since: now(), reason };
    this.#wasAsked = reason === 'asked';
    this.#staffAt = Number.NEGATIVE_INFINITY;
    // The connection on which it listens.
    const release = this.staysAwake ? () => {} : budget.hold();
    try {
      const instance = await open(this.config, this.#log, options);
      this.#release = release;
      this.#opened(instance);
      this.#idleSince = now();
      this.#placeSince = now();
      this.#settledAt = null;
      this.#askAgainAt = 0;
    } catch (error) {
      release();
      this.#failed(error);
    } finally {
      this.opening = null;
    }
  }

  #opened(instance: Instance): void {
    this.instance = instance;
    this.wakes++;
    this.dueAt = Number.POSITIVE_INFINITY;
    if (this.failures > 0) this.#log.info('This town is open again');
    this.failures = 0;
    this.#lastWords = '';
    const { database } = instance.context;
    if (!this.staysAwake) {
      this.#login = database.login;
      this.database = database.login.database;
    }
    void instance.gone.then((why) => this.#gone(instance, why));
  }

  /** Its database has ended for good: it is opened anew, a while later. */
  async #gone(instance: Instance, why: string): Promise<void> {
    if (this.instance !== instance) return;
    this.#log.error(`This town has to be opened anew: ${why}`);
    // A step that fails without its database must not end the process of the other towns.
    await this.close().catch((error: unknown) =>
      this.#log.error(formatError(error), 'A town was not closed in good order'),
    );
    this.#later();
  }

  #failed(error: unknown): void {
    this.#later();
    const words = error instanceof PlainError ? error.message : 'A bug keeps it shut';
    // What was true before may not be so any more: everything is looked at again.
    this.#login = undefined;
    if (words === this.#lastWords) return;
    this.#lastWords = words;
    this.#deps.onShut(this, formatError(error), words);
  }

  #later(): void {
    this.failures++;
    this.failedAt = this.#deps.now();
    this.dueAt = this.failedAt + againAfter(this.failures, this.#deps.againAfterMs);
  }
}
