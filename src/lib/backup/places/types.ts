/** A file that is read as a stream, as often as needed. */
export interface BackupSource {
  /** What the operator calls it, for messages. */
  name: string;
  /** Reads it from its beginning. Errors are those of the disk or of the store. */
  open(): AsyncIterable<Uint8Array>;
}

/** A file of a place. */
export interface KeptFile {
  name: string;
  /** Its size in bytes. */
  bytes: number;
}

/** Where scheduled backups are kept: a folder, or a bucket. Names have no slash. */
export interface BackupPlace {
  /** What the operator calls it, without credentials. */
  words: string;
  /** Keeps a file completely or not at all. @throws BackupError when the place refuses it */
  write(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  read(name: string): BackupSource;
  /** Returns the files that are there, without unfinished ones. @throws BackupError */
  list(): Promise<KeptFile[]>;
  /** Removes files; missing ones are no error. @throws BackupError */
  remove(names: readonly string[]): Promise<void>;
  /** Removes what writers of such names that were killed left behind. Only one process may write when it is called. */
  tidy(isOurs: (name: string) => boolean): Promise<void>;
}
