import { expect, test } from 'vitest';
import type { BackupRun, LastRuns } from '../../../features/foundation/backups/types.ts';
import { aboutBackups } from './backups.ts';

const NOW = Temporal.Instant.from('2026-11-30T09:00:00Z');
const hoursAgo = (hours: number, trouble: string | null = null): BackupRun => ({
  ...{ name: 'x', bytes: 1, rows: 1, trouble },
  startedAt: NOW.subtract({ hours }),
  endedAt: NOW.subtract({ hours }),
});
const NONE: LastRuns = {
  ...{ backup: null, failed: null, file: null, unremoved: null },
  ...{ drill: null, failedDrill: null },
};
const said = (last: Partial<LastRuns>, isScheduled = true) =>
  aboutBackups({ ...NONE, ...last }, isScheduled, NOW).map(
    ({ state, words }) => `${state}: ${words}`,
  );

test.each([
  [{}, true, 'wrong: There is no backup yet.'],
  [{}, false, 'warning: There is no backup, and none is scheduled.'],
  [{ backup: hoursAgo(5) }, true, 'right: The last backup was made 5 hours ago'],
  [{ backup: hoursAgo(50) }, true, 'wrong: The last backup was made 2 days ago.'],
  [{ backup: hoursAgo(50) }, false, 'right: The last backup was made 2 days ago'],
  [
    { backup: hoursAgo(5), failed: hoursAgo(1, 'its disk is full.') },
    true,
    'warning: The last backup was made 5 hours ago. The last try failed: its disk is full.',
  ],
  [{ failed: hoursAgo(1, 'EIO') }, true, 'wrong: There is no backup yet. The last try failed: EIO'],
  [{ file: hoursAgo(5) }, true, 'wrong: There is no backup yet.'],
  [{ file: hoursAgo(5) }, false, 'right: The last backup was made 5 hours ago'],
])('of backups %#', (last, isScheduled, words) => {
  expect(said(last, isScheduled)[0]).toContain(words);
});

test('old backups that could not be removed are a warning, and no failure of the backup', () => {
  const all = said({ backup: hoursAgo(5), unremoved: hoursAgo(5, 'AccessDenied') });
  expect(all[0]).toContain('right: The last backup');
  expect(all[1]).toBe('warning: Old backups could not be removed: AccessDenied');
});

test.each([
  [{}, 'warning: Nobody has tried to restore a backup.'],
  [{ drill: hoursAgo(72) }, 'right: A backup was restored in a drill 3 days ago.'],
  [{ drill: hoursAgo(9_700) }, 'warning: The last drill was more than a year ago.'],
  [
    { drill: hoursAgo(72), failedDrill: hoursAgo(1, 'changed') },
    'wrong: The last drill found that the backup can’t be restored'.replace('’', "'"),
  ],
])('of drills %#', (last, words) => {
  expect(said({ backup: hoursAgo(5), ...last })[1]).toContain(words);
});
