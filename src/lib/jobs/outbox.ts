/** Carries out what is owed, as it becomes due. Any number of processes may: each takes what no other has. */
export interface OutboxWorker {
  /** Begins: now, on every `notify`, and every two seconds. */
  start(): void;
  /** Something is owed: look now. */
  notify(): void;
  /** Carries out all that is due now and waits for what became of it. */
  drain(): Promise<void>;
  /** Takes nothing more and finishes what is under way. */
  stop(): Promise<void>;
}

export interface OutboxOptions<T> {
  /** How much is under way at once. */
  atOnce: number;
  /** Takes at most `room` of what is due, so that nobody else does. */
  lease(room: number): Promise<T[]>;
  /** Carries one out and notes what became of it. Never rejects. */
  carryOut(taken: T): Promise<void>;
  onUnreadable(error: Error): void;
}

const POLL_MS = 2_000;

export function createOutboxWorker<T>(options: OutboxOptions<T>): OutboxWorker {
  const { atOnce, lease, carryOut, onUnreadable } = options;
  const underWay = new Set<Promise<void>>();
  let looking: Promise<void> | null = null;
  let again = false;
  let isStopped = false;
  let poll: NodeJS.Timeout | undefined;

  /** Takes as many as there is room for, until none is due. */
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

  /** Never two at once; who asks meanwhile has it looked again. */
  const look = (): Promise<void> => {
    if (isStopped) return Promise.resolve();
    again = true;
    looking ??= take()
      .catch((error: Error) => {
        again = false; // the next poll will do
        onUnreadable(error);
      })
      .finally(() => {
        looking = null;
        if (again) void look();
      });
    return looking;
  };

  return {
    start: () => {
      void look();
      poll ??= setInterval(() => void look(), POLL_MS);
      poll.unref();
    },
    notify: () => void look(),
    drain: async () => {
      await look();
      while (looking ?? underWay.size > 0) await (looking ?? Promise.race(underWay));
    },
    stop: async () => {
      isStopped = true;
      clearInterval(poll);
      await looking;
      await Promise.all(underWay);
    },
  };
}

const TRIES = 30;

/** Says again, for half a minute, what must not be forgotten because the database is away for a moment. */
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
