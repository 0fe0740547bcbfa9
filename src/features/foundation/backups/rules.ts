import { lastDue } from '../../../lib/backup/rotation.ts';
import type { BackupSettings } from '../../../lib/backup/settings.ts';
import type { BackupRun, LastRuns } from './types.ts';

/** A backup that failed is tried again after this time. */
export const RETRY: Temporal.Duration = Temporal.Duration.from({ minutes: 30 });

/** After this time without a new one, backups by the schedule have stopped. */
export const TOO_OLD: Temporal.Duration = Temporal.Duration.from({ hours: 26 });

/** Without a schedule, whoever makes backups may make one a week. */
export const TOO_OLD_BY_HAND: Temporal.Duration = Temporal.Duration.from({ hours: 24 * 8 });

/** Returns whether the schedule wants a backup now: none was made since it was last due, and the last failure is some time ago. */
export function isDue(
  { backup, failed }: Pick<LastRuns, 'backup' | 'failed'>,
  { at }: Pick<BackupSettings, 'at'>,
  now: Temporal.Instant,
  timeZone: string,
): boolean {
  if (backup && isAtOrAfter(backup.startedAt, lastDue(now, at, timeZone))) return false;
  return !failed || isAtOrAfter(now, failed.endedAt.add(RETRY));
}

const isAtOrAfter = (a: Temporal.Instant, b: Temporal.Instant): boolean =>
  Temporal.Instant.compare(a, b) >= 0;

/** How backups stand. `none`: there never was one; `old`: the last is too old; `failing`: there is a new one, but a later one failed. */
export type BackupStanding = 'right' | 'none' | 'old' | 'failing';

/** Returns how backups stand. `isScheduled`: the service makes them by itself. */
export function standingOf(
  { backup, failed }: Pick<LastRuns, 'backup' | 'failed'>,
  isScheduled: boolean,
  now: Temporal.Instant,
): BackupStanding {
  if (!backup) return 'none';
  const patience = isScheduled ? TOO_OLD : TOO_OLD_BY_HAND;
  if (isAtOrAfter(now, backup.startedAt.add(patience))) return 'old';
  return failed && isAtOrAfter(failed.startedAt, backup.startedAt) ? 'failing' : 'right';
}

/** Returns the later one. */
export const isNewer = (one: BackupRun, other: BackupRun | null): boolean =>
  !other || isAtOrAfter(one.startedAt, other.startedAt);
