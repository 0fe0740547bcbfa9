import type { Config } from '../../../config.ts';
import type { OfficeSettings } from '../../../domain/office/types.ts';
import { longestKept, readName } from '../../../lib/backup/rotation.ts';
import { type BackupSettings, openPlace } from '../../../lib/backup/settings.ts';
import { PlainError } from '../../../lib/plain-error.ts';
import { type Finding, right, warning } from '../report.ts';

/** A period after which an office destroys names and words. */
export interface ShortestPeriod {
  /** The office's code. */
  office: string;
  /** The key in the town file. */
  key: string;
  days: number;
}

/** Returns the shortest period of these offices, by their codes; null: there are no offices. */
export function shortestPeriod(
  offices: Iterable<readonly [string, { settings: OfficeSettings }]>,
): ShortestPeriod | null {
  const periods = [...offices].flatMap(([office, { settings }]) => [
    { office, key: 'retention.contactDays', days: settings.retention.contactDays },
    { office, key: 'chat.keepDays', days: settings.chat.keepDays },
    ...(settings.requests
      ? [{ office, key: 'requests.keepDays', days: settings.requests.keepDays }]
      : []),
  ]);
  return periods.toSorted((a, b) => a.days - b.days)[0] ?? null;
}

/** Returns when the oldest backup of the town was made; null: there is none. @throws BackupError when the place can't be read */
export async function oldestBackup(
  settings: BackupSettings,
  host: string,
): Promise<Temporal.Instant | null> {
  const files = await openPlace(settings).list();
  const made = files.flatMap(({ name }) => readName(host, name)?.madeAt ?? []);
  return made.toSorted(Temporal.Instant.compare)[0] ?? null;
}

/** Reports backups that keep what was destroyed for longer than it was kept here. Pure. */
export function aboutKept(
  { keep }: Pick<BackupSettings, 'keep'>,
  oldest: Temporal.Instant | null,
  shortest: ShortestPeriod,
  now: Temporal.Instant,
): Finding {
  const { office, key, days } = shortest;
  const period = `${key} of ${office} is ${days} days`;
  const most = keep && longestKept(keep);
  if (most !== null && most > days)
    return warning(
      `BACKUP_KEEP keeps backups for up to ${most} days, and ${period}: what was destroyed stays in them for longer than that.`,
      'Shorten BACKUP_KEEP (7d,3w,0m is three weeks).',
    );
  const age = oldest ? Math.floor(now.since(oldest).total('hours') / 24) : 0;
  if (age > days)
    return warning(
      `The oldest backup was made ${age} days ago, and ${period}: what was destroyed since is in it.`,
      'Remove it, if you need not keep it. A schedule that has stopped removes nothing.',
    );
  return right(`No backup is kept for longer than ${days} days (${key} of ${office}).`);
}

/** Looks at the place of the backups, and reports as `aboutKept`. */
export async function lookAtKept(
  { backups, baseUrl }: Pick<Config, 'backups' | 'baseUrl'>,
  shortest: ShortestPeriod | null,
  now: Temporal.Instant,
): Promise<Finding[]> {
  if (!backups || !shortest) return [];
  try {
    const oldest = await oldestBackup(backups, new URL(baseUrl).hostname);
    return [aboutKept(backups, oldest, shortest, now)];
  } catch (error) {
    if (error instanceof PlainError) return [warning(error.message)];
    throw error;
  }
}
