import type pg from 'pg';
import { recordInEach } from '../audit/service.ts';
import { roleChanges } from './rules.ts';
import type { RoleHeld, StaffDeed } from './types.ts';
import { readOpenOffices, readRoles } from './views.ts';

/** A change of a person's sign-in, for the audit trail. */
export interface Told {
  /** The affected person. */
  staff: number;
  /** The actor: the person themselves or a colleague; null: not staff (a command, the town file, a stranger). */
  by: number | null;
  now: Temporal.Instant;
}

type Data = Record<string, string | number | null>;

/**
 * Records it in every office where the person has a role. For a person without a role in an open office, such as an operator, it records
 * in every open office too, since the trail of a closed one isn't read. Before roles are removed, call it first, or pass
 * the `offices`.
 */
export async function tell(
  client: pg.Pool | pg.PoolClient,
  told: Told & { action: StaffDeed; data?: Data; offices?: readonly number[] },
): Promise<void> {
  const held = told.offices ?? (await readRoles(client, told.staff)).map((each) => each.office);
  const open = await readOpenOffices(client);
  const isRead = held.some((each) => open.includes(each));
  await write(client, told, isRead ? held : [...held, ...open]);
}

async function write(
  client: pg.Pool | pg.PoolClient,
  told: Told & { action: StaffDeed; data?: Data },
  offices: readonly number[],
): Promise<void> {
  const { staff, by, action, now } = told;
  await recordInEach(client, [...new Set(offices)], {
    actor: by === null ? 'system' : `staff:${by}`,
    action,
    now,
    data: { ...told.data, ...(by !== staff && { staff }) },
  });
}

/**
 * Records in each affected office, and in no other, which of its roles a person got or lost. `before` and `after`: results of `readRoles`.
 */
export async function tellRoles(
  client: pg.Pool | pg.PoolClient,
  told: Told,
  before: readonly RoleHeld[],
  after: readonly RoleHeld[],
): Promise<void> {
  for (const { held, action } of roleChanges(before, after)) {
    const { office, role, desk } = held;
    await write(client, { ...told, action, data: { role, desk } }, [office]);
  }
}
