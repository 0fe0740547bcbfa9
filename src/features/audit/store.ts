import type { Tx } from '../../lib/db/database.ts';
import { actorOf } from '../../lib/viewer.ts';
import type { AuditEntry } from './types.ts';

export async function insertAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx
    .insertInto('audit')
    .values({
      body_id: entry.body,
      appointment_id: entry.appointment ?? null,
      actor: actorOf(entry.viewer),
      action: entry.action,
      at: entry.now.toString(),
      data: JSON.stringify(entry.data ?? {}),
    })
    .execute();
}
