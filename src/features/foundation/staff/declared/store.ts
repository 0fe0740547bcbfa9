import { sql } from 'kysely';
import type { PersonState } from '../../../../domain/office/state.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import type { InstallationUnit } from '../../audit/service.ts';
import { roleChanges } from '../rules.ts';
import type { RoleHeld } from '../types.ts';

/**
 * Writes the people and roles of the state. Missing people are retired and lose their roles. Roles in an office
 * whose administrator manages them in the console are unchanged.
 */
export async function saveStaff(
  unit: InstallationUnit,
  staff: ReadonlyMap<string, PersonState>,
): Promise<void> {
  const { tx, now } = unit;
  const before = await readHeld(tx);
  const gone = await tx
    .updateTable('staff')
    .set({ retired_at: now.toString() })
    .where('retired_at', 'is', null)
    .where(sql<boolean>`email <> all (${[...staff.keys()]}::text[])`)
    .returning('id')
    .execute();
  for (const { id } of gone) await tx.deleteFrom('staff_role').where('staff_id', '=', id).execute();
  for (const [email, { name, operator, roles }] of staff) {
    const row = { name, operator, retired_at: null };
    const { id } = await tx
      .insertInto('staff')
      .values({ email, ...row })
      .onConflict((conflict) => conflict.column('email').doUpdateSet(row))
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx
      .deleteFrom('staff_role')
      .where('staff_id', '=', id)
      .where('office_id', 'not in', (eb) =>
        eb.selectFrom('staff_managed').select('office_id').where('staff_id', '=', id),
      )
      .execute();
    for (const { office, role, desk } of roles) {
      await sql`
        insert into staff_role (office_id, staff_id, role, desk_id)
        select b.id, ${id}, ${role}, (select a.id from desk a where a.office_id = b.id and a.code = ${desk})
        from office b where b.code = ${office}`.execute(tx);
    }
  }
  const told = { before, after: await readHeld(tx), gone: gone.map((each) => each.id) };
  await tellTrail(unit, told);
}

type Held = RoleHeld & { staff: number };

const readHeld = (tx: Tx): Promise<Held[]> =>
  tx
    .selectFrom('staff_role')
    .select(['staff_id as staff', 'office_id as office', 'role', 'desk_id as desk'])
    .orderBy('staff_id')
    .execute();

/** Records the file's changes of roles in the audit trail of each affected office. */
async function tellTrail(
  { recordIn }: InstallationUnit,
  told: { before: readonly Held[]; after: readonly Held[]; gone: readonly number[] },
): Promise<void> {
  const of = (held: readonly Held[], staff: number) => held.filter((each) => each.staff === staff);
  for (const staff of told.gone) {
    for (const office of new Set(of(told.before, staff).map((each) => each.office)))
      await recordIn(office, 'retired', { data: { staff } });
  }
  const people = [...told.before, ...told.after].map((each) => each.staff);
  for (const staff of new Set(people)) {
    const changes = roleChanges(of(told.before, staff), of(told.after, staff));
    for (const { held, action } of changes) {
      const data = { staff, role: held.role, desk: held.desk };
      await recordIn(held.office, action, { data });
    }
  }
}
