import {
  lastCounted,
  standingOf,
  unremovedNow,
} from '../../../features/foundation/backups/service.ts';
import type { BackupRun, LastRuns } from '../../../features/foundation/backups/types.ts';
import { type Finding, right, warning, wrong } from '../report.ts';

/** A drill is made once a year at least. */
const DRILL_DAYS = 400;

/** Reports the last backup and the last drill. `isScheduled`: the service makes backups by itself. Pure. */
export function aboutBackups(
  last: LastRuns,
  isScheduled: boolean,
  now: Temporal.Instant,
): Finding[] {
  const backup = lastCounted(last, isScheduled);
  const unremoved = unremovedNow(last);
  return [
    aboutLast(last, isScheduled, now),
    ...(unremoved ? [aboutRemoval(unremoved)] : []),
    ...(backup ? [aboutDrill(last, now)] : []),
  ];
}

const NO_SCHEDULE =
  'Set BACKUP_FOLDER or BACKUP_S3_BUCKET, and BACKUP_RECIPIENT (docs/operating.md, Backing up and restoring).';

function aboutLast(last: LastRuns, isScheduled: boolean, now: Temporal.Instant): Finding {
  const { failed } = last;
  const backup = lastCounted(last, isScheduled);
  const ago = backup ? `${inWords(now.since(backup.startedAt))} ago` : '';
  const why = failed ? ` The last try failed: ${failed.trouble}` : '';
  const todo = isScheduled
    ? 'Is a worker running (ROLES)? finestreta backup makes one now and says what is wrong.'
    : NO_SCHEDULE;
  const standing = standingOf(last, isScheduled, now);
  if (standing === 'none')
    return isScheduled
      ? wrong(`There is no backup yet.${why}`, todo)
      : warning('There is no backup, and none is scheduled.', todo);
  if (standing === 'old') return wrong(`The last backup was made ${ago}.${why}`, todo);
  if (standing === 'failing')
    return warning(
      `The last backup was made ${ago}.${why}`,
      'It is tried again every half an hour.',
    );
  return right(`The last backup was made ${ago}, and was read again to its end.`);
}

/** The backup is there: whoever keeps old ones on purpose says so. */
const aboutRemoval = ({ trouble }: BackupRun): Finding =>
  warning(
    `Old backups could not be removed: ${trouble}`,
    'Where the place keeps them on purpose, set BACKUP_KEEP=all, and let its own rules remove them in time.',
  );

function aboutDrill({ drill, failedDrill }: LastRuns, now: Temporal.Instant): Finding {
  const isBroken = failedDrill && (!drill || isLater(failedDrill.startedAt, drill.startedAt));
  if (isBroken)
    return wrong(
      `The last drill found that the backup can't be restored: ${failedDrill.trouble === 'changed' ? 'something in it is not as it was written' : failedDrill.trouble}`,
      'finestreta restore drill says what is wrong.',
    );
  const isOld = !drill || now.since(drill.startedAt).total('hours') > DRILL_DAYS * 24;
  return isOld
    ? warning(
        drill
          ? 'The last drill was more than a year ago.'
          : 'Nobody has tried to restore a backup.',
        'finestreta restore drill does it beside the running service.',
      )
    : right(`A backup was restored in a drill ${inWords(now.since(drill.startedAt))} ago.`);
}

const isLater = (a: Temporal.Instant, b: Temporal.Instant): boolean =>
  Temporal.Instant.compare(a, b) > 0;

function inWords(ago: Temporal.Duration): string {
  const hours = Math.floor(ago.total('hours'));
  if (hours < 1) return 'less than an hour';
  if (hours < 48) return hours === 1 ? 'an hour' : `${hours} hours`;
  return `${Math.floor(hours / 24)} days`;
}
