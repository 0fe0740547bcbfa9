/**
 * Pages as they were sent, packed, for others who ask for the same: pages that say the same to everybody. What may not be kept (`sendPage`) never
 * gets here. Each is found by all that its content follows from, so it needs no end: a page of what has changed is not asked for any more, and makes
 * room when others come.
 */
export interface KeptPages {
  /** Returns the page with this key, and makes it where it isn't kept. */
  get(key: string, make: () => Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
}

/** Keeps as many bytes as given, keys included, the longest unused page leaving first. */
export function keptPages(mostBytes: number): KeptPages {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  let bytes = 0;
  const drop = (key: string) => {
    const page = kept.get(key);
    if (page) bytes -= sizeOf(key, page);
    kept.delete(key);
  };
  return {
    get: (key, make) => {
      const known = kept.get(key);
      const page = known ?? make();
      // A map is in the order in which its keys were put in.
      drop(key);
      kept.set(key, page);
      bytes += sizeOf(key, page);
      for (const oldest of kept.keys()) {
        if (bytes <= mostBytes) break;
        drop(oldest);
      }
      return page;
    },
  };
}

const sizeOf = (key: string, page: Uint8Array): number => 2 * key.length + page.length;

const names = new WeakMap<object, number>();
let named = 0;

/** Returns a number that no other object has: a town and an office are other objects at each revision. */
export function nameOf(it: object): number {
  const known = names.get(it) ?? ++named;
  names.set(it, known);
  return known;
}
