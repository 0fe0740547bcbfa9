import { randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import type pg from 'pg';
import { tellStaff } from '../staff-mail/service.ts';
import type { StaffMailFacts } from '../staff-mail/types.ts';
import { hashedCodes } from './account/recovery.ts';
import { takeTry } from './account/tries.ts';
import type { AuthOptions } from './auth.ts';
import { CODE_TRIES } from './lockout.ts';
import { passwordRefusal } from './passwords/rules.ts';
import { INVITATION_DAYS, readCode } from './rules.ts';
import { invitationLinks, sealingOf } from './secrets.ts';
import {
  enrol,
  inTransaction,
  linkInvitation,
  replaceAccount,
  saveChoice,
  saveInvitation,
  savePerson,
  spendCode,
  spendInvitation,
} from './store.ts';
import { isRight, keptSecret, newRecoveryCodes, newTotpSecret, secretIn, totpOf } from './totp.ts';
import { type Told, tell, tellRoles } from './trail.ts';
import type { ConfirmResult, Invitation, PasswordResult, Person, SetupState } from './types.ts';
import { readAddresses, readInvitation, readPlaces, readRoles, readStaffId } from './views.ts';

export interface Setup {
  /** Returns the set-up state of the person with this link, or null when the link isn't valid. */
  findSetup(token: string, now: Temporal.Instant): Promise<SetupState | null>;
  /** Chooses the password. It isn't valid until the authenticator is confirmed too; a former account stays valid until then. */
  choosePassword(token: string, password: string, now: Temporal.Instant): Promise<PasswordResult>;
  /** Confirms the authenticator. The recovery codes are shown only once. */
  confirmCode(token: string, typed: string, now: Temporal.Instant): Promise<ConfirmResult>;
  /** Returns the set-up page of this invitation. Its secret derives from the id, so that a mail can be written again. */
  setupUrl(invitation: string): string;
  /**
   * Opens an invitation for an existing person, in a transaction of the caller, and mails it. Their earlier links
   * become invalid. Until they have set up the account anew, they sign in as before.
   */
  openInvitation(
    client: pg.PoolClient,
    invited: Told & { facts: Pick<StaffMailFacts, 'office' | 'role'> },
  ): Promise<{ url: string; expiresAt: Temporal.Instant }>;
}

interface InternalSetup extends Setup {
  /** `by`: see `Told`. */
  open(person: Person, now: Temporal.Instant, by: number | null): Promise<Invitation>;
  /** Makes a ready account with a given password and secret, for the demo. */
  ready(person: Person, access: { password: string; totpSecret: string }): Promise<boolean>;
  /** Reads a stored authenticator secret, in base32; null when another installation key encrypted it. */
  secretIn(kept: string): Promise<string | null>;
}

/** The dependencies of the set-up. */
interface SetupDeps {
  options: AuthOptions;
  pool: pg.Pool;
  key: ReturnType<typeof sealingOf>;
}

export function createSetup(options: AuthOptions, pool: pg.Pool): InternalSetup {
  const deps = { options, pool, key: sealingOf(options.secret) };
  const inviting = createInviting(options);
  return {
    ...inviting,
    open: (given, now, by) => open(pool, inviting.openInvitation, given, now, by),
    findSetup: (token, now) => findSetup(deps, token, now),
    choosePassword: (token, password, now) => choosePassword(deps, token, password, now),
    confirmCode: (token, typed, now) => confirmCode(deps, token, typed, now),
    ready: (person, access) => ready(deps, person, access),
    secretIn: (kept) => secretIn(deps.key, kept).catch(() => null),
  };
}

function createInviting(options: AuthOptions): Pick<Setup, 'setupUrl' | 'openInvitation'> {
  const links = invitationLinks(options.secret);
  const setupUrl = (invitation: string) =>
    `${options.baseUrl}/staff/setup/${links.tokenOf(invitation)}`;
  return {
    setupUrl,
    async openInvitation(client, { staff, facts, by, now }) {
      const id = links.newId();
      const expiresAt = now.add({ hours: INVITATION_DAYS * 24 });
      await saveInvitation(client, { id, staff, token: links.tokenOf(id), now, expiresAt });
      const told = { ...facts, invitation: id, expiresAt: expiresAt.toString() };
      await tellStaff(client, { to: { staff }, kind: 'invited', facts: told }, now);
      await tell(client, { staff, by, now, action: 'invited' });
      return { url: setupUrl(id), expiresAt };
    },
  };
}

async function open(
  pool: pg.Pool,
  openInvitation: Setup['openInvitation'],
  given: Person,
  now: Temporal.Instant,
  by: number | null,
): Promise<Invitation> {
  const person = { ...given, email: given.email.trim().toLowerCase() };
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(person.email))
    return { ok: false, reason: 'not_email', what: given.email };
  const saved = await keepIfOk(pool, async (client) => {
    const known = await readStaffId(client, person.email);
    const before = known === null ? [] : await readRoles(client, known);
    const result = await savePerson(client, person);
    if (!result.ok) return result;
    const { staff } = result;
    await tellRoles(client, { staff, by, now }, before, await readRoles(client, staff));
    const [role] = person.roles;
    const facts = role ? { office: role.office, role: role.role } : {};
    return { ...result, opened: await openInvitation(client, { staff, facts, by, now }) };
  });
  return saved.ok ? { ok: true, ...saved.opened } : saved;
}

async function findSetup(
  { options, pool, key }: SetupDeps,
  token: string,
  now: Temporal.Instant,
): Promise<SetupState | null> {
  const found = await readInvitation(pool, token, now);
  if (!found) return null;
  const { email, name } = found;
  if (!found.chosen) return { step: 'password', email, name };
  const secret = await secretIn(key, found.chosen.secret);
  const uri = totpOf(options.issuer, email, secret).toString();
  return { step: 'code', email, name, secret, uri };
}

async function choosePassword(
  { pool, key }: SetupDeps,
  token: string,
  password: string,
  now: Temporal.Instant,
): Promise<PasswordResult> {
  const found = await readInvitation(pool, token, now);
  if (!found) return { ok: false, reason: 'gone' };
  const refusal = passwordRefusal(password, { ...found, places: await readPlaces(pool) });
  if (refusal) return { ok: false, reason: refusal };
  await saveChoice(pool, token, {
    passwordHash: await hashPassword(password),
    secret: await keptSecret(key, newTotpSecret()),
  });
  return { ok: true };
}

async function confirmCode(
  { options, pool, key }: SetupDeps,
  token: string,
  typed: string,
  now: Temporal.Instant,
): Promise<ConfirmResult> {
  const found = await readInvitation(pool, token, now);
  if (!found?.chosen) return { ok: false, reason: 'gone' };
  const { id, staff, email, name, chosen } = found;
  const taken = await takeTry(pool, [{ name: `setup ${id}`, most: CODE_TRIES }]);
  if (!taken.ok) return { ok: false, reason: 'too_many', retryAfter: taken.retryAfter };
  const { code } = readCode(typed);
  const totp = totpOf(options.issuer, email, await secretIn(key, chosen.secret));
  if (!isRight(totp, code)) return { ok: false, reason: 'wrong_code' };
  const recoveryCodes = newRecoveryCodes();
  const hashed = await hashedCodes(recoveryCodes);
  const user = randomUUID();
  const done = await inTransaction(pool, async (client) => {
    if (!(await spendInvitation(client, token, now))) return false;
    // A person who changed the address and sent the new invitation must not be able to do it unnoticed.
    const addresses = await readAddresses(client, staff);
    await replaceAccount(client, { user, staff, email, name, ...chosen });
    await linkInvitation(client, id, user);
    await spendCode(client, user, code);
    await enrol(client, { staff, user, recoveryCodes: hashed });
    await tell(client, { staff, by: staff, now, action: 'set_up' });
    for (const sentTo of addresses)
      await tellStaff(client, { to: { staff }, kind: 'set_up_anew', facts: { sentTo } }, now);
    return true;
  });
  return done ? { ok: true, recoveryCodes } : { ok: false, reason: 'gone' };
}

async function ready(
  { pool, key }: SetupDeps,
  person: Person,
  access: { password: string; totpSecret: string },
): Promise<boolean> {
  const account = {
    user: randomUUID(),
    email: person.email,
    name: person.name,
    passwordHash: await hashPassword(access.password),
    secret: await keptSecret(key, access.totpSecret),
  };
  const recoveryCodes = await hashedCodes([]);
  const saved = await keepIfOk(pool, async (client) => {
    const result = await savePerson(client, person);
    if (!result.ok) return result;
    await replaceAccount(client, { ...account, staff: result.staff });
    await enrol(client, { staff: result.staff, user: account.user, recoveryCodes });
    return result;
  });
  return saved.ok;
}

class Refused extends Error {
  readonly result: unknown;
  constructor(result: unknown) {
    super('rolled back');
    this.result = result;
  }
}

/** Runs a transaction that is rolled back on a refusal. */
async function keepIfOk<T extends { ok: boolean }>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  try {
    return await inTransaction(pool, async (client) => {
      const result = await work(client);
      if (!result.ok) throw new Refused(result);
      return result;
    });
  } catch (error) {
    if (error instanceof Refused) return error.result as T;
    throw error;
  }
}
