import type pg from 'pg';
import type { Office } from '../../../domain/office/types.ts';
import { isRole } from '../../../domain/roles.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { noSecurityLog, type SecurityLog } from '../../../lib/security-events.ts';
import type { StaffRole, StaffViewer } from '../../../lib/viewer.ts';
import { oneLine } from '../notices/service.ts';
import type { Offices } from '../offices/service.ts';
import {
  addPerson,
  changeAddress,
  readRoles,
  retireHere,
  revive,
  type Staff,
  saveLanguage,
  setRoles,
  tell,
  tellRoles,
} from '../staff/service.ts';
import type { StaffSession } from '../staff/types.ts';
import { tellStaff } from '../staff-mail/service.ts';
import {
  deskIn,
  emailMistake,
  invitationMistakes,
  isLastAdministrator,
  managesPeople,
  mayLookAtPeople,
  mayManagePeople,
  postKey,
  rolesOf,
} from './rules.ts';
import { createSigningOut, type SigningOut } from './signing-out.ts';
import { findPerson, isOnlyHere, lockOffices, lockPeople } from './store.ts';
import type {
  EmailChanged,
  InvitationDraft,
  Invited,
  PersonAnywhere,
  PersonHere,
  Post,
  Posted,
} from './types.ts';
import { readEverybody, readPeople } from './views.ts';

type Operator = Pick<StaffSession, 'staff' | 'operator'>;

/**
 * Who works here, decided in the console: in an office by its administrator, who learns nothing of elsewhere; everywhere by an
 * operator. Who may not ask is told that it isn't there: null, false or `not_found`.
 */
export interface People extends SigningOut {
  /** Whether mails go out at all. */
  sendsMail: boolean;
  list(viewer: StaffViewer): Promise<PersonHere[] | null>;
  find(viewer: StaffViewer, staff: number): Promise<PersonHere | null>;
  /** Gives somebody a post in the viewer's office. Whom nobody knew is sent a link; who can sign in already is told. */
  invite(viewer: StaffViewer, draft: InvitationDraft): Promise<Invited>;
  /** Sends somebody a new link: the one before dies. They set themselves up anew with it. */
  inviteAgain(viewer: StaffViewer, staff: number): Promise<boolean>;
  /** Gives somebody who works here alone and has no account yet another e-mail address; a link that they wait for goes there. */
  changeEmail(viewer: StaffViewer, staff: number, email: string): Promise<EmailChanged>;
  /** Gives somebody another post. `was`: the `postKey` that was shown. */
  assign(viewer: StaffViewer, staff: number, post: Post, was: string): Promise<Posted>;
  /** Takes somebody's roles in the viewer's office away; whatever they have open here ends with their next request. */
  end(viewer: StaffViewer, staff: number): Promise<Posted>;

  /** Somebody reads this language: they are written to in it. */
  keepLanguage(email: string, language: Language): Promise<void>;

  everybody(operator: Operator): Promise<PersonAnywhere[] | null>;
  inviteTo(operator: Operator, office: string, draft: InvitationDraft): Promise<Invited>;
  inviteAnew(operator: Operator, staff: number): Promise<boolean>;
  /** Gives anybody another e-mail address: who has an account signs in with it, and is told at both. */
  changeEmailAnywhere(operator: Operator, staff: number, email: string): Promise<EmailChanged>;
  /** Takes everything that somebody may do away, and their sessions. Nobody retires themselves. */
  retire(operator: Operator, staff: number): Promise<boolean>;
}

export interface PeopleDeps {
  db: Db;
  clock: Clock;
  offices: Pick<Offices, 'byId' | 'find'>;
  staff: Pick<Staff, 'transaction' | 'openInvitation'>;
  sendsMail: boolean;
  /** Where it is noted that roles were changed. */
  security?: SecurityLog;
}

export function createPeople(deps: PeopleDeps): People {
  const { db, clock, offices, staff: accounts, sendsMail, security = noSecurityLog } = deps;
  const people = (office: number) => readPeople(db, office, clock.now());
  const find: People['find'] = async (viewer, staff) => {
    const all = mayLookAtPeople(viewer) ? await people(viewer.office) : [];
    return all.find((each) => each.staff === staff) ?? null;
  };

  const findAnywhere = async ({ operator }: Pick<Operator, 'operator'>, staff: number) => {
    const all = operator ? await readEverybody(db, clock.now()) : [];
    return all.find((each) => each.staff === staff && each.state !== 'retired') ?? null;
  };

  const invite = async (office: Office, draft: InvitationDraft, by: number): Promise<Invited> => {
    const mistakes = invitationMistakes(
      draft,
      office.desks.map((each) => each.id),
    );
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
    if (invited.ok) noteRole(invited.staff, by, office.id, 'invited');
    return invited;
  };

  const noteRole = (staff: number, by: number, office: number | null, what: string) =>
    security.note('staff.role_changed', { staff, by, office, what });

  const inviteAnew = (staff: number, by: number, facts: { office?: string; role?: StaffRole }) =>
    accounts.transaction(async (client) => {
      await accounts.openInvitation(client, { staff, by, now: clock.now(), facts });
      return true;
    });

  /** `mayChange` is asked in the transaction. */
  const changeEmail = async (
    on: { staff: number; by: number; facts: { office?: string; role?: StaffRole } },
    typed: string,
    mayChange: (client: pg.PoolClient) => Promise<boolean>,
  ): Promise<EmailChanged> => {
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
  };

  /** Makes `next` somebody's post in the viewer's office; null: none. */
  const change = async (
    viewer: StaffViewer,
    staff: number,
    next: Post | null,
    was: string | null,
  ): Promise<Posted> => {
    let isChanged = false;
    const posted = await accounts.transaction<Posted>(async (client) => {
      await lockPeople(client, viewer.office);
      const all = mayManagePeople(viewer) ? await people(viewer.office) : [];
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
      const before = (await readRoles(client, staff)).filter(
        (each) => each.office === viewer.office,
      );
      await setRoles(client, { office: viewer.office, staff }, next ? rolesOf(next) : []);
      await tellRoles(client, told, before, next ? heldOf(viewer.office, next) : []);
      isChanged = true;
      return { ok: true };
    });
    if (isChanged) noteRole(staff, viewer.staff, viewer.office, next ? 'assigned' : 'ended');
    return posted;
  };

  return {
    ...createSigningOut({ clock, offices, staff: accounts, security, find, findAnywhere }),
    sendsMail,
    list: async (viewer) => (mayLookAtPeople(viewer) ? people(viewer.office) : null),
    find,
    invite: async (viewer, draft) =>
      mayManagePeople(viewer)
        ? invite(await offices.byId(viewer.office), draft, viewer.staff)
        : { ok: false, reason: 'not_found' },
    inviteAgain: async (viewer, staff) => {
      const person = mayManagePeople(viewer) ? await find(viewer, staff) : null;
      if (!person || person.state === 'retired') return false;
      const { code } = await offices.byId(viewer.office);
      return inviteAnew(staff, viewer.staff, { office: code, role: person.post.role });
    },
    changeEmail: async (viewer, staff, email) => {
      const person = mayManagePeople(viewer) ? await find(viewer, staff) : null;
      if (!person || person.state === 'retired') return { ok: false, reason: 'not_found' };
      const { id: office, code } = await offices.byId(viewer.office);
      const facts = { office: code, role: person.post.role };
      return changeEmail({ staff, by: viewer.staff, facts }, email, (client) =>
        isOnlyHere(client, { office, staff }),
      );
    },
    assign: async (viewer, staff, post, was) => {
      const office = await offices.byId(viewer.office);
      const isKnown = post.desk === null || office.desks.some((each) => each.id === post.desk);
      if (!isKnown) return { ok: false, reason: 'not_known' };
      return change(viewer, staff, post, was);
    },
    end: (viewer, staff) => change(viewer, staff, null, null),

    keepLanguage: (email, language) => saveLanguage(db, email, language),

    everybody: async ({ operator }) => (operator ? readEverybody(db, clock.now()) : null),
    inviteTo: async ({ operator, staff: by }, code, draft) => {
      const office = operator ? await offices.find(code) : null;
      return office ? invite(office, draft, by) : { ok: false, reason: 'not_found' };
    },
    inviteAnew: async (operator, staff) => {
      const person = await findAnywhere(operator, staff);
      return person ? inviteAnew(staff, operator.staff, factsOf(person)) : false;
    },
    changeEmailAnywhere: async (operator, staff, email) => {
      const person = await findAnywhere(operator, staff);
      if (!person) return { ok: false, reason: 'not_found' };
      const on = { staff, by: operator.staff, facts: factsOf(person) };
      return changeEmail(on, email, async () => true);
    },
    retire: async ({ operator, staff: by }, staff) => {
      if (!operator || staff === by) return false;
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
      if (isRetired) noteRole(staff, by, null, 'retired');
      return isRetired;
    },
  };
}

/** What an invitation tells of where somebody works: the first of it. */
function factsOf({ posts: [post] }: PersonAnywhere): { office?: string; role?: StaffRole } {
  return post ? { office: post.office, role: post.role } : {};
}

/** The person with this address, new or known; one who was retired begins anew. */
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
