import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';

/** Writes under which name the town is asked for; null: nobody knows. `isFirst`: only where none stands. */
export async function saveHost(db: Db, host: string | null, isFirst: boolean): Promise<void> {
  await within(db, INSTALLATION, (tx) => {
    const saved = tx.updateTable('town').set({ host });
    return (isFirst ? saved.where('host', 'is', null) : saved).execute();
  });
}
