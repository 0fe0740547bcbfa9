import type { Backups } from './service.ts';

/** The dependencies of the job. */
export interface BackingUp {
  backups: Pick<Backups, 'makeIfDue'>;
  log: { info(what: object, message: string): void };
}

/** Makes the backup of the day when it is due. */
export async function backUpWhenDue({ backups, log }: BackingUp): Promise<void> {
  const made = await backups.makeIfDue();
  if (!made) return;
  const { name, place, bytes, rows, removed } = made;
  log.info({ name, place, bytes, rows, removed: removed.length }, 'Backed up, and read it again');
}
