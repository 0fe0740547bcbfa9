import type { Config } from '../../../config.ts';
import type { OfficeSettings } from '../../../domain/office/types.ts';
import { type KeptBackup, longestKept, readName } from '../../../lib/backup/rotation.ts';
import { type BackupSettings, openPlace } from '../../../lib/backup/settings.ts';
import { PlainError } from '../../../lib/plain-error.ts';
import { type Finding, right, warning, wrong } from '../report.ts';

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

/**
 * Reports backups of the town's address that another installation made. `own`: the id of this one; null: it has made none. One that goes on making
 * them, after this one has begun, is wrong; earlier ones are those from before a restore. Pure.
 */
export function aboutForeign(kept: readonly KeptBackup[], own: string | null): Finding[] {
  const foreign = kept.filter(({ installation }) => installation !== own);
  const newest = foreign.toSorted((a, b) => Temporal.Instant.compare(b.madeAt, a.madeAt))[0];
  if (!newest) return [];
  const goesOn = kept.some(
    ({ installation, madeAt }) =>
      installation === own && Temporal.Instant.compare(madeAt, newest.madeAt) < 0,
  );
  const words = `${foreign.length === 1 ? 'A backup' : `${foreign.length} backups`} of another installation with this address are kept too, the newest ${newest.name}. They are never removed by this one.`;
  return [
    goesOn
      ? wrong(
          words,
          'Does another server make backups with a copy of this environment? Stop it, or take BACKUP_FOLDER or BACKUP_S3_BUCKET away there.',
        )
      : warning(
          words,
          'After a restore, they are those of the earlier installation: remove them when your periods are over.',
        ),
  ];
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

/** Looks at the place of the backups, and reports as `aboutKept` and `aboutForeign`. */
export async function lookAtKept(
  { backups, baseUrl }: Pick<Config, 'backups' | 'baseUrl'>,
  { shortest, own }: { shortest: ShortestPeriod | null; own: string | null },
  now: Temporal.Instant,
): Promise<Finding[]> {
  if (!backups) return [];
  try {
    const { hostname } = new URL(baseUrl);
    const files = await openPlace(backups).list();
    const kept = files.flatMap(({ name }) => readName(hostname, name) ?? []);
    const [oldest = null] = kept.map(({ madeAt }) => madeAt).toSorted(Temporal.Instant.compare);
    return [
      ...(shortest ? [aboutKept(backups, oldest, shortest, now)] : []),
      ...aboutForeign(kept, own),
    ];
  } catch (error) {
    if (error instanceof PlainError) return [warning(error.message)];
    throw error;
  }
}
