import type pg from 'pg';
import type { Office } from '../../../domain/office/types.ts';
import { isRole } from '../../../domain/roles.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import type { SecurityLog } from '../../../lib/security-events.ts';
import type { StaffRole, StaffViewer } from '../../../lib/viewer.ts';
import { oneLine } from '../notices/service.ts';
import {
  addPerson,
  changeAddress,
  readRoles,
  retireHere,
  revive,
  type Staff,
  setRoles,
  tell,
  tellRoles,
} from '../staff/service.ts';
import { tellStaff } from '../staff-mail/service.ts';
import {
  deskIn,
  emailMistake,
  invitationMistakes,
  isLastAdministrator,
  managesPeople,
  mayManagePeople,
  postKey,
  rolesOf,
} from './rules.ts';
import { findPerson, lockOffices, lockPeople } from './store.ts';
import type { EmailChanged, InvitationDraft, Invited, Post, Posted } from './types.ts';
import { readPeople } from './views.ts';

export interface ChangingDeps {
  db: Db;
  clock: Clock;
  staff: Pick<Staff, 'transaction' | 'openInvitation'>;
  /** Called after roles were changed. */
  security: SecurityLog;
}

/** The office data in a mail to a member of staff. */
interface Facts {
  office?: string;
  role?: StaffRole;
}

/** Gives a person a post in an office. A new person is sent an invitation; a person who can sign in already is informed. */
export async function invite(
  { clock, staff: accounts, security }: ChangingDeps,
  office: Office,
  draft: InvitationDraft,
  by: number,
): Promise<Invited> {
  const desks = office.desks.map((each) => each.id);
  const mistakes = invitationMistakes(draft, desks);
  const { role } = draft;
  if (Object.keys(mistakes).length > 0 || !isRole(role))
    return { ok: false, reason: 'invalid', mistakes };
  const post = { role, desk: deskIn(draft.desk) };
  const invited = await accounts.transaction<Invited>(async (client) => {
    await lockPeople(client, office.id);
    const email = draft.email.trim().toLowerCase();
    const { id: staff, hasAccount } = await enlist(client, email, oneLine(draft.name));
    const before = (await readRoles(client, staff)).filter((each) => each.office === office.id);
    if (before.length > 0) return { ok: false, reason: 'already', staff };
    const told = { staff, by, now: clock.now() };
    await setRoles(client, { office: office.id, staff }, rolesOf(post));
    await tellRoles(client, told, [], heldOf(office.id, post));
    const facts = { office: office.code, role };
    if (hasAccount) {
      await tell(client, { ...told, action: 'invited', offices: [office.id] });
      await tellStaff(client, { to: { staff }, kind: 'joined', facts }, told.now);
    } else {
      await accounts.openInvitation(client, { ...told, facts });
    }
    return { ok: true, staff };
  });
  if (invited.ok) noteRole(security, invited.staff, by, office.id, 'invited');
  return invited;
}

/** Sends a new link. The former link is no longer valid. */
export const inviteAnew = (
  { clock, staff: accounts }: Pick<ChangingDeps, 'clock' | 'staff'>,
  staff: number,
  by: number,
  facts: Facts,
): Promise<boolean> =>
  accounts.transaction(async (client) => {
    await accounts.openInvitation(client, { staff, by, now: clock.now(), facts });
    return true;
  });

/** Changes a person's e-mail address. `mayChange` is checked in the transaction. */
export async function changeEmail(
  { clock, staff: accounts }: Pick<ChangingDeps, 'clock' | 'staff'>,
  on: { staff: number; by: number; facts: Facts },
  typed: string,
  mayChange: (client: pg.PoolClient) => Promise<boolean>,
): Promise<EmailChanged> {
  const mistake = emailMistake(typed);
  if (mistake) return { ok: false, reason: 'invalid', mistake };
  const email = typed.trim().toLowerCase();
  return accounts.transaction(async (client) => {
    await lockOffices(client);
    if (!(await mayChange(client))) return { ok: false, reason: 'invalid', mistake: 'not_yours' };
    const now = clock.now();
    const changed = await changeAddress(client, { ...on, email, now });
    if (!changed.ok) return { ok: false, reason: 'invalid', mistake: changed.reason };
    if (changed.linkDied) await accounts.openInvitation(client, { ...on, now });
    return { ok: true };
  });
}

/** Sets a person's post in the viewer's office; null: no post. `was`: the `postKey` that the page showed; null: any. */
export async function changePost(
  { db, clock, staff: accounts, security }: ChangingDeps,
  viewer: StaffViewer,
  staff: number,
  next: Post | null,
  was: string | null,
): Promise<Posted> {
  let isChanged = false;
  const posted = await accounts.transaction<Posted>(async (client) => {
    await lockPeople(client, viewer.office);
    const all = mayManagePeople(viewer) ? await readPeople(db, viewer.office, clock.now()) : [];
    const person = all.find((each) => each.staff === staff);
    if (!person) return { ok: false, reason: 'not_found' };
    if (next && postKey(next) === postKey(person.post)) return { ok: true };
    if (was !== null && was !== postKey(person.post)) return { ok: false, reason: 'changed' };
    const others = all.filter(
      (each) => each !== person && each.state === 'ready' && managesPeople(each.post),
    );
    if (isLastAdministrator(person, next, others.length))
      return { ok: false, reason: 'last_administrator' };
    const told = { staff, by: viewer.staff, now: clock.now() };
    const before = (await readRoles(client, staff)).filter((each) => each.office === viewer.office);
    await setRoles(client, { office: viewer.office, staff }, next ? rolesOf(next) : []);
    await tellRoles(client, told, before, next ? heldOf(viewer.office, next) : []);
    isChanged = true;
    return { ok: true };
  });
  const what = next ? 'assigned' : 'ended';
  if (isChanged) noteRole(security, staff, viewer.staff, viewer.office, what);
  return posted;
}

/** Retires a person: ends all roles and sessions. Returns false when there is no such person. */
export async function retire(
  { clock, staff: accounts, security }: ChangingDeps,
  staff: number,
  by: number,
): Promise<boolean> {
  const isRetired = await accounts.transaction(async (client) => {
    const now = clock.now();
    const roles = await readRoles(client, staff);
    if (!(await retireHere(client, staff, now))) return false;
    const told = { staff, by, now };
    await tellRoles(client, told, roles, []);
    const held = [...new Set(roles.map((each) => each.office))];
    await tell(client, { ...told, action: 'retired', offices: held });
    return true;
  });
  if (isRetired) noteRole(security, staff, by, null, 'retired');
  return isRetired;
}

const noteRole = (
  security: SecurityLog,
  staff: number,
  by: number,
  office: number | null,
  what: string,
): void => security.note('staff.role_changed', { staff, by, office, what });

/** Returns the person with this address, existing or new. A retired person starts anew. */
async function enlist(client: pg.PoolClient, email: string, name: string) {
  const added = await addPerson(client, { email, name });
  if (added !== null) return { id: added, hasAccount: false };
  const known = await findPerson(client, email);
  if (!known) throw new Error('Somebody was there and is not');
  if (!known.isRetired) return known;
  await revive(client, known.id, name);
  return { id: known.id, hasAccount: false };
}

const heldOf = (office: number, post: Post) =>
  rolesOf(post).map(({ role, desk }) => ({ office, role, desk }));
