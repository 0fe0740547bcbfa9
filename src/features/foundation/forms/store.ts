import { sql } from 'kysely';
import type { FormVersion } from '../../../domain/form/version.ts';
import type { Tx } from '../../../lib/db/database.ts';

/** Waits for others who publish a form of the procedure, until the transaction ends. */
export async function lockProcedure(tx: Tx, procedure: number): Promise<void> {
  await sql`select from procedure where id = ${procedure} for update`.execute(tx);
}

export async function insertVersion(
  tx: Tx,
  office: number,
  on: { procedure: number; number: number; version: FormVersion },
  now: Temporal.Instant,
): Promise<void> {
  const { procedure, number, version } = on;
  await tx
    .insertInto('form_version')
    .values({
      office_id: office,
      procedure_id: procedure,
      number,
      sha256: Buffer.from(version.sha256, 'hex'),
      content: version.content,
      published_at: now.toString(),
    })
    .execute();
}

/** Ends a version: no new case begins with it. */
export async function insertEnding(
  tx: Tx,
  office: number,
  form: number,
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .insertInto('form_ending')
    .values({ form_id: form, office_id: office, ended_at: now.toString() })
    .execute();
}
