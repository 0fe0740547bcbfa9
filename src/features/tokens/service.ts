import type pg from 'pg';
import type { Clock } from '../../lib/clock.ts';
import { type Db, type Tx, within } from '../../lib/db/database.ts';
import { hashSecret, type InstallationKey, newSecret, sameHash } from '../../lib/secrets.ts';
import type { Viewer } from '../../lib/viewer.ts';
import { record } from '../audit/service.ts';
import { isTokenShaped, tokenFrom } from './rules.ts';
import { insertToken, noteUse, reviveToken, revokeToken } from './store.ts';
import type { TokenAccess, TokenInfo } from './types.ts';
import { readToken, readTokenId, readTokens } from './views.ts';

/** The API's tokens. Each opens one body; the database keeps a SHA-256 of it and nothing else. */
export interface Tokens {
  /** Makes a token. Its text is answered here and never again. */
  create(
    body: { id: number },
    name: string,
    viewer?: Viewer,
  ): Promise<{ id: number; token: string }>;
  /** Whose this token is; null when it is none, was revoked, or its body is retired. Asks the database each time, and notes the day. */
  find(token: string): Promise<TokenAccess | null>;
  /** Ends a token at once, in every process; false when the body has none such that stands. */
  revoke(body: { id: number }, id: number, viewer?: Viewer): Promise<boolean>;
  /** The body's tokens, revoked ones too. */
  list(body: { id: number }): Promise<TokenInfo[]>;
  /** The demo's token of a body, made when it isn't there or was ended: the same each time. */
  seedDemo(body: { id: number; code: string }): Promise<string>;
  /** Ends the demo's token, which demo mode showed to everybody; false when there is none in force. */
  endDemo(body: { id: number; code: string }): Promise<boolean>;
}

export interface TokensDeps {
  db: Db;
  pool: pg.Pool;
  clock: Clock;
  key: InstallationKey;
}

/** Who makes and ends tokens when nobody is named: the installation's own command. */
const OPERATOR: Viewer = { kind: 'system', why: 'operator' };

export function createTokens({ db, pool, clock, key }: TokensDeps): Tokens {
  const demoToken = (body: { code: string }) => tokenFrom(key.derive(`demo token ${body.code}`));

  const end = async (tx: Tx, body: { id: number }, id: number, viewer: Viewer) => {
    const now = clock.now();
    const revoked = await revokeToken(tx, id, now);
    if (revoked) {
      const data = { token: id };
      await record(tx, { viewer, body: body.id, action: 'token_revoked', now, data });
    }
    return revoked;
  };

  return {
    create: (body, name, viewer = OPERATOR) =>
      within(db, body.id, async (tx) => {
        const token = tokenFrom(newSecret());
        const now = clock.now();
        const id = await insertToken(tx, { body: body.id, name, hash: hashSecret(token), now });
        if (id === null) throw new Error('The same 192 random bits twice');
        const data = { token: id, name };
        await record(tx, { viewer, body: body.id, action: 'token_created', now, data });
        return { id, token };
      }),

    async find(token) {
      if (!isTokenShaped(token)) return null;
      const hash = hashSecret(token);
      const found = await readToken(pool, hash);
      if (!found || !sameHash(found.hash, hash)) return null;
      const { hash: _, used, ...access } = found;
      const today = clock.now().toString().slice(0, 10);
      if (used === null || used < today)
        // Who asks is let in also while nothing can be written.
        await within(db, access.body, (tx) => noteUse(tx, access.token, today)).catch(() => {});
      return access;
    },

    revoke: (body, id, viewer = OPERATOR) => within(db, body.id, (tx) => end(tx, body, id, viewer)),

    list: (body) => within(db, body.id, (tx) => readTokens(tx, body.id)),

    seedDemo: (body) =>
      within(db, body.id, async (tx) => {
        const token = demoToken(body);
        const hash = hashSecret(token);
        const made = await insertToken(tx, { body: body.id, name: 'Demo', hash, now: clock.now() });
        if (made === null) await reviveToken(tx, hash);
        return token;
      }),

    endDemo: (body) =>
      within(db, body.id, async (tx) => {
        const id = await readTokenId(tx, hashSecret(demoToken(body)));
        return id !== null && end(tx, body, id, OPERATOR);
      }),
  };
}
