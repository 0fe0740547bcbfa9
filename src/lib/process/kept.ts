/**
 * What was made once, for others who ask for the same: packed pages, free times. Each is found by all that it follows from, so it needs no end: what has
 * changed has another key. What was unused longest makes room when others come. It is shared, so nobody may change it.
 */
export interface Kept<T> {
  /** Returns what has this key, and makes it where it isn't kept. */
  get(key: string, make: () => T): T;
}

/** Keeps as many bytes as given, keys included. `sizeOf`: the bytes of one. */
export function keeping<T>(mostBytes: number, sizeOf: (made: T) => number): Kept<T> {
  const kept = new Map<string, { made: T; bytes: number }>();
  let bytes = 0;
  const drop = (key: string) => {
    bytes -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  const keep = (key: string, made: T) => {
    const own = { made, bytes: 2 * key.length + sizeOf(made) };
    kept.set(key, own);
    bytes += own.bytes;
    for (const oldest of kept.keys()) {
      if (bytes <= mostBytes) break;
      drop(oldest);
    }
    return made;
  };
  return {
    get: (key, make) => {
      const known = kept.get(key);
      if (!known) return keep(key, make());
      // A map is in the order in which its keys were put in.
      kept.delete(key);
      kept.set(key, known);
      return known.made;
    },
  };
}

const names = new WeakMap<object, number>();
let named = 0;

/** Returns a number that no other object has: a town and an office are other objects at each revision. */
export function nameOf(it: object): number {
  const known = names.get(it) ?? ++named;
  names.set(it, known);
  return known;
}
