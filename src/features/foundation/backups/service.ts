import type pg from 'pg';
import { readRecipients } from '../../../lib/backup/age.ts';
import type { DumpOptions } from '../../../lib/backup/dump.ts';
import type { BackupPlace } from '../../../lib/backup/places/types.ts';
import {
  type BackupOwner,
  longestKept,
  nameOfBackup,
  readName,
  toRemove,
} from '../../../lib/backup/rotation.ts';
import { type BackupSettings, openPlace } from '../../../lib/backup/settings.ts';
import { writeVerified } from '../../../lib/backup/verified.ts';
import type { Blobs } from '../../../lib/blobs/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { type DueSql, NEVER } from '../../../lib/jobs/due.ts';
import { PlainError } from '../../../lib/plain-error.ts';
import { isDue } from './rules.ts';
import { deleteInstallation, insertRun, lockBackups, takeInstallation } from './store.ts';
import type { BackupRun, LastRuns, RunKind } from './types.ts';
import { backupDue, readLastRuns } from './views.ts';

export { lastCounted, standingOf, unremovedNow } from './rules.ts';

/** Forgets which installation this is: a restored database is another than the one that was backed up. */
export const forgetInstallation = (db: Db): Promise<void> =>
  within(db, INSTALLATION, deleteInstallation);

export interface BackupDeps {
  db: Db;
  /** For the dump, and for the lock. */
  connection: pg.ConnectionConfig;
  clock: Clock;
  /** Null: no backups are made by a schedule. */
  settings: BackupSettings | null;
  /** Recipients of age, with commas; null: not encrypted. */
  recipient: string | null;
  /** The host of the town's address: backups of several towns may be in one place. */
  host: string;
  /** The version of Finestreta. */
  version: string;
  migrations: string;
  blobs: Blobs;
  timeZone(): Promise<string>;
  /** Opens the place of the settings; tests have one of their own. */
  open?(settings: BackupSettings): BackupPlace;
}

/** A backup that was made, with the ones that were removed for it. */
export interface MadeBackup {
  name: string;
  place: string;
  bytes: number;
  rows: number;
  removed: readonly string[];
  /** What the place refused besides: it is no failure of the backup. */
  warnings: readonly string[];
}

export interface Backups {
  /**
   * Makes a backup, verifies it, and removes those that need not be kept. Null: another process makes one now. @throws BackupError, after
   * noting it
   */
  make(): Promise<MadeBackup | null>;
  /** The same when the schedule wants one, else nothing. Nothing too while this process makes that of another town. */
  makeIfDue(): Promise<MadeBackup | null>;
  /** When the schedule wants the next one. */
  due: DueSql;
  /** Notes a backup or a drill that was made elsewhere. A database of an older version has no place for it, and keeps none. */
  note(kind: RunKind, run: BackupRun): Promise<void>;
  last(): Promise<LastRuns>;
  /** Returns the id of the installation, which is in the names of its backups; makes it when there is none. */
  installation(): Promise<string>;
  /** For how many days at most the schedule keeps a backup; null: it makes none, or removes none. */
  keptDays: number | null;
}

/**
 * Whether the schedule of a town of this process makes a backup now. Each takes connections, memory and a core, so that many towns at once
 * would stop the service. The others try again some minutes later, rather than wait: so none begins while the process ends.
 */
let isMaking = false;

/** Makes the backups of one town, and knows how they went. */
export function createBackups(deps: BackupDeps): Backups {
  const { db, clock, settings } = deps;
  const last = () => within(db, INSTALLATION, readLastRuns);
  const note: Backups['note'] = async (kind, run) => {
    await within(db, INSTALLATION, (tx) => insertRun(tx, kind, run)).catch((error) => {
      if ((error as { code?: string }).code !== UNDEFINED_TABLE) throw error;
    });
  };
  const make = async (isWanted = async () => true): Promise<MadeBackup | null> => {
    if (!settings) throw new PlainError(NO_PLACE);
    const release = await lockBackups(deps.connection);
    if (!release) return null;
    try {
      // Another process may have made one before the lock was free.
      return (await isWanted()) ? await makeOne(deps, settings, note) : null;
    } finally {
      await release();
    }
  };
  return {
    make: () => make(),
    async makeIfDue() {
      if (!settings) return null;
      const timeZone = await deps.timeZone();
      const isWanted = async () => isDue(await last(), settings, clock.now(), timeZone);
      if (!(await isWanted()) || isMaking) return null;
      isMaking = true;
      try {
        return await make(isWanted);
      } finally {
        isMaking = false;
      }
    },
    due: settings ? backupDue(settings.at) : NEVER,
    note,
    last,
    installation: () => within(db, INSTALLATION, takeInstallation),
    keptDays: settings?.keep ? longestKept(settings.keep) : null,
  };
}

const NO_PLACE =
  'Where are backups kept? Set BACKUP_FOLDER or BACKUP_S3_BUCKET (docs/operating.md), or name a file: finestreta backup FILE.';

/** Of PostgreSQL. */
const UNDEFINED_TABLE = '42P01';

async function makeOne(
  deps: BackupDeps,
  settings: BackupSettings,
  note: Backups['note'],
): Promise<MadeBackup> {
  const { clock, host, recipient, connection, blobs, version, migrations } = deps;
  const startedAt = clock.now();
  const place = (deps.open ?? openPlace)(settings);
  const recipients = recipient ? readRecipients(recipient) : [];
  const owner = { host, installation: await within(deps.db, INSTALLATION, takeInstallation) };
  const name = nameOfBackup(owner, startedAt, recipients.length > 0);
  const facts = { madeAt: startedAt.round('second').toString(), version };
  const dump: DumpOptions = { connection, blobs, recipients, facts };
  const failure = (error: unknown, since = startedAt): BackupRun => {
    const trouble = error instanceof PlainError ? error.message : codeOf(error);
    return { name, startedAt: since, endedAt: clock.now(), bytes: null, rows: null, trouble };
  };
  const warnings: string[] = [];
  const isOurs = (each: string) => readName(host, each)?.installation === owner.installation;
  await place.tidy(isOurs).catch((error) => warnings.push(warned(error)));
  const made = await writeVerified(place, name, { ...dump, migrations }).catch(async (error) => {
    await note('backup', failure(error));
    throw error;
  });
  await note('backup', { name, startedAt, endedAt: clock.now(), ...made, trouble: null });
  const writtenAt = clock.now();
  // A place that lets nobody remove anything is the safest one: the backup is there.
  const removed = await rotate(place, owner, settings, await deps.timeZone()).catch(
    async (error) => {
      warnings.push(warned(error));
      await note('removal', failure(error, writtenAt));
      return [];
    },
  );
  return { name, place: place.words, ...made, removed, warnings };
}

const warned = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const codeOf = (error: unknown): string => {
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name;
};

/** Removes the backups of this installation that need not be kept, and returns their names. Only after a new one was verified. */
async function rotate(
  place: BackupPlace,
  { host, installation }: BackupOwner,
  { keep }: BackupSettings,
  timeZone: string,
): Promise<readonly string[]> {
  if (!keep) return [];
  const all = (await place.list()).flatMap(({ name }) => readName(host, name) ?? []);
  const kept = all.filter((each) => each.installation === installation);
  const names = toRemove(kept, keep, timeZone);
  if (names.length > 0) await place.remove(names);
  return names;
}
