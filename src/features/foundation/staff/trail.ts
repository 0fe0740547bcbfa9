import type pg from 'pg';
import { recordInEach } from '../audit/service.ts';
import { roleChanges } from './rules.ts';
import type { RoleHeld, StaffDeed } from './types.ts';
import { readOpenOffices, readRoles } from './views.ts';

/** Something that was done with somebody's way in, for the audit trail. */
export interface Told {
  /** Whom it is about. */
  staff: number;
  /** Who did it, themselves or a colleague; null: nobody who works here (a command, the town file, a stranger). */
  by: number | null;
  now: Temporal.Instant;
}

type Data = Record<string, string | number | null>;

/**
 * Tells it in every office where the person has a role; of somebody who has none in an open office, such as an operator, in every
 * open office too, since the record of a closed one isn't read. Of somebody who is about to lose roles, tell it before, or name
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

/** Tells each office, and no other, which of its roles somebody was given or lost. `before` and `after` are what `readRoles` said. */
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
