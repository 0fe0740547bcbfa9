import type { Tx } from '../../../lib/db/database.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { Version } from './types.ts';

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
