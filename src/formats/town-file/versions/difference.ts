import { same } from '../changes/same.ts';
import type { Leaves } from './leaves.ts';

/** One value of a declaration that was replaced. A missing `from` or `to`: there was none, or there is none any more. */
export interface Replaced {
  path: string;
  from?: unknown;
  to?: unknown;
}

/** Returns what must be replaced in the first declaration to have the second. */
export function differenceOf(before: Leaves, after: Leaves): Replaced[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].flatMap((path) => {
    const [from, to] = [before.get(path), after.get(path)];
    if (same(from, to)) return [];
    return { path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  });
}

/** Returns the declaration after these replacements, whatever it had there. */
export function applied(leaves: Leaves, difference: readonly Replaced[]): Leaves {
  const result = new Map(leaves);
  for (const { path, to } of difference) {
    if (to === undefined) result.delete(path);
    else result.set(path, to);
  }
  return result;
}

/** Returns the replacements that take these back, the last one first. */
export const reverse = (difference: readonly Replaced[]): Replaced[] =>
  difference
    .map(({ path, from, to }) => ({
      path,
      ...(to !== undefined && { from: to }),
      ...(from !== undefined && { to: from }),
    }))
    .reverse();

/** Returns the declaration before these replacements. */
export const reverted = (leaves: Leaves, difference: readonly Replaced[]): Leaves =>
  applied(leaves, reverse(difference));

/** Returns the replacements whose value has been changed again since. */
export const changedSince = (leaves: Leaves, difference: readonly Replaced[]): Replaced[] =>
  difference.filter(({ path, to }) => !same(leaves.get(path), to));
