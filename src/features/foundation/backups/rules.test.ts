import { expect, test } from 'vitest';
import { isDue, lastCounted, standingOf, unremovedNow } from './rules.ts';
import type { BackupRun } from './types.ts';

const NOW = Temporal.Instant.from('2026-11-30T09:00:00Z');
const SETTINGS = { at: Temporal.PlainTime.from('03:30') };
const run = (startedAt: string, trouble: string | null = null): BackupRun => ({
  ...{ name: 'x', bytes: 1, rows: 1, trouble },
  startedAt: Temporal.Instant.from(startedAt),
  endedAt: Temporal.Instant.from(startedAt).add({ minutes: 1 }),
});
const due = (backup: BackupRun | null, failed: BackupRun | null = null) =>
  isDue({ backup, failed }, SETTINGS, NOW, 'Europe/Madrid');

test('a backup is due when none was made since its hour', () => {
  expect(due(null)).toBe(true);
  expect(due(run('2026-11-30T02:29:00Z'))).toBe(true);
  expect(due(run('2026-11-30T02:30:00Z'))).toBe(false);
});

test('one that failed is tried again after half an hour', () => {
  const before = run('2026-11-29T02:30:00Z');
  expect(due(before, run('2026-11-30T08:40:00Z', 'ENOSPC'))).toBe(false);
  expect(due(before, run('2026-11-30T08:29:00Z', 'ENOSPC'))).toBe(true);
});

test('how backups stand', () => {
  const stand = (backup: BackupRun | null, failed: BackupRun | null, isScheduled = true) =>
    standingOf({ backup, failed, file: null }, isScheduled, NOW);
  const today = run('2026-11-30T02:30:00Z');
  const threeDaysAgo = run('2026-11-27T02:30:00Z');
  expect(stand(null, run('2026-11-30T02:30:00Z', 'x'))).toBe('none');
  expect(stand(today, threeDaysAgo)).toBe('right');
  expect(stand(today, run('2026-11-30T08:30:00Z', 'x'))).toBe('failing');
  expect(stand(threeDaysAgo, null)).toBe('old');
  expect(stand(threeDaysAgo, null, false)).toBe('right');
});

test('a file that somebody wrote by hand is none of the schedule’s', () => {
  const failed = run('2026-11-30T02:30:00Z', 'The bucket is away');
  const byHand = run('2026-11-30T08:00:00Z');
  const made = { backup: run('2026-11-28T02:30:00Z'), failed, file: byHand };
  expect(isDue(made, SETTINGS, NOW, 'Europe/Madrid')).toBe(true);
  expect(standingOf(made, true, NOW)).toBe('old');
  expect(standingOf({ ...made, backup: null }, true, NOW)).toBe('none');
  // Without a schedule it is what there is.
  expect(lastCounted(made, false)).toBe(byHand);
  expect(standingOf({ ...made, backup: null, failed: null }, false, NOW)).toBe('right');
});

test('a removal that failed counts until a backup after which it went well', () => {
  const backup = run('2026-11-30T02:30:00Z');
  const unremoved = run('2026-11-30T02:31:00Z', 'AccessDenied');
  expect(unremovedNow({ backup, unremoved })).toBe(unremoved);
  expect(unremovedNow({ backup: run('2026-12-01T02:30:00Z'), unremoved })).toBeNull();
});
