import type { Tx } from '../../../lib/db/database.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { DraftChange, Version } from './types.ts';

/** Adds a version to an office's history; the office is locked. Returns its number. */
export async function insertVersion(
  { tx }: Pick<Unit, 'tx'>,
  office: number,
  version: Omit<Version, 'number'>,
): Promise<number> {
  const number = (await lastNumber(tx, office)) + 1;
  await tx
    .insertInto('office_version')
    .values({
      office_id: office,
      number,
      at: version.at.toString(),
      actor: version.actor,
      kind: version.kind,
      back_to: version.backTo,
      difference: JSON.stringify(version.difference),
      still_right: [...version.stillRight],
    })
    .execute();
  return number;
}

async function lastNumber(tx: Tx, office: number): Promise<number> {
  const { last } = await tx
    .selectFrom('office_version')
    .select((each) => each.fn.max('number').as('last'))
    .where('office_id', '=', office)
    .executeTakeFirstOrThrow();
  return last ?? 0;
}

/** Replaces an office's draft; without changes it has none. The office is locked. */
export async function putDraft(
  { tx }: Pick<Unit, 'tx'>,
  office: number,
  changes: readonly DraftChange[],
): Promise<void> {
  await tx.deleteFrom('office_draft').where('office_id', '=', office).execute();
  if (changes.length === 0) return;
  const rows = changes.map((each) => ({ ...each, at: each.at.toString() }));
  await tx
    .insertInto('office_draft')
    .values({ office_id: office, changes: JSON.stringify(rows) })
    .execute();
}
