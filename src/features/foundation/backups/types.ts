/** A backup that was made, the removal of old ones, or a drill of restoring one; or one that failed. */
export interface BackupRun {
  /** Null: it failed before its file had a name. */
  name: string | null;
  startedAt: Temporal.Instant;
  endedAt: Temporal.Instant;
  /** Null: no backup, or a failure. */
  bytes: number | null;
  rows: number | null;
  /** Null: it was written, and read again to its end. */
  trouble: string | null;
}

/** The last backups and drills; null: there was none. */
export interface LastRuns {
  /** To where the schedule keeps them. */
  backup: BackupRun | null;
  /** The last backup that failed. */
  failed: BackupRun | null;
  /** Into a file that somebody named, wherever that is: to the schedule it is none. */
  file: BackupRun | null;
  /** When old ones could not be removed. */
  unremoved: BackupRun | null;
  drill: BackupRun | null;
  failedDrill: BackupRun | null;
}

/** What ran. `removal` is noted only when it failed. */
export type RunKind = 'backup' | 'file' | 'removal' | 'drill';
