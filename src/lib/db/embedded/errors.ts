import { PlainError } from '../../plain-error.ts';

/** The embedded database can't run here; the message gives reason and remedy in plain words. */
export class EmbeddedDatabaseError extends PlainError {
  override name = 'EmbeddedDatabaseError';
}

/** The address of the embedded database: `host` is the socket's folder. */
export interface EmbeddedPlace {
  host: string;
  port: number;
}

/** A login of the embedded database, in the form of `pg`. */
export interface EmbeddedConnection extends EmbeddedPlace {
  user: string;
  password: string;
  database: string;
}

/** Another process has this data folder open. One folder serves one process at a time. */
export class DataFolderInUse extends EmbeddedDatabaseError {
  override name = 'DataFolderInUse';
  /** The process that holds it, if known. */
  readonly pid: number | null;

  constructor(dataDir: string, pid: number | null, what = 'Finestreta') {
    const who = pid === null ? 'Another process' : `${what} (process ${pid})`;
    super(
      `${who} is already using the data folder ${dataDir}. ` +
        'Stop it first (Ctrl-C in its terminal' +
        (pid === null ? ')' : `, or "kill ${pid}")`) +
        ', or start this one with another folder: DATA_DIR=/another/folder.',
    );
    this.pid = pid;
  }
}

/** Returns whether a message of the system or of PostgreSQL means that there is no space left. */
export const isDiskFull = (text: string): boolean =>
  /ENOSPC|No space left on device|EDQUOT|quota exceeded/i.test(text);

/** Returns a plain error about `place` for a message of the system or of PostgreSQL. */
export function explain(text: string, place: string, doing: string): EmbeddedDatabaseError {
  if (isDiskFull(text)) {
    return new EmbeddedDatabaseError(
      `The disk is full: ${doing} in ${place} needs about 100 MB. ` +
        'Free some space, or set DATA_DIR to a folder on another disk.',
    );
  }
  if (/EROFS|Read-only file system/i.test(text)) {
    return new EmbeddedDatabaseError(
      `${place} is on a read-only disk. Set DATA_DIR to a folder that can be written.`,
    );
  }
  if (/EACCES|EPERM|Permission denied|Operation not permitted/i.test(text)) {
    return new EmbeddedDatabaseError(
      `No permission to write in ${place} while ${doing}. Give this user the folder, ` +
        `or set DATA_DIR to one that it can write.\n${text.trim()}`,
    );
  }
  return new EmbeddedDatabaseError(`The embedded database failed while ${doing}:\n${text.trim()}`);
}
