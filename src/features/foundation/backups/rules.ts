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

type Made = Pick<LastRuns, 'backup' | 'failed' | 'file'>;

/** Returns the last backup that counts: with a schedule only those of its place, since a file by hand may be anywhere. */
export function lastCounted(
  { backup, file }: Pick<Made, 'backup' | 'file'>,
  isScheduled: boolean,
): BackupRun | null {
  if (isScheduled || !file) return backup;
  return isNewer(file, backup) ? file : backup;
}

/** Returns how backups stand. `isScheduled`: the service makes them by itself. */
export function standingOf(
  made: Made,
  isScheduled: boolean,
  now: Temporal.Instant,
): BackupStanding {
  const backup = lastCounted(made, isScheduled);
  const { failed } = made;
  if (!backup) return 'none';
  const patience = isScheduled ? TOO_OLD : TOO_OLD_BY_HAND;
  if (isAtOrAfter(now, backup.startedAt.add(patience))) return 'old';
  return failed && isAtOrAfter(failed.startedAt, backup.startedAt) ? 'failing' : 'right';
}

/** Returns the failure to remove old backups after the last one; null: they were removed. */
export const unremovedNow = ({
  backup,
  unremoved,
}: Pick<LastRuns, 'backup' | 'unremoved'>): BackupRun | null =>
  unremoved && isNewer(unremoved, backup) ? unremoved : null;

/** Returns whether it began later than the other, or at the same moment. */
const isNewer = (one: BackupRun, other: BackupRun | null): boolean =>
  !other || isAtOrAfter(one.startedAt, other.startedAt);
