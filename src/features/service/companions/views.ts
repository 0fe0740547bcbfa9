import type { Tx } from '../../../lib/db/database.ts';
import { type Companion, type CompanionRole, ROLES } from './types.ts';

const COLUMNS = [
  'id',
  'office_id as office',
  'appointment_id as appointment',
  'name',
  'role',
  'made_by as madeBy',
  'admitted_at as admittedAt',
] as const;

type Row = Omit<Companion, 'role'> & { role: string };

const toCompanion = (row: Row): Companion => ({ ...row, role: roleOf(row.role) });
const roleOf = (text: string): CompanionRole => ROLES.find((each) => each === text) ?? 'other';

/** Reads the companions with valid links, in the order in which they were invited. */
export async function readCompanions(tx: Tx, appointment: string): Promise<Companion[]> {
  const rows = await tx
    .selectFrom('companion')
    .select(COLUMNS)
    .where('appointment_id', '=', appointment)
    .where('revoked_at', 'is', null)
    .orderBy('made_at')
    .orderBy('id')
    .execute();
  return rows.map(toCompanion);
}

/** Reads a companion by id. Returns null where there is none, or the invitation was revoked. */
export async function readCompanion(tx: Tx, id: string): Promise<Companion | null> {
  const row = await tx
    .selectFrom('companion')
    .select(COLUMNS)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row ? toCompanion(row) : null;
}
