import type { Replaced } from './difference.ts';
import { ORDER } from './leaves.ts';

/**
 * One change that a person would name: a thing that was added or removed, another order, or one value. `paths`: everything that it
 * replaced, so that it can be taken back.
 */
export interface Change {
  kind: 'added' | 'removed' | 'order' | 'value';
  /** The path of the thing, of the list, or of the value. */
  path: string;
  paths: readonly string[];
  from?: unknown;
  to?: unknown;
}

/** Returns the changes of a difference. Everything of an added or a removed thing is one change. */
export function changesIn(difference: readonly Replaced[]): Change[] {
  const things = difference.flatMap(membersChanged);
  const outer = things.filter(
    ({ path }) => !things.some((other) => path.startsWith(`${other.path}.`)),
  );
  const isOf = (path: string, thing: string) => path === thing || path.startsWith(`${thing}.`);
  const inThing = (path: string) => outer.some((each) => isOf(path, each.path));
  const listed = new Set(outer.map(({ list }) => list));
  const whole = outer.map(({ kind, path, list }): Change => {
    const below = difference.filter((each) => isOf(each.path, path));
    return { kind, path, paths: [...below.map((each) => each.path), list] };
  });
  const rest = difference.flatMap((each): Change[] => {
    if (inThing(each.path) || listed.has(each.path)) return [];
    const isOrder = each.path.endsWith(`.${ORDER}`);
    const path = isOrder ? listOf(each.path) : each.path;
    return [{ ...each, kind: isOrder ? 'order' : 'value', path, paths: [each.path] }];
  });
  return [...whole, ...rest];
}

const listOf = (path: string): string => path.slice(0, -ORDER.length - 1);

/** Returns the things that a list has gained and lost. */
function membersChanged({ path, from, to }: Replaced) {
  if (!path.endsWith(`.${ORDER}`)) return [];
  const [before, after] = [from, to].map((each) => (Array.isArray(each) ? each.map(String) : []));
  const thing = (kind: 'added' | 'removed') => (code: string) => ({
    ...{ kind, list: path },
    path: `${listOf(path)}.${code}`,
  });
  return [
    ...(after ?? []).filter((each) => !before?.includes(each)).map(thing('added')),
    ...(before ?? []).filter((each) => !after?.includes(each)).map(thing('removed')),
  ];
}
