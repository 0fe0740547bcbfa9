/** A backup that was made, or a drill of restoring one; or one that failed. */
export interface BackupRun {
  /** Null: it failed before its file had a name. */
  name: string | null;
  startedAt: Temporal.Instant;
  endedAt: Temporal.Instant;
  /** Null: a drill, or a failure. */
  bytes: number | null;
  rows: number | null;
  /** Null: it was written, and read again to its end. */
  trouble: string | null;
}

/** The last backups and drills; null: there was none. */
export interface LastRuns {
  backup: BackupRun | null;
  /** The last backup that failed. */
  failed: BackupRun | null;
  drill: BackupRun | null;
  failedDrill: BackupRun | null;
}

export type RunKind = 'backup' | 'drill';
