/**
 * Where sealed bytes lie: a disk, or a store that speaks S3. Nothing clear is ever given to it, and no name says whose
 * something is. A blob is written once, whole, and never changed.
 */
export interface Blobs {
  /** Keeps it, for good once this is done: a crash leaves it whole or not there. @throws NoBlobs */
  put(name: string, bytes: Buffer): Promise<void>;
  /** Null: it isn't there. @throws NoBlobs */
  get(name: string): Promise<Buffer | null>;
  /** What isn't there is no mistake. @throws NoBlobs */
  remove(names: readonly string[]): Promise<void>;
  /** The names of everything that is there, what a crash left unfinished too, in no order. @throws NoBlobs */
  list(): AsyncIterable<string>;
}

/** Nothing can be kept or read now. `full`: there is no room left. */
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
