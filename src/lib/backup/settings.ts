import { resolve } from 'node:path';
import { readS3, type S3Settings } from '../blobs/settings.ts';
import { Mistake, type Parse, type reader } from '../environment.ts';
import { diskPlace } from './places/disk.ts';
import { s3Place } from './places/s3.ts';
import type { BackupPlace } from './places/types.ts';
import type { Keep } from './rotation.ts';

/** The backups that the service makes by itself. */
export interface BackupSettings {
  /** A folder, as an absolute path, or a bucket. */
  to: { folder: string } | { s3: S3Settings };
  /** The time of the day, in the town's time zone. */
  at: Temporal.PlainTime;
  /** Null: all are kept, as far as the service is concerned. */
  keep: Keep | null;
}

/** The usual number of backups that are kept: three weeks, less than what they hold is usually kept (`retention.contactDays`). */
const USUAL_KEEP = '7d,3w,0m';

/** Reads when backups are made, where they are kept and for how long. Without a place none are made by themselves. */
export function readBackups(
  variable: ReturnType<typeof reader>,
  mistakes: string[],
  { demo, backupRecipient }: { demo: boolean; backupRecipient: string | null },
): BackupSettings | null {
  const folder = variable('BACKUP_FOLDER', null, (text) => resolve(text));
  const s3 = readS3(variable, mistakes, 'BACKUP_S3_');
  const at = variable('BACKUP_AT', '03:30', timeOfDay);
  const keep = variable('BACKUP_KEEP', USUAL_KEEP, keepOf);
  if (folder && s3) mistakes.push('BACKUP_FOLDER and BACKUP_S3_BUCKET are both set; keep one.');
  if ((folder || s3) && !backupRecipient && !demo)
    mistakes.push(
      'BACKUP_RECIPIENT must say to whom backups are encrypted: an age recipient (age1…) whose identity is kept on another machine.',
    );
  const to = folder ? { folder } : s3 && { s3 };
  return to && { to, at, keep };
}

/** Returns the place of the settings. */
export const openPlace = ({ to }: Pick<BackupSettings, 'to'>): BackupPlace =>
  'folder' in to ? diskPlace(to.folder) : s3Place(to.s3);

const timeOfDay: Parse<Temporal.PlainTime> = (text) =>
  /^([01]\d|2[0-3]):[0-5]\d$/.test(text)
    ? Temporal.PlainTime.from(text)
    : new Mistake('must be a time of the day such as 03:30');

const keepOf: Parse<Keep | null> = (text) => {
  if (text.trim() === 'all') return null;
  const found = /^(\d{1,3})d,(\d{1,3})w,(\d{1,3})m$/.exec(text.replaceAll(' ', ''));
  const [days = 0, weeks = 0, months = 0] = found?.slice(1).map(Number) ?? [];
  return days > 0
    ? { days, weeks, months }
    : new Mistake(
        `must be how many days, weeks and months are kept, such as ${USUAL_KEEP}, and a day at least; or all`,
      );
};
