import { fileProvider, type KeyProvider } from './provider.ts';

/** The root keys that this process can use. */
export interface Roots {
  /** Returns the one that wraps. */
  current(): Promise<KeyProvider>;
  /** Returns the one with this id; null: it is not available. */
  find(id: string): Promise<KeyProvider | null>;
  close(): Promise<void>;
}

/** Returns the roots of these keys: the first wraps, the others only unwrap. They are read each time, since a file may have changed. */
export function fileRoots(read: () => readonly Buffer[]): Roots {
  const all = () => read().map(fileProvider);
  return {
    current: async () => {
      const [first] = all();
      if (!first) throw new Error('There is no root key');
      return first;
    },
    find: async (id) => all().find((each) => each.id === id) ?? null,
    close: async () => {},
  };
}
