import { createHash } from 'node:crypto';
import { verifyPassword } from 'better-auth/crypto';
import { Secret } from 'otpauth';
import type pg from 'pg';
import { systemClock } from '../../../lib/clock.ts';
import type { createSetup } from './setup.ts';
import type { SignIn } from './sign-in.ts';
import { inTransaction, removeAccounts } from './store.ts';
import type { Caller, Cookies, DemoAccess, Person } from './types.ts';
import {
  type DemoRow,
  readReadyEmails,
  readSeeded,
  readSeededFactors,
  readSeenSince,
  type SeededFactors,
} from './views.ts';

export interface Demo {
  /**
   * Makes ready accounts for the demo town. Their passwords and secrets are public. Only call it in demo mode.
   * Existing accounts are unchanged.
   */
  seedDemo(people: readonly Person[]): Promise<DemoAccess[]>;
  /** Returns the same list without any writes. */
  demoAccess(): Promise<DemoAccess[]>;
  /**
   * Signs in as one of the demo's people, without password or code. Only the route of demo mode calls it. Null: nobody has this address with the
   * public password or secret of the demo, so no account of a real person is ever opened by it.
   */
  enterDemo(email: string, caller: Caller): Promise<Cookies | null>;
  /** Returns the ids of staff whose sessions were used in the last minutes, by the machine's time. */
  seenLately(minutes: number): Promise<ReadonlySet<number>>;
  /**
   * Removes the accounts of demo mode with their sessions, since their credentials are public: an
   * installation may have begun in demo mode. Accounts that people set up themselves stay. Returns the number.
   */
  endDemo(): Promise<number>;
}

const PASSWORD = 'demo: obre la finestreta';

/** Derived from the address, so that it needn't be stored unencrypted. */
function demoSecret(email: string): string {
  const digest = createHash('sha256').update(`finestreta demo ${email}`).digest();
  const bytes = Uint8Array.from(digest.subarray(0, 20));
  return new Secret({ buffer: bytes.buffer }).base32;
}

export function createDemo(
  setup: ReturnType<typeof createSetup>,
  pool: pg.Pool,
  enterUnproved: SignIn['enterUnproved'],
): Demo {
  const access = async ({ secret, ...row }: DemoRow): Promise<DemoAccess> => ({
    ...row,
    password: PASSWORD,
    totpSecret: (await setup.secretIn(secret)) ?? demoSecret(row.email),
  });
  /** Matches by either factor: in demo mode anybody may have changed the other on the account's page, and an operator the address. */
  const isOfDemo = async ({ emails, secret: kept, passwordHash: hash }: SeededFactors) => {
    const secret = await setup.secretIn(kept);
    return (
      emails.some((each) => demoSecret(each) === secret) ||
      (hash !== null && (await verifyPassword({ hash, password: PASSWORD })))
    );
  };
  const demoAccess = async () => Promise.all((await readSeeded(pool)).map(access));
  return {
    demoAccess,
    enterDemo: async (email, caller) => {
      const all = await readSeededFactors(pool);
      const one = all.find((each) => each.emails.includes(email));
      return one && (await isOfDemo(one)) ? enterUnproved(one.user, caller) : null;
    },
    seenLately: (minutes) => readSeenSince(pool, systemClock.now().subtract({ minutes })),
    endDemo: async () => {
      const seeded = await readSeededFactors(pool);
      const known = await Promise.all(seeded.map(isOfDemo));
      const users = seeded.filter((_, index) => known[index]).map((each) => each.user);
      if (users.length > 0) await inTransaction(pool, (client) => removeAccounts(client, users));
      return users.length;
    },
    seedDemo: async (people) => {
      const known = await readReadyEmails(pool);
      for (const person of people.filter((each) => !known.has(each.email))) {
        await setup.ready(person, { password: PASSWORD, totpSecret: demoSecret(person.email) });
      }
      return demoAccess();
    },
  };
}
