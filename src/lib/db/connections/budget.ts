import pg from 'pg';

/**
 * The connections that all towns of a process may have together. Each town's pool still has its own limit. When there is no room, an idle
 * connection of another town is closed; when none is idle, whoever has fewest gets the next one that is given back, so that a busy town
 * can't starve the others.
 */
export interface Budget {
  readonly most: number;
  /** Returns the number of connections that are open or being opened. */
  used(): number;
  /** Returns a pool that keeps to it. `most`: how many connections it may have now, where its own limit allows as many; any number by default. */
  pool(config: pg.PoolConfig, most?: () => number): BudgetedPool;
  /** Counts a connection outside of the pools. Returns the function that ends counting it; it may be called again. */
  hold(): () => void;
}

export function createBudget(most: number): Budget {
  const pools = new Set<BudgetedPool>();
  let held = 0;
  let isLooking = false;
  const used = () => [...pools].reduce((sum, { totalCount }) => sum + totalCount, held);

  const lookForWaiting = (): void => {
    isLooking = false;
    for (let left = pools.size; left > 0; left--) {
      const next = nextOf(pools);
      if (!next || (used() >= most && !mostIdle(pools, next))) return;
      // Of those with as many, each has its turn.
      pools.delete(next);
      pools.add(next);
      next.goOn();
    }
  };
  const share: Share = {
    mayOpen(asking) {
      if (isOwedTo(nextOf(pools), asking)) return false;
      return used() < most || (mostIdle(pools, asking)?.endIdle() ?? false);
    },
    isOwed: (giving) => isOwedTo(nextOf(pools), giving),
    changed() {
      if (isLooking || nextOf(pools) === null) return;
      isLooking = true;
      setImmediate(lookForWaiting);
    },
    ended: (pool) => pools.delete(pool),
  };
  return {
    most,
    used,
    pool: (config, mostNow = () => Number.POSITIVE_INFINITY) => {
      const pool = new BudgetedPool(config, share, mostNow);
      pools.add(pool);
      return pool;
    },
    hold: () => {
      held++;
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        held--;
        share.changed();
      };
    },
  };
}

/** What a pool shares with those of other towns. */
interface Share {
  /** Returns whether it may open another connection; closes an idle one of another pool for it. */
  mayOpen(asking: BudgetedPool): boolean;
  /** Returns whether a connection that comes back is owed to another pool. */
  isOwed(giving: BudgetedPool): boolean;
  /** A connection came back, or has ended. */
  changed(): void;
  ended(pool: BudgetedPool): void;
}

/** The numbers of a pool that the rules need. */
export interface PoolCounts {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
  /** Its own limit. */
  most: number;
}

/** Returns the pool with the most idle connections beside this one; null: no other has any. Pure. */
export function mostIdle<T extends PoolCounts>(pools: Iterable<T>, beside: T): T | null {
  const others = [...pools].filter((each) => each !== beside && each.idleCount > 0);
  return others.sort((a, b) => b.idleCount - a.idleCount)[0] ?? null;
}

/** Returns the pool that gets the next connection: the one with fewest of those where somebody waits; null: nobody waits. Pure. */
export function nextOf<T extends PoolCounts>(pools: Iterable<T>): T | null {
  const waiting = [...pools].filter(
    (each) => each.waitingCount > 0 && each.idleCount === 0 && each.totalCount < each.most,
  );
  return waiting.sort((a, b) => a.totalCount - b.totalCount)[0] ?? null;
}

/** Returns whether `giving` has to give a connection to `next`. Two that differ by one don't exchange it for ever. Pure. */
export const isOwedTo = (next: PoolCounts | null, giving: PoolCounts): boolean =>
  next !== null &&
  next !== giving &&
  next.totalCount < (next.totalCount === 0 ? giving.totalCount : giving.totalCount - 1);

/** What pg's pool has beyond its types (pg-pool 3.14), and this one changes. */
interface PoolInside {
  _isFull(): boolean;
  _release(client: pg.PoolClient, listener: unknown, error?: Error | boolean): void;
  _pulseQueue(): void;
  _remove(client: pg.PoolClient): void;
  _idle: { client: pg.PoolClient }[];
}

/** A pool that keeps to the limit of all. */
export class BudgetedPool extends pg.Pool implements PoolCounts {
  readonly #mostNow: () => number;

  constructor(config: pg.PoolConfig, share: Share, mostNow: () => number) {
    super(config);
    this.#mostNow = mostNow;
    const own = this.#inside;
    const { _isFull, _release, _pulseQueue } = own;
    // It is asked twice in a pulse, and must not answer otherwise the second time.
    let isPulsing = false;
    let answered: boolean | null = null;
    own._isFull = () => {
      if (answered !== null) return answered;
      const isOver = _isFull.call(this) || this.totalCount >= this.most;
      const isFull = isOver || (this.idleCount === 0 && !share.mayOpen(this));
      if (isPulsing) answered = isFull;
      return isFull;
    };
    own._release = (client, listener, error) =>
      _release.call(this, client, listener, error || share.isOwed(this));
    own._pulseQueue = () => {
      isPulsing = true;
      _pulseQueue.call(this);
      isPulsing = false;
      answered = null;
      share.changed();
    };
    const end = this.end.bind(this);
    this.end = async () => {
      await end();
      share.ended(this);
    };
  }

  get most(): number {
    return this.ending ? 0 : Math.min(this.options.max, this.#mostNow());
  }

  /** Opens a connection for whoever waits longest. */
  goOn(): void {
    this.#inside._pulseQueue();
  }

  /** Closes an idle connection. Returns whether there was one. */
  endIdle(): boolean {
    const idle = this.#inside._idle[0];
    if (idle) this.#inside._remove(idle.client);
    return idle !== undefined;
  }

  get #inside(): PoolInside {
    return this as unknown as PoolInside;
  }
}
