import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { noSecurityLog, type SecurityLog } from '../../../lib/security-events.ts';
import type { StaffRole, StaffViewer } from '../../../lib/viewer.ts';
import type { Offices } from '../offices/service.ts';
import { type Staff, saveLanguage } from '../staff/service.ts';
import type { StaffSession } from '../staff/types.ts';
import {
  type ChangingDeps,
  changeEmail,
  changePost,
  invite,
  inviteAnew,
  retire,
} from './changing.ts';
import { mayLookAtPeople, mayManagePeople } from './rules.ts';
import { createSigningOut, type SigningOut } from './signing-out.ts';
import { isOnlyHere } from './store.ts';
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
 * Manages staff in the console. An administrator manages one office and learns nothing about others; an
 * operator manages all offices. For viewers without permission the result is the same as for a missing person: null, false or
 * `not_found`.
 */
export interface People extends SigningOut {
  /** Whether mails can be sent. */
  sendsMail: boolean;
  list(viewer: StaffViewer): Promise<PersonHere[] | null>;
  find(viewer: StaffViewer, staff: number): Promise<PersonHere | null>;
  /** Gives a person a post in the viewer's office. A new person is sent an invitation; a person who can sign in already is informed. */
  invite(viewer: StaffViewer, draft: InvitationDraft): Promise<Invited>;
  /** Sends a new link. The former link is no longer valid. With the new link, the person sets up their account anew. */
  inviteAgain(viewer: StaffViewer, staff: number): Promise<boolean>;
  /**
   * Changes the e-mail address of a person who works only in this office and has no account yet. A pending invitation goes to the new
   * address.
   */
  changeEmail(viewer: StaffViewer, staff: number, email: string): Promise<EmailChanged>;
  /** Changes a person's post. `was`: the `postKey` that the page showed. */
  assign(viewer: StaffViewer, staff: number, post: Post, was: string): Promise<Posted>;
  /** Ends a person's roles in the viewer's office. Their open pages lose access with the next request. */
  end(viewer: StaffViewer, staff: number): Promise<Posted>;

  /** Records the language that a person reads; mails to them use it. */
  keepLanguage(email: string, language: Language): Promise<void>;

  everybody(operator: Operator): Promise<PersonAnywhere[] | null>;
  inviteTo(operator: Operator, office: string, draft: InvitationDraft): Promise<Invited>;
  inviteAnew(operator: Operator, staff: number): Promise<boolean>;
  /** Changes any person's e-mail address. A person with an account signs in with the new one, and is informed at both. */
  changeEmailAnywhere(operator: Operator, staff: number, email: string): Promise<EmailChanged>;
  /** Retires a person: ends all roles and sessions. Operators can't retire themselves. */
  retire(operator: Operator, staff: number): Promise<boolean>;
}

export interface PeopleDeps {
  db: Db;
  clock: Clock;
  offices: Pick<Offices, 'byId' | 'find'>;
  staff: Pick<Staff, 'transaction' | 'openInvitation'>;
  sendsMail: boolean;
  /** Called after roles were changed. */
  security?: SecurityLog;
}

export function createPeople(deps: PeopleDeps): People {
  const { db, clock, offices, staff: accounts, sendsMail, security = noSecurityLog } = deps;
  const changing = { db, clock, staff: accounts, security };
  const find = createFinding({ db, clock });
  const office = (viewer: StaffViewer) => offices.byId(viewer.office);

  return {
    ...createSigningOut({ clock, offices, staff: accounts, security, ...find }),
    ...createAnywhere({ ...changing, offices, findAnywhere: find.findAnywhere }),
    sendsMail,
    list: async (viewer) =>
      mayLookAtPeople(viewer) ? readPeople(db, viewer.office, clock.now()) : null,
    find: find.find,
    invite: async (viewer, draft) =>
      mayManagePeople(viewer)
        ? invite(changing, await office(viewer), draft, viewer.staff)
        : { ok: false, reason: 'not_found' },
    inviteAgain: async (viewer, staff) => {
      const person = mayManagePeople(viewer) ? await find.find(viewer, staff) : null;
      if (!person || person.state === 'retired') return false;
      const { code } = await office(viewer);
      return inviteAnew(changing, staff, viewer.staff, { office: code, role: person.post.role });
    },
    changeEmail: async (viewer, staff, email) => {
      const person = mayManagePeople(viewer) ? await find.find(viewer, staff) : null;
      if (!person || person.state === 'retired') return { ok: false, reason: 'not_found' };
      const { id, code } = await office(viewer);
      const facts = { office: code, role: person.post.role };
      return changeEmail(changing, { staff, by: viewer.staff, facts }, email, (client) =>
        isOnlyHere(client, { office: id, staff }),
      );
    },
    assign: async (viewer, staff, post, was) => {
      const { desks } = await office(viewer);
      const isKnown = post.desk === null || desks.some((each) => each.id === post.desk);
      if (!isKnown) return { ok: false, reason: 'not_known' };
      return changePost(changing, viewer, staff, post, was);
    },
    end: (viewer, staff) => changePost(changing, viewer, staff, null, null),
    keepLanguage: (email, language) => saveLanguage(db, email, language),
  };
}

function createFinding({ db, clock }: Pick<PeopleDeps, 'db' | 'clock'>) {
  return {
    find: async (viewer: StaffViewer, staff: number): Promise<PersonHere | null> => {
      const all = mayLookAtPeople(viewer) ? await readPeople(db, viewer.office, clock.now()) : [];
      return all.find((each) => each.staff === staff) ?? null;
    },
    findAnywhere: async (
      { operator }: Pick<Operator, 'operator'>,
      staff: number,
    ): Promise<PersonAnywhere | null> => {
      const all = operator ? await readEverybody(db, clock.now()) : [];
      return all.find((each) => each.staff === staff && each.state !== 'retired') ?? null;
    },
  };
}

/** The actions of an operator, in every office. */
function createAnywhere(
  deps: ChangingDeps & {
    offices: Pick<Offices, 'find'>;
    findAnywhere(operator: Operator, staff: number): Promise<PersonAnywhere | null>;
  },
): Pick<People, 'everybody' | 'inviteTo' | 'inviteAnew' | 'changeEmailAnywhere' | 'retire'> {
  const { db, clock, offices, findAnywhere } = deps;
  return {
    everybody: async ({ operator }) => (operator ? readEverybody(db, clock.now()) : null),
    inviteTo: async ({ operator, staff: by }, code, draft) => {
      const office = operator ? await offices.find(code) : null;
      return office ? invite(deps, office, draft, by) : { ok: false, reason: 'not_found' };
    },
    inviteAnew: async (operator, staff) => {
      const person = await findAnywhere(operator, staff);
      return person ? inviteAnew(deps, staff, operator.staff, factsOf(person)) : false;
    },
    changeEmailAnywhere: async (operator, staff, email) => {
      const person = await findAnywhere(operator, staff);
      if (!person) return { ok: false, reason: 'not_found' };
      const on = { staff, by: operator.staff, facts: factsOf(person) };
      return changeEmail(deps, on, email, async () => true);
    },
    retire: async ({ operator, staff: by }, staff) =>
      operator && staff !== by ? retire(deps, staff, by) : false,
  };
}

/** The office data in an invitation: the first post. */
function factsOf({ posts: [post] }: PersonAnywhere): { office?: string; role?: StaffRole } {
  return post ? { office: post.office, role: post.role } : {};
}
