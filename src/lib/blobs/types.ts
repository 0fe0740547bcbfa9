/**
 * The store of sealed bytes: a disk, or an S3 store. It gets no plain data, and names don't show an owner. A blob is written once, whole,
 * and never changed.
 */
export interface Blobs {
  /** Stores a blob durably: after a crash it is whole or absent. The bytes may change once it is done. @throws NoBlobs */
  put(name: string, bytes: Buffer): Promise<void>;
  /** Returns a blob; null: it doesn't exist. @throws NoBlobs */
  get(name: string): Promise<Buffer | null>;
  /** Removes blobs; missing ones are no error. @throws NoBlobs */
  remove(names: readonly string[]): Promise<void>;
  /** Yields the names of all blobs, unfinished ones of a crash included, in no order. @throws NoBlobs */
  list(): AsyncIterable<string>;
}

/** The store can't be used now. `full`: it has no room left. */
export class NoBlobs extends Error {
  override name = 'NoBlobs';
  readonly why: 'full' | 'away';
  constructor(why: 'full' | 'away', cause: unknown) {
    super(`Documents can't be kept or read now (${codeOf(cause)})`, { cause });
    this.why = why;
  }
}

const codeOf = (cause: unknown): string =>
  String((cause as { code?: unknown } | null)?.code ?? (cause as Error | null)?.name);
