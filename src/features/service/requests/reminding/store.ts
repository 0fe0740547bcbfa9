import type { InstallationUnit } from '../../../foundation/audit/service.ts';

/** Marks requests as told to their officials. */
export async function markOfficialsTold(
  { tx, now }: Pick<InstallationUnit, 'tx' | 'now'>,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('request')
    .set({ officials_told_at: now.toString() })
    .where('id', 'in', [...new Set(ids)])
    .execute();
}
