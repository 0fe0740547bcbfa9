import type { Blobs } from '../types.ts';

/** Blobs that a test can read and damage. */
export interface OpenBlobs extends Blobs {
  all: Map<string, Buffer>;
}

export function memoryBlobs(all = new Map<string, Buffer>()): OpenBlobs {
  return {
    all,
    put: async (name, bytes) => {
      all.set(name, Buffer.from(bytes));
    },
    get: async (name) => all.get(name) ?? null,
    remove: async (names) => {
      for (const each of names) all.delete(each);
    },
    async *list() {
      yield* [...all.keys()];
    },
  };
}
