import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
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

/** Whose links are good, in the order in which they were made. */
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

/** Whose link this is; null: nobody's, or it was taken back. */
export async function readByLink(db: Db, hash: Buffer): Promise<Companion | null> {
  const row = await within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('companion')
      .select(COLUMNS)
      .where('link_hash', '=', hash)
      .where('revoked_at', 'is', null)
      .executeTakeFirst(),
  );
  return row ? toCompanion(row) : null;
}
