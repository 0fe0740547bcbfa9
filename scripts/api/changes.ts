/** A part of an OpenAPI document or of a JSON Schema, as JSON has it. */
export type Node = { [key: string]: Json };
export type Json = string | number | boolean | null | Json[] | Node;

/**
 * `breaking`: a client that was written for the old document may fail. `addition`: a client can use something new.
 * `compatible`: the document changed, and clients need not care.
 */
export type Weight = 'breaking' | 'addition' | 'compatible';

export interface Change {
  weight: Weight;
  /**
   * The changed part: an operation (`POST /offices/{office}/holds`) or a schema (`Hold`), then the path
   * to the part.
   */
  at: string[];
  /** The change, such as `is gone`. */
  what: string;
}

/** Returns the name that a changelog entry uses for it, such as `Hold.expiresAt`. */
export const nameOf = ({ at }: Pick<Change, 'at'>): string => at.join('.');

export const isNode = (value: Json | undefined): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const nodeOf = (value: Json | undefined): Node => (isNode(value) ? value : {});

export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** Returns the values that only one side has, and those of both. */
export function sides<T>(before: Iterable<T>, after: Iterable<T>) {
  const old = new Set(before);
  const now = new Set(after);
  return {
    gone: [...old].filter((each) => !now.has(each)),
    added: [...now].filter((each) => !old.has(each)),
    both: [...old].filter((each) => now.has(each)),
  };
}

/** Whether two values are the same JSON, in whatever order their keys are. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, index) => isSame(each, b[index]));
  if (isNode(a) && isNode(b)) {
    const { gone, added, both } = sides(Object.keys(a), Object.keys(b));
    return gone.length + added.length === 0 && both.every((key) => isSame(a[key], b[key]));
  }
  return a === b;
}
