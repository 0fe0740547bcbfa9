import { randomBytes } from 'node:crypto';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { PURPOSE_NAMES, type Purpose } from '../../../lib/keys/purposes.ts';
import type { Roots } from '../../../lib/keys/roots.ts';
import { type KeyMaterial, type PurposeKey, purposeKey } from '../../../lib/secrets.ts';
import { insertVersion, lockKeys } from './store.ts';
import type { KeptVersion } from './types.ts';
import { isFromBefore, readVersions } from './views.ts';
import { purposeData, unwrapBy } from './wrapping.ts';

/** The keys of all purposes, as stored in the database. */
export interface PurposeKeys {
  /** The derivation of each purpose, from the keys that were read last. */
  keys: Record<Purpose, PurposeKey>;
  /** Reads the keys from the database again: another process may have added or ended a version. */
  refresh(): Promise<void>;
}

export interface PurposeKeysDeps {
  db: Db;
  roots: Roots;
  /**
   * The single key of an installation from before purposes had keys: version 0 of each purpose.
   * Null: there is none.
   */
  takeOver: Buffer | null;
}

/**
 * Opens the keys of all purposes and makes those that are missing.
 * @throws PlainError when the root key that wrapped them is missing
 */
export async function openPurposeKeys({
  db,
  roots,
  takeOver,
}: PurposeKeysDeps): Promise<PurposeKeys> {
  /** Opened keys by purpose and version, so that the root key is used once. */
  const opened = new Map<string, Buffer>();
  let known = new Map<Purpose, KeyMaterial[]>();

  const open = async ({ purpose, version, wrapped, root }: KeptVersion): Promise<Buffer | null> => {
    if (!wrapped || !root) return null;
    const name = `${purpose} ${version}`;
    const there = opened.get(name);
    if (there) return there;
    const key = await unwrapBy(roots, root, wrapped, purposeData(purpose, version));
    opened.set(name, key);
    return key;
  };

  const refresh = async (): Promise<void> => {
    const found = new Map<Purpose, KeyMaterial[]>();
    for (const kept of await within(db, INSTALLATION, readVersions)) {
      const key = await open(kept);
      const { purpose, version, isActive } = kept;
      if (!key) opened.delete(`${purpose} ${version}`);
      else found.set(purpose, [...(found.get(purpose) ?? []), { version, key, isActive }]);
    }
    known = found;
  };

  await within(db, INSTALLATION, (tx) => makeMissing(tx, roots, takeOver));
  await refresh();
  const keyOf = (purpose: Purpose) => purposeKey(() => known.get(purpose) ?? NONE);
  const keys = Object.fromEntries(PURPOSE_NAMES.map((each) => [each, keyOf(each)]));
  return { keys: keys as Record<Purpose, PurposeKey>, refresh };
}

/** Returns whether the database has keys, which only their root key opens. */
export const hasKeys = (db: Db): Promise<boolean> =>
  within(db, INSTALLATION, async (tx) => (await readVersions(tx)).length > 0);

export { createRotating, type RotateResult, type Rotating } from './rotating.ts';

const NONE: readonly KeyMaterial[] = [];

/** Makes missing keys: all of them at first, or one for a purpose that a newer version added. */
async function makeMissing(tx: Tx, roots: Roots, takeOver: Buffer | null): Promise<void> {
  await lockKeys(tx);
  const isOld = takeOver !== null && (await isFromBefore(tx));
  const there = new Set((await readVersions(tx)).map((each) => each.purpose));
  for (const purpose of PURPOSE_NAMES.filter((each) => !there.has(each))) {
    const version = isOld ? 0 : 1;
    const root = await roots.current();
    const wrapped = await root.wrap(
      isOld ? takeOver : randomBytes(32),
      purposeData(purpose, version),
    );
    await insertVersion(tx, { purpose, version, wrapped, root: root.id, activeAfter: 0 });
  }
}
