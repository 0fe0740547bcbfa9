import { briefAddress, isFile } from '../look/logo.ts';
import { isGroup, same } from './same.ts';

/** Returns a short sentence for each place where two values differ: `slots.buffer 5 → 10`. */
export const leafChanges = (before: object, after: object): string[] =>
  differences(before, after).map(changeInWords);

/** Returns a difference in few words, the same in every language: `slots.buffer 5 → 10`. */
export function changeInWords({ path, from, to }: Difference): string {
  if (path === 'position') return 'its place in the list';
  if (from === undefined) return `${path} ${shown(to)}`;
  return to === undefined ? `no ${path}` : `${path} ${shown(from)} → ${shown(to)}`;
}

/** A place where two values differ; a value that is undefined is absent. */
export interface Difference {
  path: string;
  from: unknown;
  to: unknown;
}

/** Returns the places where two values differ, at any depth of groups. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (same(before, after)) return [];
  if (!isGroup(before) || !isGroup(after)) return [{ path, from: before, to: after }];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    // The key `settings` is left out of the path: it would add no information.
    const inner = path === '' ? (key === 'settings' ? '' : key) : `${path}.${key}`;
    return differences(before[key], after[key], inner);
  });
}

/** Returns a value in few words. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) {
    const plain = value.every((each) => typeof each !== 'object');
    return plain && value.length <= 6 ? `[${value.join(', ')}]` : `a list of ${value.length}`;
  }
  if (isGroup(value)) return 'set';
  if (typeof value === 'string' && isFile(value)) return briefAddress(value);
  const text = String(value).replaceAll(/\s+/g, ' ');
  return text.length > 40 ? `“${text.slice(0, 40)}…”` : text;
}

/** Returns the added and removed rows of a list without codes, which may hold equal rows. */
export function rowChanges<T>(
  what: string,
  current: readonly T[],
  wanted: readonly T[],
  words: (row: T) => string,
): string[] {
  const left = [...current];
  const added: T[] = [];
  for (const row of wanted) {
    const index = left.findIndex((each) => same(each, row));
    if (index < 0) added.push(row);
    else left.splice(index, 1);
  }
  return [
    ...added.map((row) => `new ${what} ${words(row)}`),
    ...left.map((row) => `no more ${what} ${words(row)}`),
  ];
}
