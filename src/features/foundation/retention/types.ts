import type { Office } from '../../../domain/office/types.ts';
import type { Tx } from '../../../lib/db/database.ts';
import type { Bounds } from './rules.ts';

/** One pass of retention over an office: its transaction, and what has ended. */
export interface RetentionPass {
  tx: Tx;
  office: number;
  now: Temporal.Instant;
  ended: Bounds;
}

/** What a pass destroyed something of, by id. */
export interface Forgotten {
  /** Appointments of which it is no longer known whom they were for. */
  contacts: readonly string[];
  /** Entries of the wait list, likewise. */
  waiting: readonly string[];
  /** Appointments whose notes were destroyed. */
  notes: readonly string[];
}

/** How a feature destroys what its own tables say of people, when an office keeps it no longer. */
export interface Forget<Services = never> {
  /** Chooses what is due and destroys it. Returns what others keep more about. */
  due?: (pass: RetentionPass) => Promise<Partial<Forgotten>>;
  /** Destroys what these tables say about what all features chose, in the same transaction. */
  about?: (pass: RetentionPass, forgotten: Forgotten) => Promise<void>;
  /** Destroys what has clocks of its own, in transactions of its own. Returns how much. */
  destroy?: (services: Services, office: Office) => Promise<number>;
}
