import type pg from 'pg';
import { withClient } from '../../../lib/db/logins.ts';
import { type Finding, right, warning, wrong } from '../report.ts';

/** What the database server keeps of what it has written, until somebody has taken it. */
export interface WalFacts {
  /** The archive; null: nothing is archived. */
  archive: {
    /** Neither a command nor a library takes what is written. */
    isMissing: boolean;
    /** When a piece was last taken, and when that last failed; null: never. */
    takenAt: Date | null;
    failedAt: Date | null;
    /** The last file that was taken, and the one that is written now; null: none, or the server is a standby. */
    takenFile: string | null;
    file: string | null;
    /** Bytes of such a file. */
    fileBytes: number;
    /** The server's time. */
    askedAt: Date;
  } | null;
  slots: readonly SlotFacts[];
}

/** A replication slot: what is written is kept until whoever has it has read it. */
interface SlotFacts {
  name: string;
  /** Somebody reads it now. */
  isActive: boolean;
  /** Bytes that are kept for it; null: too much was written, and it is lost. */
  kept: number | null;
}

const GIGABYTE = 1024 ** 3;
/** A standby that is restarted, or a slow link, is behind by less. */
const MUCH = { kept: GIGABYTE, danger: 20 * GIGABYTE };
/** An archive that works takes a finished file within a minute, and a big one within some more. */
const STANDSTILL = Temporal.Duration.from({ minutes: 10 }).total('milliseconds');

/** Reads what the server keeps. */
export const readWal = (connection: pg.ConnectionConfig): Promise<WalFacts> =>
  withClient(connection, async (client) => {
    const { rows: archive } = await client.query<NonNullable<WalFacts['archive']>>(`
      select last_archived_time as "takenAt", last_failed_time as "failedAt", last_archived_wal as "takenFile",
        case when not pg_is_in_recovery() then pg_walfile_name(pg_current_wal_lsn()) end as file,
        pg_size_bytes(current_setting('wal_segment_size'))::float8 as "fileBytes", clock_timestamp() as "askedAt",
        current_setting('archive_command') in ('', '(disabled)') and coalesce(current_setting('archive_library', true), '') = '' as "isMissing"
      from pg_stat_archiver where current_setting('archive_mode') <> 'off'`);
    const { rows: slots } = await client.query<SlotFacts>(`
      select slot_name as name, active as "isActive", case when wal_status <> 'lost' then
        greatest(0, pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, restart_lsn))::float8 end as kept
      from pg_replication_slots where restart_lsn is not null or wal_status = 'lost' order by slot_name`);
    return { archive: archive[0] ?? null, slots };
  });

/** Reports an archive that takes nothing, and readers who are gone: both fill the server's disk. Pure. */
export function aboutWal({ archive, slots }: WalFacts): Finding[] {
  return [...(archive ? [aboutArchive(archive)] : []), ...slots.flatMap(aboutSlot)];
}

const UNTIL = 'Until it works again, the server keeps all that it writes, and its disk fills.';

/** How many files were finished since the last one that was taken. Their names: timeline, and place in two halves (PostgreSQL 30.5, WAL internals). */
function waitingFiles({ takenFile, file, fileBytes }: NonNullable<WalFacts['archive']>): number {
  const placeOf = (name: string | null) => {
    const [, high, low] = /^[0-9A-F]{8}([0-9A-F]{8})([0-9A-F]{8})/.exec(name ?? '') ?? [];
    return high && low
      ? Number.parseInt(high, 16) * (2 ** 32 / fileBytes) + Number.parseInt(low, 16)
      : null;
  };
  const taken = placeOf(takenFile);
  const now = placeOf(file);
  return taken === null || now === null ? 0 : Math.max(0, now - taken - 1);
}

function aboutArchive(archive: NonNullable<WalFacts['archive']>): Finding {
  const { isMissing, takenAt, failedAt, askedAt } = archive;
  if (isMissing)
    return wrong(
      'The database server is told to archive what it writes (archive_mode), and nothing takes it (archive_command).',
      UNTIL,
    );
  if (failedAt && (!takenAt || failedAt > takenAt))
    return wrong(
      `The archive_command of the database server fails, last at ${failedAt.toISOString()}; ${takenAt ? `it last worked at ${takenAt.toISOString()}` : 'it never worked'}.`,
      `The server’s log says why; pgbackrest check tries it (docs/database.md). ${UNTIL}`,
    );
  const waiting = waitingFiles(archive);
  if (takenAt && waiting > 0 && askedAt.getTime() - takenAt.getTime() > STANDSTILL)
    return wrong(
      `The archive of the database server stands still: ${waiting} finished ${waiting === 1 ? 'file waits' : 'files wait'}, and the last one was taken at ${takenAt.toISOString()}.`,
      `If that stays so for a minute, the archive_command hangs: see whether what it writes to can be reached (docs/database.md). ${UNTIL}`,
    );
  return takenAt
    ? right(`What the database writes is archived, last at ${takenAt.toISOString()}.`)
    : warning(
        'The database server is told to archive what it writes, and has archived nothing yet.',
        'pgbackrest check archives a piece at once (docs/database.md).',
      );
}

function aboutSlot({ name, isActive, kept }: SlotFacts): Finding[] {
  if (kept === null)
    return [
      warning(
        `The replication slot ${name} lacks what was written meanwhile: whoever follows with it can’t go on.`,
        'Make that standby anew (pg_basebackup), or drop the slot: select pg_drop_replication_slot(…).',
      ),
    ];
  if (kept < MUCH.kept) return [];
  const words = `${(kept / GIGABYTE).toFixed(1)} GB are kept for the replication slot ${name}, which ${isActive ? 'is far behind' : 'nobody reads'}.`;
  const todo = isActive
    ? 'Is the disk of that standby, or the network between them, too slow?'
    : 'Start whoever follows with it. If it is gone for good: select pg_drop_replication_slot(…).';
  return [kept < MUCH.danger ? warning(words, todo) : wrong(words, todo)];
}
