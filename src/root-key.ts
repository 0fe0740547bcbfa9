import type { Config } from './config.ts';
import { isAnyBooked } from './features/appointments/service.ts';
import { hasKeys, openPurposeKeys, type PurposeKeys } from './features/purpose-keys/service.ts';
import type { Bell } from './lib/bell.ts';
import type { Db } from './lib/db/database.ts';
import { fileRoots, type Roots } from './lib/keys/roots.ts';
import { PlainError } from './lib/plain-error.ts';
import { keyFile, makeKeyFile, readKeyFiles } from './lib/secrets.ts';

/** The root key, and the keys of all purposes that it wraps. */
export interface OpenedKeys extends PurposeKeys {
  roots: Roots;
}

/**
 * Opens the keys of an installation.
 * @throws PlainError where the root key is not here, or can't be kept
 */
export async function openKeys(config: Config, db: Db): Promise<OpenedKeys> {
  const read = rootKeysOf(config);
  const isThere = read().length > 0;
  if (!isThere) await makeRootKey(config, db);
  const roots = fileRoots(read);
  const takeOver = read()[0] ?? null;
  return { ...(await openPurposeKeys({ db, roots, takeOver })), roots };
}

/** Returns how to read the root keys that are here: the first is the one in use. */
function rootKeysOf({ installationKey, dataDir }: Config): () => Buffer[] {
  if (installationKey) {
    const given = [Buffer.from(installationKey, 'base64')];
    return () => given;
  }
  return () => readKeyFiles(dataDir);
}

/** @throws PlainError where keys are in use that only the missing root key opens */
async function makeRootKey({ dataDir }: Config, db: Db): Promise<void> {
  if ((await hasKeys(db)) || (await isAnyBooked(db))) {
    throw new PlainError(
      `The database has keys that ${keyFile(dataDir)} wraps, but that file isn't there: without it no link that was sent, no ` +
        'second factor of staff and no document opens. Put the file back from where you keep it, or set INSTALLATION_KEY.',
    );
  }
  try {
    makeKeyFile(dataDir);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new PlainError(
      code
        ? `The installation's key can't be kept in DATA_DIR (${code}): ${dataDir} must be a folder that this user can write.`
        : message,
    );
  }
}

/** The topic under which processes tell each other that keys have changed. */
const TOPIC = 'keys';
const READ_EVERY_MS = 10_000;

/** Tells every process that keys have changed. */
export const tellOfKeys = (bell: Bell): void => bell.ringSoftly(0, TOPIC);

/**
 * Reads the keys again when another process changes them, and now and then where that was not heard.
 * @returns how to end it
 */
export function followKeys(
  { refresh }: PurposeKeys,
  bell: Bell,
  onUnread: (error: unknown) => void,
): () => void {
  const read = () => void refresh().catch(onUnread);
  const timer = setInterval(read, READ_EVERY_MS);
  timer.unref();
  const stopHearing = bell.hearSoftly((_, about) => {
    if (about === TOPIC) read();
  });
  return () => {
    clearInterval(timer);
    stopHearing();
  };
}
