import type { OfficeState, TownState } from '../../../domain/office/state.ts';
import {
  differenceOf,
  type Replaced,
  reverted,
} from '../../../formats/town-file/versions/difference.ts';
import { type Leaves, leavesOf } from '../../../formats/town-file/versions/leaves.ts';
import type { VersionKind } from '../../../formats/town-file/versions/older.ts';
import { takenBack } from '../../../formats/town-file/versions/taking-back.ts';
import { fullOffice } from '../../../formats/town-file/writing/written.ts';
import { actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { insertVersion } from './store.ts';
import type { History, Reverting } from './types.ts';

/** An office's state, and the town from which it inherits. */
export interface Declared {
  state: OfficeState;
  town: TownState['town'];
}

/** Returns what versions keep of a declaration. */
export const declaredLeaves = ({ state, town }: Declared): Leaves =>
  leavesOf(fullOffice(state, town));

/** What is said of a new version. */
export interface Kept {
  kind: VersionKind;
  backTo?: number | undefined;
  stillRight?: readonly string[];
}

/** Adds a version with the difference of two declarations. Returns its number; null when it would hold nothing. */
export async function keepVersion(
  unit: Pick<Unit, 'tx' | 'viewer' | 'now'>,
  office: number,
  change: { before: Declared | null; after: Declared },
  { kind, backTo, stillRight = [] }: Kept,
): Promise<number | null> {
  const after = declaredLeaves(change.after);
  const difference = change.before ? differenceOf(declaredLeaves(change.before), after) : [];
  if (difference.length + stillRight.length === 0 && kind !== 'first') return null;
  return insertVersion(unit, office, {
    at: unit.now,
    actor: actorOf(unit.viewer),
    kind: difference.length === 0 && kind === 'edited' ? 'still_right' : kind,
    backTo: backTo ?? null,
    difference,
    stillRight,
  });
}

/**
 * Returns the replacements that take a part of a version back, or everything since it; null when there is no such version, or no such
 * change in it.
 */
export function takingBack(
  { versions, leaves }: History,
  { version, paths }: Reverting,
): Replaced[] | null {
  const found = versions.find(({ number }) => number === version);
  if (!found) return null;
  const then = declarationAt({ versions, leaves }, version);
  if (paths === 'all_since') return differenceOf(leaves, then);
  return takenBack(found.difference, paths, { leaves, then });
}

/** Returns the declaration as it was right after a version. */
export function declarationAt({ versions, leaves }: History, version: number): Leaves {
  return versions
    .filter(({ number }) => number > version)
    .reduceRight((now, { difference }) => reverted(now, difference), leaves);
}
