import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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
}

export function installationKey(key: Buffer): InstallationKey {
  return {
    derive: (purpose) =>
      createHmac('sha256', key).update(purpose).digest().subarray(0, 24).toString('base64url'),
  };
}

/** Reads the key from the data folder; makes it, readable by its owner only, where there is none. */
export function openInstallationKey(dataDir: string): InstallationKey {
  const folder = join(dataDir, 'keys');
  const file = join(folder, 'installation.key');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, file);
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32)
    throw new Error(`${file} is not a key of this installation: 32 bytes in base64`);
  return installationKey(key);
}
