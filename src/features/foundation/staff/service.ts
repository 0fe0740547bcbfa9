import type pg from 'pg';
import type { StaffNames } from '../../../domain/staff.ts';
import { systemClock } from '../../../lib/clock.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { createOwnAccount, type OwnAccount } from './account/account.ts';
import { createRecoveryCodes } from './account/recovery.ts';
import { isFresh } from './account/rules.ts';
import { type AuthOptions, createAuths } from './auth.ts';
import { createDemo, type Demo } from './demo.ts';
import { createRewrapping, type Rewrapping } from './rewrapping.ts';
import { isIdle } from './rules.ts';
import { sealingOf } from './secrets.ts';
import { createSetup, type Setup } from './setup.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { authPool, endSession, inTransaction, retire, touchSession } from './store.ts';
import { tell } from './trail.ts';
import type { Invitation, Person, StaffListed, StaffOffice, StaffSession } from './types.ts';
import { readConfirmedAt, readNames, readStaff, readStaffOf } from './views.ts';

export { addAccount, bindAccount } from './account/store.ts';
export {
  type AccountSeen,
  NAME_LENGTH,
  type PasskeySeen,
  type SessionSeen,
} from './account/types.ts';
export { type AddressChange, changeAddress } from './address.ts';
export { saveStaff } from './declared/store.ts';
export {
  addPerson,
  endSessionsOf,
  retireHere,
  revive,
  saveLanguage,
  setRoles,
} from './people/store.ts';
export { tell, tellRoles } from './trail.ts';
export { readRoles, readStaffId } from './views.ts';
export type StaffOptions = AuthOptions;

/** Staff and their sign-in: a password and a code, or a passkey that is both. */
export interface Staff extends SignIn, OwnAccount, Setup, Demo, StaffNames, Rewrapping {
  /**
   * Returns the person with these request headers, signed in with both factors, in a session neither expired nor idle. `isIdle`: an
   * automatic request of the browser, which doesn't extend the session.
   */
  session(headers: Headers, how?: { isIdle: boolean }): Promise<StaffSession | null>;
  /** Returns the viewer of a person in one office, or null when they have no role there. */
  viewer(headers: Headers, office: string): Promise<StaffViewer | null>;
  /**
   * Writes a person with their roles and opens an invitation; the link is shown once. For an existing person, it sets up the account
   * anew.
   * `by`: the colleague who does it, for the audit trail; absent for a command.
   */
  invite(person: Person, now: Temporal.Instant, by?: number): Promise<Invitation>;
  list(): Promise<StaffListed[]>;
  /** Ends a person's access at once. Returns false when there is no such person. */
  retire(email: string, now: Temporal.Instant, by?: number): Promise<boolean>;
  /** Replaces encrypted recovery codes of an earlier version by hashes. Returns the number of accounts. */
  hashRecoveryCodes(): Promise<number>;
  /** Runs a transaction on the accounts, which acts for the installation: for features that manage staff. */
  transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * The times of sessions and codes are the machine's, not the demo's clock: telephones compute the codes with the
 * real time. `now` is only for invitations.
 */
export function createStaff(options: StaffOptions): Staff {
  const pool: pg.Pool = authPool(options);
  const auths = createAuths(options, pool);
  const setup = createSetup(options, pool);

  const signing = createSignIn(options, auths, pool);
  const session: Staff['session'] = async (headers, how) => {
    const cookie = headers.get('cookie');
    if (!cookie?.includes('finestreta.session_token')) return null;
    const found = await auths.of(cookie).api.getSession({ headers: new Headers({ cookie }) });
    if (!found) return null;
    const { session, user } = found;
    if (!session.secondFactor || !user.twoFactorEnabled) return null;
    const seen = Temporal.Instant.fromEpochMilliseconds(
      (session.lastSeenAt ?? session.createdAt).getTime(),
    );
    if (isIdle(seen, systemClock.now())) {
      await endSession(pool, session.id);
      return null;
    }
    const person = await readStaffOf(pool, user.id);
    if (!person) return null;
    if (!how?.isIdle) await touchSession(pool, session.id);
    const { id, name, email, operator } = person.staff;
    const confirmedAt = Temporal.Instant.fromEpochMilliseconds(
      (session.confirmedAt ?? session.createdAt).getTime(),
    );
    const own = { id: session.id, user: user.id, confirmedAt };
    return { ...own, staff: id, name, email, operator, offices: person.offices };
  };

  return {
    session,
    viewer: async (headers, code) => viewerIn(await session(headers), code),
    invite: (person, now, by) => setup.open(person, now, by ?? null),
    list: () => readStaff(pool),
    namesOf: (ids) => readNames(pool, ids),
    retire: (email, now, by) =>
      inTransaction(pool, async (client) => {
        const staff = await retire(client, email.toLowerCase(), now);
        if (staff === null) return false;
        await tell(client, { staff, by: by ?? null, now, action: 'retired' });
        return true;
      }),
    ...signing,
    ...createOwnAccount(options, pool, () => (options.clock ?? systemClock).now()),
    findSetup: setup.findSetup,
    choosePassword: setup.choosePassword,
    confirmCode: setup.confirmCode,
    setupUrl: setup.setupUrl,
    openInvitation: setup.openInvitation,
    hashRecoveryCodes: () => createRecoveryCodes(pool, sealingOf(options.secret)).hashAll(),
    ...createRewrapping(options.secret, pool),
    transaction: (work) => inTransaction(pool, work),
    ...createDemo(setup, pool, signing.enterUnproved),
    close: () => pool.end(),
  };
}

/**
 * Returns whether a session has shown a second factor within the last ten minutes, read from the database: a page may have asked for
 * one since the session was read.
 */
export async function isFreshSession(client: pg.PoolClient, session: string): Promise<boolean> {
  const confirmedAt = await readConfirmedAt(client, session);
  return confirmedAt !== null && isFresh(confirmedAt, systemClock.now());
}

const viewerIn = (found: StaffSession | null, code: string): StaffViewer | null =>
  found ? viewerOf(found, code) : null;

/** Returns the viewer of a signed-in person in one office, or null when they have no role there. */
export function viewerOf(session: StaffSession, code: string): StaffViewer | null {
  const office: StaffOffice | undefined = session.offices.find((each) => each.code === code);
  if (!office) return null;
  return {
    kind: 'staff',
    staff: session.staff,
    name: session.name,
    office: office.id,
    role: office.role,
    desk: office.desk,
  };
}
