import { briefAddress, isFile } from '../look/logo.ts';
import { isGroup, same } from './same.ts';

/** Where two values differ, a short sentence for each place: `slots.buffer 5 → 10`. */
export const leafChanges = (before: object, after: object): string[] =>
  differences(before, after).map(changeInWords);

/** A difference in few words, the same in every language: `slots.buffer 5 → 10`. */
export function changeInWords({ path, from, to }: Difference): string {
  if (path === 'position') return 'its place in the list';
  if (from === undefined) return `${path} ${shown(to)}`;
  return to === undefined ? `no ${path}` : `${path} ${shown(from)} → ${shown(to)}`;
}

/** A place where two values differ; what is undefined isn't there. */
export interface Difference {
  path: string;
  from: unknown;
  to: unknown;
}

/** Where two values differ, as deep as they are groups. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (same(before, after)) return [];
  if (!isGroup(before) || !isGroup(after)) return [{ path, from: before, to: after }];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    // The settings of a row are what the row is about; naming them would say nothing.
    const inner = path === '' ? (key === 'settings' ? '' : key) : `${path}.${key}`;
    return differences(before[key], after[key], inner);
  });
}

/** A value in few words. */
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

/** Things without a code, of which there may be two alike: those that are new and those that go. */
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
