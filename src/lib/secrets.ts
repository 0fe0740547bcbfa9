import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Secrets travel as text and are stored as this. They are random and long, so a plain hash is enough. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** A new random secret: 192 bits, safe in an address. */
export const newSecret = (): string => randomBytes(24).toString('base64url');

/** Compares two hashes without telling how far they agree. */
export const sameHash = (a: Buffer, b: Buffer): boolean =>
  a.length === b.length && timingSafeEqual(a, b);

/**
 * The installation's key, which lives outside the database. Secrets that must be written again later (a link in the next
 * mail) are derived from it, so the database can keep their hash alone.
 */
export interface InstallationKey {
  /** 192 bits that only this installation can derive for this purpose, safe in an address. */
  derive(purpose: string): string;
  /** 256 bits for this purpose, to encrypt with (HKDF, RFC 5869). */
  deriveKey(purpose: string): Buffer;
}

export function installationKey(key: Buffer): InstallationKey {
  return {
    derive: (purpose) =>
      createHmac('sha256', key).update(purpose).digest().subarray(0, 24).toString('base64url'),
    deriveKey: (purpose) => Buffer.from(hkdfSync('sha256', key, '', purpose, 32)),
  };
}

/** Where the key is kept. */
export const keyFile = (dataDir: string): string => join(dataDir, 'keys', 'installation.key');

/** The key that the data folder keeps; null: none. @throws when it is something else */
export function readStoredKey(dataDir: string): Buffer | null {
  const file = keyFile(dataDir);
  if (!existsSync(file)) return null;
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32)
    throw new Error(`${file} is not a key of this installation: 32 bytes in base64`);
  return key;
}

/** Keeps the key in the data folder, readable by its owner only, in place of one that is there. */
export function storeKey(dataDir: string, key: Buffer): void {
  renameSync(draftOf(dataDir, key), keyFile(dataDir));
}

/** The key in a file of this process, beside where it is to be kept. */
function draftOf(dataDir: string, key: Buffer): string {
  const file = keyFile(dataDir);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  return draft;
}

/** Reads the key from the data folder; makes it where there is none. Of several that make it at once, one's is kept. */
export function openInstallationKey(dataDir: string): InstallationKey {
  if (!existsSync(keyFile(dataDir))) makeKey(dataDir);
  const key = readStoredKey(dataDir);
  if (!key) throw new Error(`${keyFile(dataDir)} was taken away while it was read`);
  return installationKey(key);
}

function makeKey(dataDir: string): void {
  const draft = draftOf(dataDir, randomBytes(32));
  try {
    linkSync(draft, keyFile(dataDir));
  } catch (error) {
    // Some disks know no links; there the last one's is kept, as when it is stored.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') renameSync(draft, keyFile(dataDir));
  } finally {
    rmSync(draft, { force: true });
  }
}
