import { sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { TokenKeys } from './types.ts';

/** Waits until nobody else begins a case with these keys in the office. */
export async function lockKeys(
  tx: Tx,
  office: number,
  { externalId, idempotencyKey }: TokenKeys,
): Promise<void> {
  // In one order, so that two requests never wait for each other.
  const all = [externalId && `id ${externalId}`, idempotencyKey && `key ${idempotencyKey}`];
  for (const each of all)
    if (each)
      await sql`select pg_advisory_xact_lock(hashtext('finestreta.case'), hashtext(${`${office} ${each}`}))`.execute(
        tx,
      );
}

export async function insertExternal(
  { tx, office }: Unit,
  { id, request, externalId, idempotencyKey }: TokenKeys & { id: string; request: string },
): Promise<void> {
  await tx
    .insertInto('case_external')
    .values({
      case_id: id,
      office_id: office,
      external_id: externalId ?? null,
      idempotency_key: idempotencyKey ?? null,
      request,
    })
    .execute();
}
