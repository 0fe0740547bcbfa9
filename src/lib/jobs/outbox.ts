/** Carries out due items of an outbox, when it is told that some may be due. Several processes may do so: each leases items that no other has. */
export interface OutboxWorker {
  /** An item may be due: leases now. */
  notify(): void;
  /** Carries out all due items, and waits for their results. */
  drain(): Promise<void>;
  /** Whether it leases items or has some in progress. */
  isBusy(): boolean;
  /** Leases nothing more and finishes items in progress. */
  stop(): Promise<void>;
}

export interface OutboxOptions<T> {
  /** The maximum number in progress. */
  atOnce: number;
  /** Leases at most `room` due items, so that no other process does. */
  lease(room: number): Promise<T[]>;
  /** Carries one out and stores its result. Never rejects. */
  carryOut(taken: T): Promise<void>;
  onUnreadable(error: Error): void;
}

export function createOutboxWorker<T>(options: OutboxOptions<T>): OutboxWorker {
  const { atOnce, lease, carryOut, onUnreadable } = options;
  const underWay = new Set<Promise<void>>();
  let looking: Promise<void> | null = null;
  let again = false;
  let isStopped = false;

  /** Leases as many as there is room for, until none is due. */
  const take = async (): Promise<void> => {
    do {
      again = false;
      const room = atOnce - underWay.size;
      if (room <= 0 || isStopped) return;
      for (const taken of await lease(room)) {
        const work: Promise<void> = carryOut(taken).finally(() => {
          underWay.delete(work);
          void look();
        });
        underWay.add(work);
      }
    } while (again);
  };

  /** Leases, but never twice at once; a call meanwhile causes another lease. */
  const look = (): Promise<void> => {
    if (isStopped) return Promise.resolve();
    again = true;
    looking ??= take()
      .catch((error: Error) => {
        again = false; // the next time tries again
        onUnreadable(error);
      })
      .finally(() => {
        looking = null;
        if (again) void look();
      });
    return looking;
  };

  return {
    notify: () => void look(),
    drain: async () => {
      await look();
      while (looking ?? underWay.size > 0) await (looking ?? Promise.race(underWay));
    },
    isBusy: () => looking !== null || underWay.size > 0,
    stop: async () => {
      isStopped = true;
      await looking;
      await Promise.all(underWay);
    },
  };
}

/** Returns workers as one. The items of one may become those of the next. */
export const together = (workers: readonly OutboxWorker[]): OutboxWorker => ({
  notify: () => {
    for (const each of workers) each.notify();
  },
  drain: async () => {
    for (const each of workers) await each.drain();
  },
  isBusy: () => workers.some((each) => each.isBusy()),
  stop: async () => {
    await Promise.all(workers.map((each) => each.stop()));
  },
});

const TRIES = 30;

/** Repeats an important write for half a minute, in case the database is unreachable for a moment. */
export async function insisting(note: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await note();
    } catch (error) {
      if (tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}
