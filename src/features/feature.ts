import type { EventKind } from '../domain/appointment.ts';
import type { Office } from '../domain/office/types.ts';
import type { Tx } from '../lib/db/database.ts';
import type { Schema } from '../lib/db/schema.ts';
import type { AuditAction } from './foundation/audit/types.ts';
import type { Bounds } from './foundation/retention/rules.ts';

/** A table, by its name in migrations/. Those of accounts have a schema of their own. */
export type Table = keyof Schema | `auth.${string}`;

/**
 * How what a table says of people ends. `nobody`: it says nothing of people. `forgotten`: the feature's `forget` destroys it when the
 * office's retention says so. `ends`: otherwise; the sentence says how, or why it stays.
 */
export type Ending = 'nobody' | 'forgotten' | { ends: string };

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

/** What a feature does again and again, by itself. */
export interface Job<Services> {
  /** Completes "It was not possible …" in the log. */
  what: string;
  /** From the beginning of a run until the next one is due, in milliseconds. */
  everyMs: number;
  /** From the end of a run until the next one may begin, in milliseconds. */
  restMs?: number;
  /** Whether it also runs as soon as something was committed. */
  onCommit?: true;
  run: (services: Services) => Promise<unknown>;
}

/**
 * What a feature has. Each folder of a feature declares it in its `feature.ts`, without logic; `all.ts` lists them. `npm run check`
 * compares the declarations with the code and with migrations/ (docs/adr/0053).
 *
 * `Services`: what its jobs use. `Destroying`: what `forget.destroy` uses.
 */
export interface Feature<Services = unknown, Destroying = unknown> {
  /** The name of its folder. */
  name: string;
  /** The tables that it alone writes. */
  tables: { readonly [T in Table]?: Ending };
  /** Its functions of migrations/functions that write. */
  functions?: readonly string[];
  /** How it destroys what its tables say of people. */
  forget?: Forget<Destroying>;
  /** The events that it adds to appointments. */
  events?: readonly EventKind[];
  /** What it puts on the audit trail. */
  auditActions?: readonly AuditAction[];
  jobs?: readonly Job<Services>[];
}
