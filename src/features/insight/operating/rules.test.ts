import { expect, test } from 'vitest';
import { looksOf, NOTING } from './rules.ts';
import type { OperatingFacts, Queue, StoredFacts } from './types.ts';

const NOW = Temporal.Instant.from('2026-11-30T09:00:00Z');
const ago = (minutes: number) => NOW.subtract({ minutes });
const run = (minutes: number, trouble: string | null = null) => ({
  name: 'x',
  bytes: 1,
  rows: 1,
  trouble,
  startedAt: ago(minutes),
  endedAt: ago(minutes),
});
const queue = (minutes: number | null): Queue => ({
  waiting: minutes === null ? 0 : 2,
  oldest: minutes === null ? null : ago(minutes),
  failed: 3,
});
const pass = (minutes: number) => ({
  what: NOTING,
  ranAt: ago(minutes),
  failedAt: null,
  failures: 0,
  trouble: null,
});
const CALM: StoredFacts = {
  queues: { mail: queue(5), sms: queue(null), staff_mail: queue(null), webhooks: queue(null) },
  ...{ webhooksPaused: 0, calendarsFailing: 0, rooms: 0, chatsWaiting: 0, callersLate: 0 },
  backups: {
    ...{ backup: run(300), failed: null, file: null, unremoved: null, drill: run(9_000) },
    failedDrill: null,
  },
  jobs: [pass(1), { ...pass(1), what: 'to back up', failures: 2 }],
  databaseVersion: '17.10',
  databaseBytes: 1,
};
const GIGABYTE = 1024 ** 3;
const facts = (stored: Partial<StoredFacts>, more: Partial<OperatingFacts> = {}) => ({
  ...{ now: NOW, startedAt: ago(900), version: '0.1.0', database: 'up' as const, streams: 0 },
  stored: { ...CALM, ...stored },
  pool: { total: 1, idle: 1, waiting: 0, most: 16 },
  standby: null,
  disk: { free: 9 * GIGABYTE, size: 20 * GIGABYTE },
  certificates: [{ of: 'address' as const, until: NOW.add({ hours: 24 * 80 }) }],
  isBackupScheduled: true,
  ...more,
});

test.each<[string, OperatingFacts, string[]]>([
  ['a calm day', facts({}), []],
  ['mails wait', facts({ queues: { ...CALM.queues, mail: queue(16) } }), ['mail']],
  ['the worker is dead', facts({ jobs: [pass(6)] }), ['worker']],
  ['no worker yet', facts({ jobs: [] }), ['worker']],
  ['a backup failed', facts({ backups: { ...CALM.backups, failed: run(9, 'EIO') } }), ['backup']],
  ['a drill failed', facts({ backups: { ...CALM.backups, failedDrill: run(9, 'x') } }), ['drill']],
  ['a job fails', facts({ jobs: [pass(1), { ...pass(1), what: 'x', failures: 3 }] }), ['jobs']],
  ['the disk is full', facts({}, { disk: { free: 1, size: 9 } }), ['disk']],
  ['the database is away', facts({}, { stored: null, database: 'away' }), ['database']],
  [
    'a certificate ends',
    facts({}, { certificates: [{ of: 'seal', until: NOW.add({ hours: 240 }) }] }),
    ['certificate.seal'],
  ],
])('what needs a look: %s', (_, given, expected) => {
  expect(looksOf(given)).toEqual(expected);
});
