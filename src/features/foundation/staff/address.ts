import type pg from 'pg';
import { moveHabilitations } from '../offices/service.ts';
import { tellStaff } from '../staff-mail/service.ts';
import { moveAddress } from './store.ts';
import { type Told, tell } from './trail.ts';
import { readRoles, readStaffId } from './views.ts';

export type AddressChange =
  /** `linkDied`: a link that was sent to the old address is no longer valid. */
  | { ok: true; linkDied: boolean }
  /** Another person has the address, or had it and was retired. */
  | { ok: false; reason: 'taken' };

/**
 * Changes a person's e-mail address, in a transaction of the caller: the person signs in with it, and it replaces the old one in the
 * registers of officials. A person with an account is informed at both addresses. Sessions and credentials stay.
 * @param email in small letters
 */
export async function changeAddress(
  client: pg.PoolClient,
  told: Told & { email: string },
): Promise<AddressChange> {
  const { staff, email, by, now } = told;
  const holder = await readStaffId(client, email);
  if (holder !== null && holder !== staff) return { ok: false, reason: 'taken' };
  const { before, hasAccount, linkDied } = await moveAddress(client, staff, email, now);
  if (before === email) return { ok: true, linkDied: false };
  const registers = await moveHabilitations(client, before, email);
  const roles = await readRoles(client, staff);
  const offices = [...roles.map((each) => each.office), ...registers];
  await tell(client, { staff, by, now, action: 'address_changed', offices });
  const [to, kind] = [{ staff }, 'address_changed' as const];
  for (const sentTo of hasAccount ? [email, before] : [])
    await tellStaff(client, { to, kind, facts: { email, sentTo } }, now);
  return { ok: true, linkDied };
}
