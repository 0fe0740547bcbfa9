import {
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto';
import {
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Returns the hash of a secret. Secrets travel as text and are stored as this. They are random and long, so a plain hash is enough. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Returns a new random secret: 192 bits, safe in an address. */
export const newSecret = (): string => randomBytes(24).toString('base64url');

/**
 * Returns a derived secret in the form of a link that also goes by SMS: 22 letters and digits, of 131 bits. Without the signs - and _, at
 * which some telephones end a link.
 */
export const linkForm = (derived: string): string => derived.replaceAll(/[-_]/g, '').slice(0, 22);

/** Compares two hashes in constant time. */
export const sameHash = (a: Buffer, b: Buffer): boolean =>
  a.length === b.length && timingSafeEqual(a, b);

/** One version of a key. */
export interface KeyVersion {
  readonly version: number;
  /** Returns 192 bits that only this version derives from the text (HMAC-SHA-256), safe in an address. */
  derive(text: string): string;
  /** Returns 256 bits that only this version derives from the text, for encryption (HKDF, RFC 5869). */
  deriveKey(text: string): Buffer;
}

/**
 * The key of one purpose, which the database keeps only wrapped. Secrets that must be written again later (a link in the next mail) are
 * derived from it, so that the database keeps only their hash. Its own `derive` uses the newest version.
 */
export interface PurposeKey extends KeyVersion {
  /** Returns the valid versions, the newest first. */
  live(): readonly KeyVersion[];
  /** Returns this version, or the next newer one if it has ended. @throws when this process doesn't have it yet */
  at(version: number): KeyVersion;
  /** Returns the version in an id from `newId`. Any other id has version 0. */
  of(id: string): KeyVersion;
  /** Returns a new UUID that names the newest version. */
  newId(): string;
}

/** The bytes of one version. `isActive`: secrets are derived from it; before that it is only recognised. */
export interface KeyMaterial {
  version: number;
  key: Buffer;
  isActive: boolean;
}

function keyVersion({ version, key }: KeyMaterial): KeyVersion {
  return {
    version,
    derive: (text) => deriveSecret(key, text),
    deriveKey: (text) => Buffer.from(hkdfSync('sha256', key, '', text, 32)),
  };
}

/** Returns 192 bits that only the holder of the key derives from the text, safe in an address. */
export const deriveSecret = (key: Buffer | string, text: string): string =>
  createHmac('sha256', key).update(text).digest().subarray(0, 24).toString('base64url');

/**
 * Returns the key of a purpose, whose versions `read` gives each time: another process may have added one. @throws when there is no active
 * version
 */
export function purposeKey(read: () => readonly KeyMaterial[]): PurposeKey {
  let known: readonly KeyMaterial[] = [];
  let live: KeyVersion[] = [];
  let newest: KeyVersion | undefined;
  const refresh = () => {
    const now = read();
    if (now === known) return;
    known = now;
    const sorted = now.toSorted((a, b) => b.version - a.version);
    live = sorted.map(keyVersion);
    newest = live[sorted.findIndex((each) => each.isActive)];
  };
  const current = (): KeyVersion => {
    refresh();
    if (!newest) throw new Error('A purpose without a key');
    return newest;
  };
  const at = (version: number): KeyVersion => {
    refresh();
    const found = live.findLast((each) => each.version >= version);
    if (!found) throw new Error(`Version ${version} of a key is not known here yet`);
    return found;
  };
  return {
    get version() {
      return current().version;
    },
    derive: (text) => current().derive(text),
    deriveKey: (text) => current().deriveKey(text),
    live: () => {
      refresh();
      return live;
    },
    at,
    of: (id) => at(versionIn(id)),
    newId: () => idNaming(current().version, randomUUID()),
  };
}

/** Returns the installation's key as version 0 of every purpose, as it was before each purpose had its own key. */
export function installationKey(key: Buffer): PurposeKey {
  const only = [{ version: 0, key, isActive: true }];
  return purposeKey(() => only);
}

/**
 * Returns a UUID (RFC 9562, version 8) that contains a version from 0 to 4095: the digits after its own version. The digit `b` that follows
 * distinguishes it from other UUIDs of version 8.
 */
export function idNaming(version: number, uuid: string): string {
  const digits = version.toString(16).padStart(3, '0');
  return `${uuid.slice(0, 14)}8${digits}-b${uuid.slice(20)}`;
}

/** Returns the version in an id, 0 if it has none. */
export function versionIn(id: string): number {
  const [, digits] = /^.{14}8(.{3})-b/.exec(id) ?? [];
  return digits ? Number.parseInt(digits, 16) : 0;
}

/** Returns the path of the root key. */
export const keyFile = (dataDir: string): string => join(dataDir, 'keys', 'installation.key');

/** Returns the path of the next root key while keys are wrapped again by it. */
export const nextKeyFile = (dataDir: string): string => `${keyFile(dataDir)}.next`;

/** Returns the key in the data folder; null: none. @throws when the file is something else */
export const readStoredKey = (dataDir: string): Buffer | null => readKeyFile(keyFile(dataDir));

/** Returns the root keys in the data folder: the current one, and the next one while keys are wrapped again by it. */
export const readKeyFiles = (dataDir: string): Buffer[] =>
  [keyFile, nextKeyFile].map((file) => readKeyFile(file(dataDir))).filter((each) => each !== null);

function readKeyFile(file: string): Buffer | null {
  if (!existsSync(file)) return null;
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32)
    throw new Error(`${file} is not a key of this installation: 32 bytes in base64`);
  return key;
}

/** Stores the key in the data folder, readable only by its owner, in place of an existing one. */
export function storeKey(dataDir: string, key: Buffer): void {
  renameSync(draftOf(keyFile(dataDir), textOf(key)), keyFile(dataDir));
}

/** Stores a key as the next root key, unless there is one already. Returns the stored one. */
export function keepNextKey(dataDir: string): Buffer {
  const there = readKeyFile(nextKeyFile(dataDir));
  if (there) return there;
  const key = randomBytes(32);
  renameSync(draftOf(nextKeyFile(dataDir), textOf(key)), nextKeyFile(dataDir));
  return key;
}

/** Replaces the current root key with the next one, and removes the earlier. */
export function useNextKey(dataDir: string): void {
  renameSync(nextKeyFile(dataDir), keyFile(dataDir));
}

const textOf = (key: Buffer): string => `${key.toString('base64')}\n`;

/** Writes a secret to a file of this process, beside its final place. */
function draftOf(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
  // Root's command makes it for the account of the server.
  const { uid, gid } = statSync(dirname(file));
  if (process.getuid?.() === 0) chownSync(draft, uid, gid);
  return draft;
}

/** Makes a root key if the data folder has none. */
export const makeKeyFile = (dataDir: string): void =>
  makeSecretFile(keyFile(dataDir), () => textOf(randomBytes(32)));

/** Makes the file of a secret if it isn't there. When several processes do so at once, one is kept. */
export function makeSecretFile(file: string, make: () => string): void {
  if (existsSync(file)) return;
  const draft = draftOf(file, make());
  try {
    linkSync(draft, file);
  } catch (error) {
    // Some disks don't support links; there the last one is kept, as when it is stored.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
