import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import type { Notifier } from '../../../lib/notifier.ts';
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
  /**
   * Has those who wait for news of the office told after the commit, or with `topic` those alone who look at that. Events,
   * notices and recorded deeds do so by themselves.
   */
  tell(topic?: string): void;
  /** Runs `work` after the commit, and never when the transaction fails. `work` must not throw. */
  afterCommit(work: () => void): void;
}

/** A unit of work of the whole installation, which belongs to no single office. */
export interface InstallationUnit extends Pick<Unit, 'tx' | 'viewer' | 'now' | 'afterCommit'> {
  /** Writes on the audit trail of an office what the viewer does. */
  recordIn(office: number, action: AuditAction, about?: About): Promise<void>;
}

/** What an audit record is about. */
export interface About {
  /** Id of the citizen's appointment. */
  appointment?: string;
  /** Ids, numbers and codes; never personal data. */
  data?: Record<string, unknown>;
}

/** Runs units of work. Runs one again that lost a deadlock. */
export interface RunUnit {
  /** Runs `work` in a unit of work for a viewer in an office, and answers what it answers. */
  <T, V extends Viewer>(viewer: V, office: number, work: (unit: Unit<V>) => Promise<T>): Promise<T>;
  /**
   * Runs a deed that is one SQL statement with its event, its record and its notices. After it, those who wait for news of the
   * office are told when `isDone`.
   */
  statement<T>(office: number, work: () => Promise<T>, isDone: (done: T) => boolean): Promise<T>;
  /** Runs `work` in a unit of work of the whole installation. */
  installation<T>(viewer: Viewer, work: (unit: InstallationUnit) => Promise<T>): Promise<T>;
}

export interface UnitDeps {
  db: Db;
  clock: Clock;
  notifier: Pick<Notifier, 'notify' | 'notifyTopic'>;
}

export function unitOf({ db, clock, notifier }: UnitDeps): RunUnit {
  const run = async <T, V extends Viewer>(
    viewer: V,
    office: number,
    work: (unit: Unit<V>) => Promise<T>,
  ): Promise<T> => {
    let commit = newCommit(notifier);
    const result = await within(db, office, (tx) => {
      // A lost deadlock runs this again; what the first run wanted doesn't count.
      commit = newCommit(notifier);
      return work(unitIn(tx, { viewer, office, now: clock.now() }, commit));
    });
    commit.done();
    return result;
  };

  const statement: RunUnit['statement'] = async (office, work, isDone) => {
    const done = await work();
    if (isDone(done)) notifier.notify(office);
    return done;
  };

  const installation: RunUnit['installation'] = async (viewer, work) => {
    let commit = newCommit(notifier);
    const result = await within(db, INSTALLATION, (tx) => {
      commit = newCommit(notifier);
      const now = clock.now();
      const recordIn: InstallationUnit['recordIn'] = (office, action, about) =>
        unitIn(tx, { viewer, office, now }, commit).record(action, about);
      return work({ tx, viewer, now, recordIn, afterCommit: commit.afterwards });
    });
    commit.done();
    return result;
  };

  return Object.assign(run, { statement, installation });
}

function unitIn<V extends Viewer>(
  tx: Tx,
  of: { viewer: V; office: number; now: Temporal.Instant },
  commit: Commit,
): Unit<V> {
  const { office } = of;
  return {
    tx,
    ...of,
    async record(action, about = {}) {
      await insertAudit(tx, { ...of, action, ...about });
      if (isDeed(action)) commit.tell(office);
    },
    tell: (topic) => commit.tell(office, topic),
    afterCommit: commit.afterwards,
  };
}

/** What follows a commit. */
interface Commit {
  tell(office: number, topic?: string): void;
  afterwards(work: () => void): void;
  /** Carries it out. */
  done(): void;
}

function newCommit({ notify, notifyTopic }: UnitDeps['notifier']): Commit {
  const after: (() => void)[] = [];
  const offices = new Set<number>();
  const topics = new Map<string, number>();
  return {
    tell(office, topic) {
      if (topic === undefined) offices.add(office);
      else topics.set(topic, office);
    },
    afterwards: (work) => after.push(work),
    done() {
      for (const each of after) each();
      for (const [topic, office] of topics) notifyTopic(office, topic);
      for (const office of offices) notify(office);
    },
  };
}

/** A unit of work in a transaction that is open already: what it wants told after the commit is told by the caller. */
export const unitInside = <V extends Viewer>(
  tx: Tx,
  of: { viewer: V; office: number; now: Temporal.Instant },
): Unit<V> => unitIn(tx, of, newCommit({ notify() {}, notifyTopic() {} }));
