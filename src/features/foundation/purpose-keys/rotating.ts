import { randomBytes } from 'node:crypto';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import type { KeyProvider } from '../../../lib/keys/provider.ts';
import { PURPOSES, type Purpose } from '../../../lib/keys/purposes.ts';
import type { Roots } from '../../../lib/keys/roots.ts';
import { OPERATOR } from '../../../lib/viewer.ts';
import type { InstallationUnit, RunUnit } from '../audit/service.ts';
import { ACTIVE_AFTER_SECONDS, endingWith, keptSeconds, whyNotRotate } from './rules.ts';
import { endVersions, insertVersion, lockKeys, rewrapVersion } from './store.ts';
import type { KeptVersion } from './types.ts';
import { readNow, readOfficeIds, readVersions } from './views.ts';
import { purposeData, unwrapBy } from './wrapping.ts';

export type RotateResult =
  | { ok: true; version: number; ended: number[]; activeAfter: number }
  /** `pending`: the newest version is not in use yet; `too_soon`: data derived from the version before may still be in transit. */
  | { ok: false; reason: 'pending' | 'too_soon' };

/** Changes keys while processes use them. Each change is recorded on the audit trail of every office. */
export interface Rotating {
  /** Returns every version, including ended ones. */
  status(): Promise<KeptVersion[]>;
  /** Gives a purpose a new key. `isCompromised`: another person may have the old key, so the change takes effect at once. */
  rotate(purpose: Purpose, how: { isCompromised: boolean }): Promise<RotateResult>;
  /** Ends all versions before the newest that is in use. Returns the ended versions. */
  retire(purpose: Purpose): Promise<number[]>;
  /**
   * Ends the earlier versions of a sealing key, some time after another is in use. The caller has checked that nothing is sealed by
   * them. `isAtOnce`: they are compromised. Returns the ended versions.
   */
  endUnused(purpose: Purpose, how?: { isAtOnce?: boolean }): Promise<number[]>;
  /** Wraps the keys of all purposes by another root key, all or none. Returns the number of wrapped keys. */
  moveTo(root: KeyProvider): Promise<number>;
}

export interface RotatingDeps {
  db: Db;
  roots: Roots;
  unit: RunUnit;
  /** Reads the keys again, here and in other processes. */
  changed(): Promise<void>;
}

export function createRotating(deps: RotatingDeps): Rotating {
  const { db, roots } = deps;
  return {
    status: () => within(db, INSTALLATION, readVersions),

    rotate: (purpose, { isCompromised }) =>
      change(deps, (unit, kept) => rotate(roots, unit, kept, purpose, isCompromised)),

    retire: (purpose) =>
      change(deps, (unit, kept) => end(unit, purpose, versionsOf(before(purpose, kept)))),

    async endUnused(purpose, { isAtOnce = false } = {}) {
      const known = await within(db, INSTALLATION, readVersions);
      const kept = known.filter((each) => each.wrapped);
      const isNone = before(purpose, kept).length === 0;
      if (isNone || PURPOSES[purpose].lasting !== 'wrapped') return [];
      return change(deps, (unit, current) => endUnused(unit, current, purpose, isAtOnce));
    },

    moveTo: (root) => change(deps, (unit, kept) => moveTo(roots, unit, kept, root)),
  };
}

/** Runs a change of the valid versions, which are locked meanwhile. */
async function change<T>(
  { unit, changed }: Pick<RotatingDeps, 'unit' | 'changed'>,
  work: (unit: InstallationUnit, kept: KeptVersion[]) => Promise<T>,
): Promise<T> {
  const result = await unit.installation(OPERATOR, async (each) => {
    await lockKeys(each.tx);
    const all = await readVersions(each.tx);
    return work(
      each,
      all.filter((version) => version.wrapped),
    );
  });
  await changed();
  return result;
}

async function tell(
  { tx, recordIn }: InstallationUnit,
  action: 'key_rotated' | 'key_retired',
  data: Record<string, unknown>,
): Promise<void> {
  for (const office of await readOfficeIds(tx)) await recordIn(office, action, { data });
}

async function end(
  unit: InstallationUnit,
  purpose: Purpose,
  versions: number[],
): Promise<number[]> {
  await endVersions(unit.tx, purpose, versions);
  if (versions.length > 0) await tell(unit, 'key_retired', { purpose, versions });
  return versions;
}

async function rotate(
  roots: Roots,
  unit: InstallationUnit,
  kept: KeptVersion[],
  purpose: Purpose,
  isCompromised: boolean,
): Promise<RotateResult> {
  const { tx } = unit;
  const versions = kept.filter((each) => each.purpose === purpose);
  const reason = isCompromised ? null : whyNotRotate(purpose, versions, await readNow(tx));
  if (reason) return { ok: false, reason };
  const version = (versions.at(-1)?.version ?? 0) + 1;
  const root = await roots.current();
  const wrapped = await root.wrap(randomBytes(32), purposeData(purpose, version));
  const activeAfter = isCompromised ? 0 : ACTIVE_AFTER_SECONDS;
  await insertVersion(tx, { purpose, version, wrapped, root: root.id, activeAfter });
  await tell(unit, 'key_rotated', { purpose, version, compromised: isCompromised });
  const ended = await end(unit, purpose, endingWith(purpose, versions, isCompromised));
  return { ok: true, version, ended, activeAfter };
}

async function endUnused(
  unit: InstallationUnit,
  kept: KeptVersion[],
  purpose: Purpose,
  isAtOnce: boolean,
): Promise<number[]> {
  const newest = newestInUse(purpose, kept);
  const age = newest ? (await readNow(unit.tx)).since(newest.activeAt).total('seconds') : 0;
  if (!isAtOnce && age < keptSeconds(purpose)) return [];
  return end(unit, purpose, versionsOf(before(purpose, kept)));
}

async function moveTo(
  roots: Roots,
  unit: InstallationUnit,
  kept: KeptVersion[],
  root: KeyProvider,
): Promise<number> {
  const others = kept.filter((each) => each.root !== root.id);
  for (const { purpose, version, wrapped, root: from } of others) {
    const data = purposeData(purpose, version);
    const key = await unwrapBy(roots, from ?? '', wrapped ?? Buffer.alloc(0), data);
    const anew = { wrapped: await root.wrap(key, data), root: root.id };
    await rewrapVersion(unit.tx, { purpose, version }, anew);
  }
  if (others.length > 0)
    await tell(unit, 'key_rotated', { purpose: 'installation', root: root.id });
  return others.length;
}

const versionsOf = (kept: readonly KeptVersion[]): number[] => kept.map((each) => each.version);

const newestInUse = (purpose: Purpose, kept: readonly KeptVersion[]): KeptVersion | undefined =>
  kept.findLast((each) => each.purpose === purpose && each.isActive);

/** Returns the versions before the newest that is in use. */
const before = (purpose: Purpose, kept: readonly KeptVersion[]): KeptVersion[] => {
  const newest = newestInUse(purpose, kept)?.version ?? 0;
  return kept.filter((each) => each.purpose === purpose && each.version < newest);
};
