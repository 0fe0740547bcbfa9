import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { mayVanish, removeMade } from './demo/again.ts';
import { type Instance, openInstance } from './instance.ts';
import { systemClock } from './lib/clock.ts';
import { formatError } from './lib/format-error.ts';
import type { Fetch } from './listening.ts';
import { sharedAssets } from './web/assets.ts';
import type { AgainRefusal, BeginAgain } from './web/demo/types.ts';
import { shutTown } from './web/operation/shut.ts';

/** How long requests that are being answered may hold up a new beginning. */
const PATIENCE_MS = 2_000;

/** What closing takes on top of opening, until it was done once. */
const CLOSING_SECONDS = 2;

const secondsSince = (at: Temporal.Instant): number =>
  Math.max(1, Math.ceil(systemClock.now().since(at).total('seconds')));

type Answerer = 'fetch' | 'lanFetch';

/** A town that is being opened, is open, or begins again without a restart, as a demo can. It is one and the same server all the time. */
export class Renewable {
  readonly gone: Promise<string>;
  #instance: Instance | null = null;
  #life = randomUUID();
  #seconds = 5;
  #busy = 0;
  #renewing: Promise<void> | null = null;
  #isClosed = false;
  readonly #ended = new Map<string, Temporal.Instant>();
  readonly #config: Config;
  readonly #log: Logger | undefined;
  #meanwhile = shutTown(sharedAssets(), { why: 'opening' });
  #sayGone: (why: string) => void = () => {};

  constructor(config: Config, log?: Logger) {
    this.#config = config;
    this.#log = log;
    this.gone = new Promise((resolve) => {
      this.#sayGone = resolve;
    });
  }

  /** Opens it for the first time, or anew. */
  async open(): Promise<Instance> {
    const startedAt = systemClock.now();
    const instance = await openInstance(this.#config, this.#log, { again: this.#again });
    this.#seconds = secondsSince(startedAt) + CLOSING_SECONDS;
    this.#instance = instance;
    void instance.gone.then((why) => {
      if (this.#instance === instance) this.#sayGone(why);
    });
    return instance;
  }

  /** Answers a request by the instance, or says why it can't yet. */
  answer(by: Answerer): Fetch {
    return async (request, bindings) => {
      const fetch = this.#instance?.[by];
      if (!fetch) return this.#meanwhile.fetch(request, bindings as object);
      this.#busy++;
      try {
        return await fetch(request, bindings);
      } finally {
        this.#busy--;
      }
    };
  }

  endStreams(): void {
    this.#instance?.endStreams();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#renewing;
    await this.#instance?.close();
  }

  readonly #again: BeginAgain = {
    seconds: () => this.#seconds,
    refusal: () => this.#refusal(),
    life: () => this.#life,
    endOf: (life) => this.#ended.get(life) ?? null,
    begin: async () => {
      const refusal = await this.#refusal();
      if (refusal || this.#renewing) return refusal ?? 'busy';
      this.#renewing = this.#renew().finally(() => {
        this.#renewing = null;
      });
      return null;
    },
  };

  async #refusal(): Promise<AgainRefusal | null> {
    if (!this.#instance || this.#renewing || this.#isClosed) return 'busy';
    return (await mayVanish(this.#instance.context)) ? null : 'other';
  }

  async #renew(): Promise<void> {
    const old = this.#instance;
    if (!old) return;
    const { log } = old.context;
    const startedAt = systemClock.now();
    log.info('The demo begins again: what was done in it is removed');
    try {
      // From here on nobody comes in; who is in is let finish.
      const seconds = () => this.#seconds;
      this.#meanwhile = shutTown(sharedAssets(), { why: 'again', seconds });
      this.#instance = null;
      old.endStreams();
      for (let waited = 0; this.#busy > 0 && waited < PATIENCE_MS; waited += 20) await wait(20);
      await old.close();
      this.#ended.set(this.#life, systemClock.now());
      this.#life = randomUUID();
      await removeMade(this.#config);
      await this.open();
      this.#seconds = secondsSince(startedAt);
      log.info('The demo has begun again');
    } catch (error) {
      log.error(formatError(error), 'The demo can’t begin again');
      this.#sayGone('the demo could not begin again');
    }
  }
}
