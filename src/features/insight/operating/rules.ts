import { lastCounted, standingOf } from '../../foundation/backups/service.ts';
import { type Look, type OperatingFacts, QUEUES, type Queue, type StoredFacts } from './types.ts';

/** One value of a measure, with its labels. */
export interface Sample {
  value: number;
  labels?: Record<string, string>;
}

/** A measure: what it is called in the metrics, and how it is read from the facts. */
export interface Measure {
  name: `finestreta_${string}`;
  help: string;
  labels?: readonly string[];
  /** Returns its samples; none: it isn't known now. */
  read(facts: OperatingFacts): readonly Sample[];
}

const seconds = (at: Temporal.Instant): number => at.epochMilliseconds / 1000;

const one = (value: number): readonly Sample[] => [{ value }];

const moment = (at: Temporal.Instant | null | undefined): readonly Sample[] =>
  at ? one(seconds(at)) : [];

/** Reads from what the database knows; nothing while it does not answer. */
const stored =
  (read: (facts: StoredFacts, now: Temporal.Instant) => readonly Sample[]) =>
  ({ stored: facts, now }: OperatingFacts): readonly Sample[] =>
    facts ? read(facts, now) : [];

const ofQueues = (read: (queue: Queue, now: Temporal.Instant) => number) =>
  stored(({ queues }, now) =>
    QUEUES.map((queue) => ({ value: read(queues[queue], now), labels: { queue } })),
  );

const lastBackup = ({ stored: facts, isBackupScheduled }: OperatingFacts) =>
  facts && lastCounted(facts.backups, isBackupScheduled);

/** The job that notes what ran: it shows that a worker is at work. */
export const NOTING = 'to note which jobs ran';

const GIGABYTE = 1024 ** 3;
/** The worker notes each minute what it did; after this time none works. */
const SILENT_MINUTES = 5;
/** A message that has waited for so long was tried several times. */
const LATE_MINUTES = 15;
/** Another certificate of the seal takes weeks to get. */
const SOON_DAYS = 30;
/** A job that failed once or twice is tried again. */
const FAILURES = 3;

/** Returns what needs an operator's look, the most urgent first. */
export function looksOf(facts: OperatingFacts): readonly Look[] {
  const { stored: known, now, disk, certificates } = facts;
  const looks: Look[] = facts.database === 'up' ? [] : ['database'];
  if (disk && disk.free < GIGABYTE) looks.push('disk');
  if (known) looks.push(...looksOfStored(known, facts));
  for (const { of, until } of certificates)
    if (until && now.until(until).total('hours') < SOON_DAYS * 24) looks.push(`certificate.${of}`);
  return looks;
}

function looksOfStored(
  { jobs, queues, backups }: StoredFacts,
  { now, isBackupScheduled }: OperatingFacts,
): Look[] {
  const pass = jobs.find(({ what }) => what === NOTING)?.ranAt;
  const { drill, failedDrill } = backups;
  const isLost =
    failedDrill && (!drill || Temporal.Instant.compare(failedDrill.startedAt, drill.startedAt) > 0);
  const late = QUEUES.filter((name) => {
    const { oldest } = queues[name];
    return oldest !== null && now.since(oldest).total('minutes') >= LATE_MINUTES;
  });
  return [
    ...(pass && now.since(pass).total('minutes') < SILENT_MINUTES ? [] : (['worker'] as const)),
    ...late,
    ...(standingOf(backups, isBackupScheduled, now) === 'right' ? [] : (['backup'] as const)),
    ...(isLost ? (['drill'] as const) : []),
    ...(jobs.some(({ failures }) => failures >= FAILURES) ? (['jobs'] as const) : []),
  ];
}

/**
 * Every measure of how the installation runs. `/metrics` and the operator's page read the same facts; the rules for alerts and the dashboard
 * in deploy/monitoring are compared with this list.
 */
export const MEASURES: readonly Measure[] = [
  {
    name: 'finestreta_info',
    help: 'The version of Finestreta, and of the database',
    labels: ['version', 'database'],
    read: ({ version, stored: facts }) => [
      { value: 1, labels: { version, database: facts?.databaseVersion ?? '' } },
    ],
  },
  {
    name: 'finestreta_database_up',
    help: 'Whether the database answers',
    read: ({ database }) => (database === 'busy' ? [] : one(database === 'up' ? 1 : 0)),
  },
  {
    name: 'finestreta_queue_waiting',
    help: 'Messages that are due and not sent, by queue',
    labels: ['queue'],
    read: ofQueues(({ waiting }) => waiting),
  },
  {
    name: 'finestreta_queue_oldest_age_seconds',
    help: 'For how long the oldest due message has waited, by queue',
    labels: ['queue'],
    read: ofQueues(({ oldest }, now) =>
      oldest ? Math.max(0, now.since(oldest).total('seconds')) : 0,
    ),
  },
  {
    name: 'finestreta_queue_failed',
    help: 'Messages of the last 30 days that were given up or came back, by queue',
    labels: ['queue'],
    read: ofQueues(({ failed }) => failed),
  },
  {
    name: 'finestreta_webhooks_paused',
    help: 'Webhooks that are paused',
    read: stored(({ webhooksPaused }) => one(webhooksPaused)),
  },
  {
    name: 'finestreta_calendars_failing',
    help: 'Connected calendars that can’t be read',
    read: stored(({ calendarsFailing }) => one(calendarsFailing)),
  },
  {
    name: 'finestreta_rooms_open',
    help: 'Rooms of video calls in which somebody is',
    read: stored(({ rooms }) => one(rooms)),
  },
  {
    name: 'finestreta_chats_waiting',
    help: 'People in writing who wait for somebody',
    read: stored(({ chatsWaiting }) => one(chatsWaiting)),
  },
  {
    name: 'finestreta_callers_late',
    help: 'Appointments by telephone whose hour passed ten minutes ago, and nobody has called',
    read: stored(({ callersLate }) => one(callersLate)),
  },
  {
    name: 'finestreta_worker_last_pass_timestamp_seconds',
    help: 'When a worker last noted which jobs ran: once a minute',
    read: stored(({ jobs }) => moment(jobs.find(({ what }) => what === NOTING)?.ranAt)),
  },
  {
    name: 'finestreta_job_failures',
    help: 'Failures of a background job since it last ended well',
    labels: ['job'],
    read: stored(({ jobs }) =>
      jobs.map(({ what, failures }) => ({ value: failures, labels: { job: what } })),
    ),
  },
  {
    name: 'finestreta_backup_scheduled',
    help: 'Whether the service makes backups by itself',
    read: ({ isBackupScheduled }) => one(isBackupScheduled ? 1 : 0),
  },
  {
    name: 'finestreta_backup_last_success_timestamp_seconds',
    help: 'When the last verified backup was begun',
    read: (facts) => moment(lastBackup(facts)?.startedAt),
  },
  {
    name: 'finestreta_backup_last_bytes',
    help: 'The size of the last verified backup',
    read: (facts) => {
      const bytes = lastBackup(facts)?.bytes ?? null;
      return bytes === null ? [] : one(bytes);
    },
  },
  {
    name: 'finestreta_backup_right',
    help: 'Whether the last try to back up went well, and not too long ago',
    read: ({ stored: facts, isBackupScheduled, now }) =>
      facts ? one(standingOf(facts.backups, isBackupScheduled, now) === 'right' ? 1 : 0) : [],
  },
  {
    name: 'finestreta_drill_last_success_timestamp_seconds',
    help: 'When a backup was last restored in a drill',
    read: stored(({ backups }) => moment(backups.drill?.startedAt)),
  },
  {
    name: 'finestreta_streams_open',
    help: 'Event streams that browsers have open at this process',
    read: ({ streams }) => one(streams),
  },
  {
    name: 'finestreta_pool_connections',
    help: 'Connections to the database of this process, by state',
    labels: ['state'],
    read: ({ pool: { total, idle, waiting } }) => [
      { value: total - idle, labels: { state: 'used' } },
      { value: idle, labels: { state: 'idle' } },
      { value: waiting, labels: { state: 'waited_for' } },
    ],
  },
  {
    name: 'finestreta_pool_most',
    help: 'The most connections to the database that this process opens',
    read: ({ pool }) => one(pool.most),
  },
  {
    name: 'finestreta_standby_used',
    help: 'Whether figures are read at the standby in DATABASE_READ_URL',
    read: ({ standby }) => (standby ? one(standby.isUsed ? 1 : 0) : []),
  },
  {
    name: 'finestreta_standby_behind_seconds',
    help: 'How far the standby in DATABASE_READ_URL is behind at most',
    read: ({ standby }) => (standby?.behindSeconds == null ? [] : one(standby.behindSeconds)),
  },
  {
    name: 'finestreta_disk_free_bytes',
    help: 'Free space on the disk of the data folder',
    read: ({ disk }) => (disk ? one(disk.free) : []),
  },
  {
    name: 'finestreta_disk_size_bytes',
    help: 'Size of the disk of the data folder',
    read: ({ disk }) => (disk ? one(disk.size) : []),
  },
  {
    name: 'finestreta_database_size_bytes',
    help: 'Size of the database',
    read: stored(({ databaseBytes }) => one(databaseBytes)),
  },
  {
    name: 'finestreta_certificate_expiry_timestamp_seconds',
    help: 'Until when a certificate is valid: that of the address, that of the seal',
    labels: ['certificate'],
    read: ({ certificates }) =>
      certificates.flatMap(({ of, until }) =>
        until ? [{ value: seconds(until), labels: { certificate: of } }] : [],
      ),
  },
];
