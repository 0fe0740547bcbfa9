import { statfs } from 'node:fs/promises';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, isUnavailable, within } from '../../../lib/db/database.ts';
import type { StandbyState } from '../../../lib/db/reading/reading.ts';
import { NOTING } from './rules.ts';
import { type Noted, noteJobs } from './store.ts';
import type { Certificate, OperatingFacts } from './types.ts';
import { readStored } from './views.ts';

export interface OperatingDeps {
  db: Db;
  clock: Clock;
  version: string;
  dataDir: string;
  isBackupScheduled: boolean;
  /** Returns the connections of this process to the database. */
  pool(): OperatingFacts['pool'];
  /** Returns how the standby for reading is; null: none was given. */
  standby(): Promise<StandbyState | null>;
  /** Returns how many event streams are open at this process. */
  streams(): number;
  /** Returns until when each certificate is valid. May ask the network, at most every ten minutes. */
  certificates(now: Temporal.Instant): Promise<readonly Certificate[]>;
}

export interface Operating {
  facts(): Promise<OperatingFacts>;
  /** Notes that a job ran in this process. `code`: of its error; null: it ended well. `began`: now by default. */
  noteJob(what: string, code: string | null, began?: Temporal.Instant): void;
  /** Keeps what was noted, for every process to read, and that a worker is there. */
  keepNotes(): Promise<void>;
  /** Keeps what was noted; without anything new it writes nothing. */
  keepNew(): Promise<void>;
}

/** Knows how the installation runs: for the metrics, the operator's page and doctor. */
export function createOperating(deps: OperatingDeps): Operating {
  const { clock } = deps;
  const startedAt = clock.now();
  let kept: { since: Temporal.Instant; stored: Promise<Stored> } | null = null;
  /** Several monitors, and several readers of the page, are one reading. */
  const storedNow = (now: Temporal.Instant): Promise<Stored> => {
    const isFresh = kept && Temporal.Instant.compare(now, kept.since.add(KEPT)) < 0;
    if (!kept || !isFresh) kept = { since: now, stored: storedOf(deps, now) };
    return kept.stored;
  };
  return {
    async facts() {
      const now = clock.now();
      const [stored, standby, disk, certificates] = await Promise.all([
        storedNow(now),
        standbyOf(deps),
        diskOf(deps.dataDir),
        deps.certificates(now),
      ]);
      return {
        now,
        startedAt,
        version: deps.version,
        ...stored,
        ...{ standby, disk, certificates },
        streams: deps.streams(),
        pool: deps.pool(),
        isBackupScheduled: deps.isBackupScheduled,
      };
    },
    ...notesOf(deps),
  };
}

/** What jobs did, until it is kept. */
function notesOf({
  db,
  clock,
}: OperatingDeps): Pick<Operating, 'noteJob' | 'keepNotes' | 'keepNew'> {
  let notes = new Map<string, Noted>();
  const noteJob: Operating['noteJob'] = (what, code, began = clock.now()) => {
    const before = notes.get(what);
    const failures = code === null ? 0 : (before?.failures ?? 0) + 1;
    notes.set(what, {
      what,
      ranAt: code === null ? began : (before?.ranAt ?? null),
      failedAt: code === null ? (before?.failedAt ?? null) : clock.now(),
      failures,
      trouble: code ?? before?.trouble ?? null,
    });
  };
  const keepNew = async () => {
    if (notes.size === 0) return;
    const kept = notes;
    notes = new Map();
    try {
      await within(db, INSTALLATION, (tx) => noteJobs(tx, [...kept.values()], clock.now()));
    } catch (error) {
      // What was noted meanwhile is newer.
      for (const [what, note] of kept) if (!notes.has(what)) notes.set(what, note);
      throw error;
    }
  };
  return {
    noteJob,
    keepNew,
    async keepNotes() {
      // It shows from the first minute on that a worker is there.
      noteJob(NOTING, null);
      await keepNew();
    },
  };
}

/** Facts of the database are read once in this time. */
const KEPT: Temporal.Duration = Temporal.Duration.from({ seconds: 10 });

type Stored = Pick<OperatingFacts, 'stored' | 'database'>;

async function storedOf({ db, pool }: OperatingDeps, now: Temporal.Instant): Promise<Stored> {
  try {
    const stored = await within(db, INSTALLATION, (tx) => readStored(tx, now));
    return { stored, database: 'up' };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    const { total, idle, most } = pool();
    const isFull = total >= most && idle === 0;
    return { stored: null, database: isTooLate(error) || isFull ? 'busy' : 'away' };
  }
}

/** Of PostgreSQL: a statement took longer than it may. */
const isTooLate = (error: unknown): boolean => (error as { code?: unknown }).code === '57014';

/** With the primary away it isn't known. */
const standbyOf = ({ standby }: OperatingDeps) => standby().catch(() => null);

async function diskOf(folder: string): Promise<OperatingFacts['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { free: bavail * bsize, size: blocks * bsize };
  } catch {
    return null;
  }
}
