import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type SecretConfig, symmetricDecrypt } from 'better-auth/crypto';
import type pg from 'pg';
import { z } from 'zod';
import { saveRecoveryCodes } from './store.ts';
import { readEncryptedCodes, readRecoveryCodes } from './views.ts';

/**
 * Recovery codes are stored only as hashes (OWASP ASVS 5.0, 6.5.2): a JSON list of entries `SALT.HASH`, with one salt for all the codes
 * of an account. The accounts' library treats it as a list of strings and compares the value that it receives.
 */

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** About 16 MB and 50 ms for each try. A code has 49 random bits, so trying them all takes a hundred thousand years. */
const COST = { N: 2 ** 14, r: 8, p: 1 };

const entriesIn = z.array(z.string());
const derive = promisify<string, Buffer, number, typeof COST, Buffer>(scrypt);

async function entryOf(code: string, salt: Buffer): Promise<string> {
  const hash = await derive(code, salt, HASH_BYTES, COST);
  return `${salt.toString('base64url')}.${hash.toString('base64url')}`;
}

/** Returns the codes in their stored form. */
export async function hashedCodes(codes: readonly string[]): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return JSON.stringify(await Promise.all(codes.map((each) => entryOf(each, salt))));
}

/** Earlier versions stored the codes encrypted; the present form begins as a JSON list. */
const isEncrypted = (kept: string): boolean => kept !== '' && !kept.startsWith('[');

export interface RecoveryCodes {
  /** Returns the number of unused codes. */
  count(user: string): Promise<number>;
  /** Returns the entry of a code in the account's list; null: it is none of them. */
  entry(user: string, code: string): Promise<string | null>;
  /** Removes a code from the list. Returns false when it is none of them, or another request was faster. */
  spend(user: string, code: string): Promise<boolean>;
  /** Replaces encrypted codes of earlier versions by hashes. Returns the number of accounts. */
  hashAll(): Promise<number>;
}

/** @param key the one that encrypted the codes of earlier versions */
export function createRecoveryCodes(pool: pg.Pool, key: string | SecretConfig): RecoveryCodes {
  /** A value that another key encrypted can't be read and opened nothing any more: it becomes an empty list. */
  const convert = async (user: string, kept: string): Promise<string> => {
    const text = await symmetricDecrypt({ key, data: kept }).catch(() => '[]');
    const hashed = await hashedCodes(entriesIn.parse(JSON.parse(text)));
    const isSaved = await saveRecoveryCodes(pool, user, hashed, kept);
    return isSaved ? hashed : ((await readRecoveryCodes(pool, user)) ?? '[]');
  };
  const listOf = async (user: string) => {
    const found = (await readRecoveryCodes(pool, user)) || '[]';
    const kept = isEncrypted(found) ? await convert(user, found) : found;
    return { kept, entries: entriesIn.parse(JSON.parse(kept)) };
  };
  const find = async (user: string, code: string) => {
    const { kept, entries } = await listOf(user);
    const [salt] = entries[0]?.split('.') ?? [];
    if (!salt) return null;
    const entry = await entryOf(code, Buffer.from(salt, 'base64url'));
    const rest = entries.filter((each) => !isSame(each, entry));
    return rest.length < entries.length ? { kept, entry, rest } : null;
  };
  return {
    count: async (user) => (await listOf(user)).entries.length,
    entry: async (user, code) => (await find(user, code))?.entry ?? null,
    spend: async (user, code) => {
      const found = await find(user, code);
      if (!found) return false;
      return saveRecoveryCodes(pool, user, JSON.stringify(found.rest), found.kept);
    },
    hashAll: async () => {
      const users = await readEncryptedCodes(pool);
      for (const user of users) await listOf(user);
      return users.length;
    },
  };
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
