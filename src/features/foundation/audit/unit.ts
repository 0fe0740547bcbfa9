import type { Appointment } from '../../../domain/appointment.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import type { Notifier } from '../../../lib/notifier.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { type AuditAction, isDeed } from './actions.ts';
import { insertAudit } from './store.ts';

/**
 * A transaction with everything that belongs to one deed: the change, its event, its audit record and its notices. Either all of it
 * is committed, or none.
 */
export interface Unit<V extends Viewer = Viewer> {
  readonly tx: Tx;
  readonly viewer: V;
  readonly office: number;
  readonly now: Temporal.Instant;
  /**
   * Records the viewer's action on the office's audit trail. After the commit of a deed, the notifier informs the pages that
   * wait for changes of the office.
   */
  record(action: AuditAction, about?: About): Promise<void>;
  /**
   * Makes the notifier inform waiting pages of the office after the commit; with `topic`, only the pages of that topic. Events,
   * notices and recorded deeds do this automatically.
   */
  tell(topic?: string): void;
  /** Runs `work` after the commit, and never when the transaction fails. `work` must not throw. */
  afterCommit(work: () => void): void;
}

/** A unit of work of the whole installation, which belongs to no single office. */
export interface InstallationUnit extends Pick<Unit, 'tx' | 'viewer' | 'now' | 'afterCommit'> {
  /** Records the viewer's action on the audit trail of an office. */
  recordIn(office: number, action: AuditAction, about?: About): Promise<void>;
}

/** The subject of an audit record. */
export interface About {
  /** Id of the citizen's appointment. */
  appointment?: string;
  /** Ids, numbers and codes; never personal data. */
  data?: Record<string, unknown>;
  /** After a deed, only the pages of this topic are informed. It is not recorded. */
  topic?: string;
}

/** Returns the subject of a record about an appointment: the appointment, and the desk to which it belongs. */
export const aboutAppointment = (
  { id, desk }: Pick<Appointment, 'id' | 'desk'>,
  data: object = {},
): About => ({ appointment: id, data: { desk, ...data } });

/** Runs units of work. A unit that lost a deadlock is run again. */
export interface RunUnit {
  /** Runs `work` in a unit of work for a viewer in an office, and returns its result. */
  <T, V extends Viewer>(viewer: V, office: number, work: (unit: Unit<V>) => Promise<T>): Promise<T>;
  /**
   * Runs a deed that is one SQL statement with its event, record and notices. Afterwards, when `isDone`, the notifier informs
   * waiting pages of the office.
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
      // After a lost deadlock this runs again, and the effects that the first run asked for are dropped.
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
      const { topic, ...what } = about;
      await insertAudit(tx, { ...of, action, ...what });
      if (isDeed(action)) commit.tell(office, topic);
    },
    tell: (topic) => commit.tell(office, topic),
    afterCommit: commit.afterwards,
  };
}

/** The effects after a commit. */
interface Commit {
  tell(office: number, topic?: string): void;
  afterwards(work: () => void): void;
  /** Runs the effects. */
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
