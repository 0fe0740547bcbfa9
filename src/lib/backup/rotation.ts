/** How many backups are kept: the newest of each of the last so many days, weeks and months that have one. */
export interface Keep {
  days: number;
  weeks: number;
  months: number;
}

/** A backup of a place, by its name. */
export interface KeptBackup {
  name: string;
  /** The id of the installation that made it. */
  installation: string;
  madeAt: Temporal.Instant;
}

/** Returns how many days a backup is kept at most, while new ones are made. */
export const longestKept = ({ days, weeks, months }: Keep): number =>
  Math.max(days, 7 * weeks, 31 * months);

const SEALED = '.gz.age';
const READABLE = '.gz';

/** Whose backups are meant. Two installations may have one address: a rehearsal, or a server that was replaced and not stopped. */
export interface BackupOwner {
  /** The host of the town's address. */
  host: string;
  /** The id of the installation. */
  installation: string;
}

/** Returns the name of a backup; those of one town sort by their time. */
export function nameOfBackup(
  { host, installation }: BackupOwner,
  madeAt: Temporal.Instant,
  isSealed: boolean,
): string {
  const stamp = madeAt.round('second').toString().replaceAll(/[-:]/g, '');
  return `${beginningOf(host)}${stamp}-${installation}${isSealed ? SEALED : READABLE}`;
}

const beginningOf = (host: string): string => `finestreta-${host.replaceAll(/[^a-z0-9.-]/g, '_')}-`;

/** Returns the backup of this name; null: the file is of another address, or no backup. */
export function readName(host: string, name: string): KeptBackup | null {
  const beginning = beginningOf(host);
  if (!name.startsWith(beginning)) return null;
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-([a-z2-7]{8})\.gz(\.age)?$/.exec(
    name.slice(beginning.length),
  );
  if (!found) return null;
  const [, year, month, day, hour, minute, second, installation = ''] = found;
  try {
    const madeAt = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
    return { name, installation, madeAt: Temporal.Instant.from(madeAt) };
  } catch {
    return null;
  }
}

/**
 * Returns the names of the backups that need not be kept. Days without a backup don't count, so nothing is removed because time passes
 * without new ones; the newest always stays.
 */
export function toRemove(backups: readonly KeptBackup[], keep: Keep, timeZone: string): string[] {
  const newestFirst = backups.toSorted((a, b) => Temporal.Instant.compare(b.madeAt, a.madeAt));
  const kept = new Set(newestFirst.slice(0, 1).map(({ name }) => name));
  const keepNewestOfEach = (most: number, periodOf: (day: Temporal.PlainDate) => string): void => {
    const periods = new Set<string>();
    for (const { name, madeAt } of newestFirst) {
      const period = periodOf(madeAt.toZonedDateTimeISO(timeZone).toPlainDate());
      if (periods.has(period)) continue;
      if (periods.size === most) return;
      periods.add(period);
      kept.add(name);
    }
  };
  keepNewestOfEach(keep.days, (day) => day.toString());
  keepNewestOfEach(keep.weeks, (day) => `${day.yearOfWeek} ${day.weekOfYear}`);
  keepNewestOfEach(keep.months, (day) => day.toPlainYearMonth().toString());
  return newestFirst.filter(({ name }) => !kept.has(name)).map(({ name }) => name);
}

/** Returns the last moment at which a backup had to be made by the schedule. */
export function lastDue(
  now: Temporal.Instant,
  at: Temporal.PlainTime,
  timeZone: string,
): Temporal.Instant {
  const here = now.toZonedDateTimeISO(timeZone);
  const today = here.withPlainTime(at);
  const due =
    Temporal.ZonedDateTime.compare(today, here) <= 0 ? today : today.subtract({ days: 1 });
  return due.toInstant();
}
