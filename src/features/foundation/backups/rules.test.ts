import { expect, test } from 'vitest';
import { isDue, standingOf } from './rules.ts';
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
    standingOf({ backup, failed }, isScheduled, NOW);
  const today = run('2026-11-30T02:30:00Z');
  const threeDaysAgo = run('2026-11-27T02:30:00Z');
  expect(stand(null, run('2026-11-30T02:30:00Z', 'x'))).toBe('none');
  expect(stand(today, threeDaysAgo)).toBe('right');
  expect(stand(today, run('2026-11-30T08:30:00Z', 'x'))).toBe('failing');
  expect(stand(threeDaysAgo, null)).toBe('old');
  expect(stand(threeDaysAgo, null, false)).toBe('right');
});
