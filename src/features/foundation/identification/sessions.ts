import type { GivenLevel } from '../../../domain/identity.ts';
import type { ProviderKind } from '../../../domain/office/identity.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { giveSecret, secretIn } from '../../../lib/http/secret-cookie.ts';
import { hashSecret, newSecret, type PurposeKey, sameHash } from '../../../lib/secrets.ts';
import { openPerson } from './persons.ts';
import { SESSION_MINUTES, sessionEnd } from './rules.ts';
import type { PersonKey } from './sealing.ts';
import { deleteSession, insertSession, setActing, touchSession } from './store.ts';
import type { CitizenSession, Purpose, Represented } from './types.ts';
import { readSession, type SealedSession } from './views.ts';

/** The cookie of an identified person. */
const COOKIE = 'finestreta.citizen';
/** Seconds after which the use of a session is noted again. */
const NOTED_SECONDS = 60;

/** What a browser sent with a request. */
export interface Browser {
  /** Its `Cookie` header. */
  cookie: string;
  /** Its `User-Agent` header. */
  agent: string;
}

/** The sessions of identified people. */
export interface Sessions {
  /** Begins a session in this browser, and ends the one that it had. Returns its cookies. */
  begin(
    tx: Tx,
    of: { person: string; own: PersonKey; identification: string; kept: string | null },
    browser: Browser,
    now: Temporal.Instant,
  ): Promise<string[]>;
  /** Returns the session of a browser; null: there is none. `moved`: the secret came from another browser, and the session is over. */
  read(browser: Browser): Promise<{ session: CitizenSession | null; isMoved: boolean }>;
  /** Notes by which authorisation the person acts in a browser from now on; null: they act for themselves. */
  act(browser: Browser, authorisation: string | null): Promise<void>;
  /** Returns what ends the session of a browser at its provider; null: it has none, or nothing ends it. */
  kept(browser: Browser): Promise<{ provider: string; kept: string } | null>;
  /** Ends the session of a browser. Returns what ends it at the provider, and the cookies. */
  end(browser: Browser): Promise<Left>;
}

/** What is left of a session that ended. */
export interface Left {
  /** The provider, with what ends its own session there; null: there was no session. */
  at: { provider: string; kept: string | null } | null;
  cookies: string[];
}

export interface SessionsDeps {
  db: Db;
  key: PurposeKey;
  clock: { now(): Temporal.Instant };
  baseUrl: string;
}

/** Returns whether a browser had a session, which may be over. */
export const hadSession = (cookie: string, baseUrl: string): boolean =>
  secretIn(cookie, COOKIE, baseUrl) !== '';

export function createSessions({ db, key, clock, baseUrl }: SessionsDeps): Sessions {
  const hashIn = ({ cookie }: Browser): Buffer | null => {
    const secret = secretIn(cookie, COOKIE, baseUrl);
    return secret === '' ? null : hashSecret(secret);
  };
  const find = (hash: Buffer, now: Temporal.Instant) =>
    within(db, INSTALLATION, (tx) => readSession(tx, hash, now));
  const remove = (hash: Buffer) => within(db, INSTALLATION, (tx) => deleteSession(tx, hash));
  const without = giveSecret(baseUrl, { name: COOKIE, secret: '', seconds: 0 });

  return {
    begin: async (tx, { person, own, identification, kept }, browser, now) => {
      const former = hashIn(browser);
      if (former) await deleteSession(tx, former);
      // A new secret each time: one that was put into this browser before is worth nothing (session fixation).
      const secret = newSecret();
      const row = newRow({ person, own, identification, kept }, browser, secret);
      await insertSession(tx, row, { now, endsAt: sessionEnd(now, now) });
      return [giveSecret(baseUrl, { name: COOKIE, secret, seconds: SESSION_MINUTES * 60 })];
    },

    read: async (browser) => {
      const hash = hashIn(browser);
      const now = clock.now();
      const row = hash && (await find(hash, now));
      if (!hash || !row) return { session: null, isMoved: false };
      if (!sameHash(row.browser, hashSecret(browser.agent))) {
        await remove(hash);
        return { session: null, isMoved: true };
      }
      const endsAt = sessionEnd(row.beganAt, now);
      if (row.seenAt.until(now).total('seconds') >= NOTED_SECONDS)
        await within(db, INSTALLATION, (tx) => touchSession(tx, hash, { now, endsAt }));
      return { session: sessionOf(key, row, endsAt), isMoved: false };
    },

    act: async (browser, authorisation) => {
      const hash = hashIn(browser);
      if (hash) await within(db, INSTALLATION, (tx) => setActing(tx, hash, authorisation));
    },

    kept: async (browser) => {
      const hash = hashIn(browser);
      const row = hash && (await find(hash, clock.now()));
      const kept = row && keptIn(key, row);
      return row && kept ? { provider: row.provider, kept } : null;
    },

    end: async (browser) => {
      const hash = hashIn(browser);
      const row = hash && (await find(hash, clock.now()));
      if (!hash || !row) return { at: null, cookies: [without] };
      await remove(hash);
      return { at: { provider: row.provider, kept: keptIn(key, row) }, cookies: [without] };
    },
  };
}

/** Returns the row of a new session, in which the person acts for themselves. */
const newRow = (
  { person, own, identification, kept }: Parameters<Sessions['begin']>[1],
  browser: Browser,
  secret: string,
) => ({
  hash: hashSecret(secret),
  person_id: person,
  identification_id: identification,
  browser: hashSecret(browser.agent),
  kept: kept === null ? null : own.seal('session', identification, kept),
  acting: null,
});

/** Returns what ends a session at its provider. */
const keptIn = (key: PurposeKey, row: SealedSession): string | null =>
  row.kept && openPerson(key, row).own.unseal<string>('session', row.identification, row.kept);

function sessionOf(key: PurposeKey, row: SealedSession, endsAt: Temporal.Instant): CitizenSession {
  const { own, ...person } = openPerson(key, row);
  const { identification, provider, method, at, acting } = row;
  return {
    ...person,
    ...{ identification, provider, method, at, acting, endsAt },
    kind: row.kind as ProviderKind,
    purpose: row.purpose as Purpose['for'],
    level: row.level as GivenLevel,
    represents:
      row.represents && own.unseal<Represented>('represents', identification, row.represents),
  };
}
