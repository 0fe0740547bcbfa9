import { setTimeout as pause } from 'node:timers/promises';
import { PlainError } from '../../plain-error.ts';
import { HeldTooLong } from './holding.ts';

/** Runs a statement without parameters. */
export type PlainQuery = (text: string) => Promise<{ rows: unknown[] }>;

/** How long a migration goes on trying. */
export interface Patience {
  /** Milliseconds between two tries. */
  pauseMs: number;
  /** Milliseconds after which it gives up. */
  forMs: number;
  /** Milliseconds for which it waits for a table, while everybody who asks for that table waits behind it. */
  lockMs: number;
  /** Milliseconds for which it may hold tables while others serve: they wait meanwhile. */
  holdMs: number;
  /** Milliseconds after which a contract looks again for others: a connection that was lost is there again by then. */
  lookMs: number;
  /** Called before each further try, with what is waited for. */
  onWait?(why: string): void;
  /** Waits between two looks for others. */
  pause?(ms: number): Promise<unknown>;
}

/** A supervisor waits for longer. */
export const PATIENCE: Patience = {
  pauseMs: 2_000,
  forMs: 75_000,
  lockMs: 1_000,
  holdMs: 5_000,
  lookMs: 3_000,
};

/** Programs that would not work after the migration still serve. */
export class StillServed extends PlainError {
  constructor(versions: readonly string[], version: string) {
    const others = [...new Set(versions)].join(', ');
    super(
      `This database is still served by Finestreta ${others} (processes: ${versions.length}), which does not work with what ${version} makes of it. ` +
        'Stop the old version everywhere: this upgrade shuts the town for its time (docs/upgrading.md).',
    );
  }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '');
/** lock_not_available: a long transaction uses the table; deadlock_detected. */
const isInTheWay = (error: unknown): boolean => ['55P03', '40P01'].includes(codeOf(error));
/** query_canceled. */
const isTooLong = (error: unknown): boolean => codeOf(error) === '57014';

/**
 * Runs a migration, and again while a long transaction or an older program is in its way. Each try that fails has changed nothing.
 * @throws PlainError when the time is over, or when it would hold everybody up for too long
 */
export async function patiently<T>(
  migrate: () => Promise<T>,
  { pauseMs, forMs, onWait, holdMs }: Patience,
): Promise<T> {
  const until = performance.now() + forMs;
  for (;;) {
    try {
      return await migrate();
    } catch (error) {
      if (isTooLong(error)) throw new HeldTooLong(holdMs, { cause: error });
      const why = reasonOf(error);
      if (why === null) throw error;
      if (performance.now() >= until) throw new PlainError(why, { cause: error });
      onWait?.(why);
      await pause(pauseMs);
    }
  }
}

function reasonOf(error: unknown): string | null {
  if (error instanceof StillServed) return error.message;
  return isInTheWay(error)
    ? 'A long transaction in the database is in the way of the upgrade: a backup, or somebody’s own query. Nothing was changed.'
    : null;
}
