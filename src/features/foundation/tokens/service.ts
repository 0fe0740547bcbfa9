import type pg from 'pg';
import { SCOPES } from '../../../domain/scopes.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import {
  hashSecret,
  type KeyVersion,
  newSecret,
  type PurposeKey,
  sameHash,
} from '../../../lib/secrets.ts';
import { OPERATOR, type Viewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../audit/service.ts';
import { checkRequest, isFrom, isTokenShaped, tokenFrom, USUAL_DAYS } from './rules.ts';
import { insertToken, noteUse, reviveToken, revokeToken } from './store.ts';
import type { TokenFound, TokenGrant, TokenInfo, TokenMistakes, TokenRequest } from './types.ts';
import { readOwnToken, readToken, readTokens } from './views.ts';

export type TokenMade =
  | { ok: true; id: number; token: string }
  | { ok: false; mistakes: TokenMistakes };

/** The API's tokens. Each gives access to one office. The database stores only a SHA-256 of it. */
export interface Tokens {
  /** Makes a token. Its text is returned only here. An invalid request makes nothing. */
  create(
    office: { id: number; timeZone: string },
    request: TokenRequest,
    viewer?: Viewer,
  ): Promise<TokenMade>;
  /**
   * Returns the office and grant of a token, for a request from this IP address. It reads the database each time, and records the day of
   * a valid use.
   */
  find(token: string, address: string): Promise<TokenFound>;
  /** Revokes a token at once, in every process. Returns false when the office has no such valid token. */
  revoke(office: { id: number }, id: number, viewer?: Viewer): Promise<boolean>;
  /** Returns the office's tokens, including revoked and expired ones. */
  list(office: { id: number }): Promise<TokenInfo[]>;
  /**
   * Returns the demo's token of an office, with every scope. It is made when it is missing, and renewed for a year when it was revoked or
   * half of its year has passed. Its text is always the same.
   */
  seedDemo(office: { id: number; code: string }): Promise<string>;
  /** Revokes the demo's token, which demo mode showed publicly. Returns false when none is valid. */
  endDemo(office: { id: number; code: string }): Promise<boolean>;
}

export interface TokensDeps {
  db: Db;
  pool: pg.Pool;
  clock: Clock;
  key: PurposeKey;
  unit: RunUnit;
}

export function createTokens(deps: TokensDeps): Tokens {
  const { db, pool, clock, key, unit } = deps;
  return {
    async create(office, request, viewer = OPERATOR) {
      const { timeZone } = office;
      const checked = checkRequest(request, { now: clock.now(), timeZone });
      return checked.ok ? unit(viewer, office.id, (each) => make(each, checked.grant)) : checked;
    },

    find: (token, address) => find({ db, pool, clock }, token, address),

    revoke: (office, id, viewer = OPERATOR) => unit(viewer, office.id, (each) => end(each, id)),

    list: (office) => within(db, office.id, (tx) => readTokens(tx, office.id)),

    seedDemo: (office) =>
      unit(OPERATOR, office.id, async ({ tx, now }) => {
        const token = demoToken(office, key);
        const hash = hashSecret(token);
        const grant = demoGrant(now);
        const known = await readOwnToken(tx, hash);
        if (known && isGoodFor(known, now)) return token;
        const made = await insertToken(tx, { ...grant, office: office.id, hash, now });
        if (made === null) await reviveToken(tx, hash, grant);
        return token;
      }),

    endDemo: (office) =>
      unit(OPERATOR, office.id, async (each) => {
        let isEnded = false;
        for (const by of key.live()) {
          const known = await readOwnToken(each.tx, hashSecret(demoToken(office, by)));
          if (known && (await end(each, known.id))) isEnded = true;
        }
        return isEnded;
      }),
  };
}

const demoToken = (office: { code: string }, by: KeyVersion) =>
  tokenFrom(by.derive(`demo token ${office.code}`));

async function make(
  { tx, office, now, record }: Unit,
  grant: TokenGrant,
): Promise<Extract<TokenMade, { ok: true }>> {
  const token = tokenFrom(newSecret());
  const id = await insertToken(tx, { ...grant, office, hash: hashSecret(token), now });
  if (id === null) throw new Error('The same 192 random bits twice');
  const { name, scopes, networks, expiresAt } = grant;
  const data = { token: id, name, scopes, networks, expiresAt: expiresAt.toString() };
  await record('token_created', { data });
  return { ok: true, id, token };
}

async function find(
  { db, pool, clock }: Pick<TokensDeps, 'db' | 'pool' | 'clock'>,
  token: string,
  address: string,
): Promise<TokenFound> {
  if (!isTokenShaped(token)) return { ok: false, why: 'unknown' };
  const hash = hashSecret(token);
  const found = await readToken(pool, hash);
  if (!found || !sameHash(found.hash, hash)) return { ok: false, why: 'unknown' };
  const { hash: _, used, expiresAt, networks, ...access } = found;
  const now = clock.now();
  if (Temporal.Instant.compare(now, expiresAt) >= 0)
    return { ok: false, why: 'expired', token: access.token };
  if (!isFrom(networks, address)) return { ok: false, why: 'elsewhere', token: access.token };
  const today = now.toString().slice(0, 10);
  if (used === null || used < today)
    // The request is also accepted when the database can't be written.
    await within(db, access.office, (tx) => noteUse(tx, access.token, today)).catch(() => {});
  return { ok: true, access };
}

async function end({ tx, now, record }: Unit, id: number): Promise<boolean> {
  const revoked = await revokeToken(tx, id, now);
  if (revoked) await record('token_revoked', { data: { token: id } });
  return revoked;
}

const demoGrant = (now: Temporal.Instant): TokenGrant => ({
  name: 'Demo',
  scopes: SCOPES,
  expiresAt: now.add({ hours: 24 * USUAL_DAYS }),
  networks: [],
});

/** Returns whether the demo's token has every scope for half a year more. */
const isGoodFor = (
  { expiresAt, scopes }: { expiresAt: Temporal.Instant; scopes: readonly string[] },
  now: Temporal.Instant,
): boolean =>
  SCOPES.every((each) => scopes.includes(each)) &&
  now.until(expiresAt).total('hours') > 12 * USUAL_DAYS;
