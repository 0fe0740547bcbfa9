import type { StandbyState } from '../../../lib/db/reading/reading.ts';
import type { LastRuns } from '../../foundation/backups/types.ts';

/** What waits to be sent, by how it goes. */
export const QUEUES = ['mail', 'sms', 'staff_mail', 'webhooks'] as const;
export type QueueName = (typeof QUEUES)[number];

export interface Queue {
  /** Due and not sent. */
  waiting: number;
  /** When the oldest waiting one was due. */
  oldest: Temporal.Instant | null;
  /** Given up, or returned, in the last thirty days. */
  failed: number;
}

/** How a background job last ran, in whichever process. */
export interface JobRun {
  /** What it does, as its feature declares it. */
  what: string;
  /** When it last ended well; null: never. */
  ranAt: Temporal.Instant | null;
  failedAt: Temporal.Instant | null;
  /** Failures since it last ended well. */
  failures: number;
  /** The code of its last error; null: it never failed. */
  trouble: string | null;
}

/** What the database knows of how the installation runs. Nothing in it says anything about people. */
export interface StoredFacts {
  queues: Readonly<Record<QueueName, Queue>>;
  /** Webhooks that are paused, by us or by an administrator. */
  webhooksPaused: number;
  /** Connected calendars that can't be read. */
  calendarsFailing: number;
  /** Rooms of video calls in which somebody is. */
  rooms: number;
  /** People in writing who wait for somebody. */
  chatsWaiting: number;
  /** Appointments by telephone of the last two hours whose hour has passed by ten minutes, and nobody has called. */
  callersLate: number;
  backups: LastRuns;
  jobs: readonly JobRun[];
  /** Of PostgreSQL. */
  databaseVersion: string;
  databaseBytes: number;
}

/** A certificate that somebody must renew. */
export interface Certificate {
  /** `address`: that of the town's address; `seal`: that of its electronic seal. */
  of: 'address' | 'seal';
  /** Null: it can't be read from here. */
  until: Temporal.Instant | null;
}

/** What needs an operator's look. */
export type Look =
  | ('database' | 'worker' | 'backup' | 'drill' | 'disk' | 'jobs')
  | QueueName
  | `certificate.${Certificate['of']}`;

/** Everything about how the installation runs: the metrics and the operator's page are read from it. */
export interface OperatingFacts {
  now: Temporal.Instant;
  /** When the process started. */
  startedAt: Temporal.Instant;
  version: string;
  /** Null: it is not known now. */
  stored: StoredFacts | null;
  /** `busy`: no connection was free, or it took too long; that says nothing about whether the database answers. */
  database: 'up' | 'busy' | 'away';
  /** Event streams that browsers have open at this process. */
  streams: number;
  pool: { total: number; idle: number; waiting: number; most: number };
  /** The standby for reading; null: none was given, or it isn't known now. */
  standby: StandbyState | null;
  /** The disk of the data folder, in bytes; null: it can't be read. */
  disk: { free: number; size: number } | null;
  certificates: readonly Certificate[];
  /** Whether the service makes backups by itself. */
  isBackupScheduled: boolean;
}
