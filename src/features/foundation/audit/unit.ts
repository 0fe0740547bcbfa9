import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { type AuditAction, isDeed } from './actions.ts';
import { insertAudit } from './store.ts';

/**
 * One transaction, with everything that belongs to one deed: the change, its event, its audit record and its notices. All of it
 * is committed, or none.
 */
export interface Unit<V extends Viewer = Viewer> {
  readonly tx: Tx;
  readonly viewer: V;
  readonly office: number;
  readonly now: Temporal.Instant;
  /**
   * Writes on the office's audit trail what the viewer does. After the commit of a deed, those who wait for news of the office
   * are told.
   */
  record(action: AuditAction, about?: About): Promise<void>;
  /** Runs `work` after the commit, and never when the transaction fails. `work` must not throw. */
  afterCommit(work: () => void): void;
}

/** What an audit record is about. */
export interface About {
  /** Id of the citizen's appointment. */
  appointment?: string;
  /** Ids, numbers and codes; never personal data. */
  data?: Record<string, unknown>;
}

/** Runs `work` in a unit of work for a viewer in an office, and answers what it answers. Runs it again after a lost deadlock. */
export type RunUnit = <T, V extends Viewer>(
  viewer: V,
  office: number,
  work: (unit: Unit<V>) => Promise<T>,
) => Promise<T>;

export interface UnitDeps {
  db: Db;
  clock: Clock;
  /** Tells those who wait for news of this office. */
  notify(office: number): void;
}

export function unitOf({ db, clock, notify }: UnitDeps): RunUnit {
  return async (viewer, office, work) => {
    let isNews = false;
    let after: (() => void)[] = [];
    const result = await within(db, office, (tx) => {
      // A lost deadlock runs this again; what the first run wanted doesn't count.
      isNews = false;
      after = [];
      const now = clock.now();
      return work({
        tx,
        viewer,
        office,
        now,
        async record(action, about = {}) {
          await insertAudit(tx, { viewer, office, action, now, ...about });
          isNews ||= isDeed(action);
        },
        afterCommit: (each) => after.push(each),
      });
    });
    for (const each of after) each();
    if (isNews) notify(office);
    return result;
  };
}
