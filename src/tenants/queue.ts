import { setTimeout as wait } from 'node:timers/promises';
import type { Instance } from '../instance.ts';
import { AT_ONCE, getsPlace, mayOpen, type Places } from './rules.ts';
import type { Town } from './town.ts';

export interface QueueDeps {
  now(): number;
  most: Places;
  taken(): Places;
  /** Since when each of the towns is being opened that somebody waits for. */
  opening(): number[];
  /** Puts another town to sleep for people who ask for this one. Returns whether one was. */
  makeRoomFor(town: Town): Promise<boolean>;
  /** Has the process wait for this before it ends. */
  follow<T>(work: Promise<T>): Promise<T>;
}

/** How long a request waits for its town. */
const PATIENCE_MS = 5_000;
/** What comes by time alone, such as the end of somebody's turn, is seen this often while somebody waits. */
const LOOK_MS = 50;

/** A town that somebody asks for, and that has no place for people yet. */
interface Wanted {
  /** Until when somebody waits. */
  until: number;
  /** How often it had failed to open before. */
  failures: number;
  /** Whether it is being opened, or another one put to sleep for it. */
  isServed: boolean;
  instance: PromiseWithResolvers<Instance | null>;
}

/** The towns that people wait for, each once however many wait, in the order in which they were asked for. One look is for all of them. */
export class Queue {
  readonly #wanted = new Map<Town, Wanted>();
  readonly #deps: QueueDeps;
  #timer: NodeJS.Timeout | null = null;
  #isStirred = false;
  #isClosed = false;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
  }

  has(town: Town): boolean {
    return this.#wanted.has(town);
  }

  /** Returns the town's instance when it has a place; null: it can't be opened, or not so soon. */
  async wait(town: Town): Promise<Instance | null> {
    if (this.#isClosed) return null;
    const known = this.#wanted.get(town);
    const wanted = known ?? this.#add(town);
    wanted.until = this.#deps.now() + PATIENCE_MS;
    if (!known) this.#look();
    const patience = new AbortController();
    const late = wait(PATIENCE_MS, null, { signal: patience.signal }).catch(() => null);
    const instance = await Promise.race([wanted.instance.promise, late]);
    patience.abort();
    return instance;
  }

  #add(town: Town): Wanted {
    const instance = Promise.withResolvers<Instance | null>();
    const added = { until: 0, failures: town.failures, isServed: false, instance };
    this.#wanted.set(town, added);
    return added;
  }

  /** Looks soon: a town was opened or has been closed. */
  stir(): void {
    if (this.#isStirred || this.#wanted.size === 0) return;
    this.#isStirred = true;
    setImmediate(() => {
      this.#isStirred = false;
      this.#look();
    });
  }

  /** Lets nobody wait any longer. */
  close(): void {
    this.#isClosed = true;
    for (const town of [...this.#wanted.keys()]) this.#answer(town, null);
    this.#look();
  }

  #answer(town: Town, instance: Instance | null): void {
    this.#wanted.get(town)?.instance.resolve(instance);
    this.#wanted.delete(town);
  }

  /** Gives places to those that wait longest, and makes room for the next ones. */
  #look(): void {
    let taken = this.#deps.taken();
    let making = [...this.#wanted.values()].filter(({ isServed }) => isServed).length;
    for (const [town, wanted] of this.#wanted) {
      if (wanted.isServed) continue;
      const gives = this.#next(town, wanted, taken);
      if (gives === 'place') taken = this.#deps.taken();
      if (gives !== 'room' || making >= AT_ONCE) continue;
      making++;
      this.#serve(wanted, this.#deps.makeRoomFor(town));
    }
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = this.#wanted.size > 0 ? setTimeout(() => this.#look(), LOOK_MS) : null;
  }

  /** Answers one, or opens it. Returns what it got, or what it needs; null: it has to wait. */
  #next(town: Town, wanted: Wanted, taken: Places): 'place' | 'room' | null {
    const { now, most, opening } = this.#deps;
    if (town.isChanging && now() <= wanted.until) return null;
    if (town.failures > wanted.failures || now() > wanted.until) {
      this.#answer(town, null);
      return null;
    }
    const isAwake = town.instance !== null;
    if (!isAwake && !mayOpen(opening(), town.isKnown, now())) return null;
    if (!town.staysAwake && !getsPlace({ kind: 'people', isAwake }, taken, most)) return 'room';
    if (town.instance) {
      town.admit();
      this.#answer(town, town.instance);
    } else this.#serve(wanted, this.#open(town));
    return 'place';
  }

  async #open(town: Town): Promise<boolean> {
    const instance = await town.wake('asked');
    if (instance) town.admit();
    this.#answer(town, instance);
    return true;
  }

  /** `work`: returns whether it is worth looking again at once. */
  #serve(wanted: Wanted, work: Promise<boolean>): void {
    wanted.isServed = true;
    const done = work.then((isWorth) => {
      wanted.isServed = false;
      if (isWorth) this.stir();
    });
    void this.#deps.follow(done);
  }
}
