import { sql } from 'kysely';
import type { Unit } from '../../../foundation/audit/service.ts';

/** Makes the transaction the only one that changes who is offered to whom in its office. It is taken before any row is locked. */
export async function lockLine({ tx, office }: Pick<Unit, 'tx' | 'office'>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('finestreta.chat'), ${office}::integer)`.execute(
    tx,
  );
}
