import type { EventKind } from '../domain/appointment.ts';
import type { Office } from '../domain/office/types.ts';
import type { Tx } from '../lib/db/database.ts';
import type { Schema } from '../lib/db/schema.ts';
import type { DueSql } from '../lib/jobs/due.ts';
import type { AuditAction } from './foundation/audit/types.ts';
import type { Bounds } from './foundation/retention/rules.ts';

/** The name of a table in migrations/. Tables of staff accounts have a schema of their own. */
export type Table = keyof Schema | `auth.${string}`;

/**
 * How the personal data of a table ends. `nobody`: the table has no personal data. `forgotten`: the feature's `forget` destroys it
 * when the office's retention period ends. `ends`: a sentence that says how it ends otherwise, or why it stays.
 */
export type Ending = 'nobody' | 'forgotten' | { ends: string };

/**
 * What bounds the number of rows of a table. `town`: how large the town is, its desks, procedures and people who work there. `days`: each row is deleted within
 * days. `until`: when it is deleted, as the end of a sentence. `forever`: it comes with what is done, and no row is ever deleted.
 */
export type Growth = 'town' | 'days' | 'forever' | { until: string };

/** One retention pass over one office: its transaction and the time bounds. */
export interface RetentionPass {
  tx: Tx;
  office: number;
  now: Temporal.Instant;
  ended: Bounds;
}

/** The ids of the rows of which a pass destroyed something. */
export interface Forgotten {
  /** Appointments whose citizen's data was destroyed. */
  contacts: readonly string[];
  /** Encounters without an appointment whose person's data was destroyed. */
  people: readonly string[];
  /** Wait list entries whose person's data was destroyed. */
  waiting: readonly string[];
  /** Encounters whose notes were destroyed. */
  encounters: readonly string[];
  /** Appointments whose encounters these are. */
  notes: readonly string[];
  /** Notices of cases, requests and chats whose recipient was destroyed. */
  notices: readonly string[];
}

/** How a feature destroys the personal data of its own tables when the office's retention period ends. */
export interface Forget<Services = never> {
  /** Chooses the data that is due and destroys it. Returns the ids, for features that keep more data about them. */
  due?: (pass: RetentionPass) => Promise<Partial<Forgotten>>;
  /** Destroys the data that these tables hold about everything that the features chose, in the same transaction. */
  about?: (pass: RetentionPass, forgotten: Forgotten) => Promise<void>;
  /** Destroys data that has retention periods of its own, in separate transactions. Returns how much. */
  destroy?: (services: Services, office: Office) => Promise<number>;
}

/** A background job that a feature runs repeatedly. */
export interface Job<Services> {
  /** Completes the log message "It was not possible …". */
  what: string;
  /** Milliseconds from the start of a run until the next one is due; with `due`, until the next one may be. */
  everyMs: number;
  /**
   * When a run could next do something (see `DueSql`), or what says so for `what` and the services. Null or absent: it runs at its
   * period, since it looks outside of the database.
   */
  due?: DueSql | ((what: string, services: Services) => DueSql | null);
  /** Whether it need not run while the town rests: it says only that a worker is there. */
  isWitness?: true;
  /** Milliseconds from the end of a run until the next one may start. */
  restMs?: number;
  /** Whether it also runs as soon as something is committed. */
  onCommit?: true;
  run: (services: Services) => Promise<unknown>;
  /** Called once when the process stops, after the last run. */
  atStop?: (services: Services) => Promise<unknown>;
}

/**
 * The declaration of a feature. Each feature's folder has one in its `feature.ts`, without logic; `all.ts` lists them. `npm run check`
 * compares the declarations with the code and with migrations/ (docs/adr/0053).
 *
 * `Services`: the services that its jobs use. `Destroying`: the context that `forget.destroy` uses.
 */
export interface Feature<Services = unknown, Destroying = unknown> {
  /** The name of its folder. */
  name: string;
  /** The tables that only this feature writes. */
  tables: { readonly [T in Table]?: Ending };
  /** What bounds each of them: `docs/scaling.md` says how large they become. */
  growth?: { readonly [T in Table]?: Growth };
  /** Its functions of migrations/functions that write. */
  functions?: readonly string[];
  /** How it destroys the personal data of its tables. */
  forget?: Forget<Destroying>;
  /** The events that it adds to appointments. */
  events?: readonly EventKind[];
  /** The actions that it records on the audit trail. */
  auditActions?: readonly AuditAction[];
  jobs?: readonly Job<Services>[];
}
