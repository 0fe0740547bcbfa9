import type { Backups } from './service.ts';

/** The dependencies of the job. */
export interface BackingUp {
  backups: Pick<Backups, 'makeIfDue' | 'due'>;
  log: {
    info(what: object, message: string): void;
    warn(what: object, message: string): void;
  };
}

/** Makes the backup of the day when it is due. */
export async function backUpWhenDue({ backups, log }: BackingUp): Promise<void> {
  const made = await backups.makeIfDue();
  if (!made) return;
  const { name, place, bytes, rows, removed, warnings } = made;
  log.info({ name, place, bytes, rows, removed: removed.length }, 'Backed up, and read it again');
  for (const why of warnings) log.warn({ why }, 'Files of earlier backups could not be removed');
}
