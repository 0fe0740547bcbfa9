import { existsSync } from 'node:fs';
import type { Config } from './config.ts';
import { isAnyBooked } from './features/booking/appointments/service.ts';
import {
  hasKeys,
  openPurposeKeys,
  type PurposeKeys,
  type Rotating,
} from './features/foundation/purpose-keys/service.ts';
import type { Db } from './lib/db/database.ts';
import { pkcs11Roots } from './lib/keys/pkcs11.ts';
import { fileProvider } from './lib/keys/provider.ts';
import { fileRoots, type Roots } from './lib/keys/roots.ts';
import type { Notifier } from './lib/notifier.ts';
import { PlainError } from './lib/plain-error.ts';
import {
  keepNextKey,
  keyFile,
  makeKeyFile,
  nextKeyFile,
  readKeyFiles,
  useNextKey,
} from './lib/secrets.ts';

/** The root key, and the keys of all purposes that it wraps. */
export interface OpenedKeys extends PurposeKeys {
  roots: Roots;
}

/** Opens the keys of an installation. @throws PlainError when the root key is missing, or can't be stored */
export async function openKeys(config: Config, db: Db): Promise<OpenedKeys> {
  const read = rootKeysOf(config);
  if (read().length === 0) await demandNew(config, db);
  if (read().length === 0 && !config.pkcs11) makeRootKey(config);
  const roots = await openRoots(config);
  const takeOver = read()[0] ?? null;
  return { ...(await openPurposeKeys({ db, roots, takeOver })), roots };
}

/** Returns the root keys of this machine. */
export async function openRoots(config: Config): Promise<Roots> {
  const files = fileRoots(rootKeysOf(config));
  return config.pkcs11 ? pkcs11Roots(config.pkcs11, files) : files;
}

/** Returns the function that reads the available root keys: the first is the current one. */
export function rootKeysOf({
  installationKey,
  installationKeyNext,
  dataDir,
}: Config): () => Buffer[] {
  if (installationKey) {
    const given = [installationKey, installationKeyNext]
      .filter((each) => each !== null)
      .map((each) => Buffer.from(each, 'base64'));
    return () => given;
  }
  return () => readKeyFiles(dataDir);
}

/** @throws PlainError when the database uses keys that only the missing file opens */
async function demandNew({ dataDir, pkcs11 }: Config, db: Db): Promise<void> {
  const isInUse = (await hasKeys(db)) ? !pkcs11 : await isAnyBooked(db);
  if (isInUse) {
    throw new PlainError(
      `The database has keys that ${keyFile(dataDir)} wraps, but that file isn't there: without it no link that was sent, no ` +
        'second factor of staff and no document opens. Put the file back from where you keep it, or set INSTALLATION_KEY or KEY_PROVIDER as they were.',
    );
  }
}

/** @throws PlainError when the folder can't be written */
function makeRootKey({ dataDir }: Config): void {
  try {
    makeKeyFile(dataDir);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new PlainError(
      code
        ? `The root key can't be kept in DATA_DIR (${code}): ${dataDir} must be a folder that this user can write.`
        : message,
    );
  }
}

/**
 * Wraps the keys of all purposes with another root key: the one in the environment, or a new one in DATA_DIR that replaces the existing
 * one. It can be interrupted and repeated. @returns the root key's id, and the number of keys that it wrapped
 */
export async function rotateRoot(
  config: Config,
  roots: Roots,
  rotating: Rotating,
): Promise<{ id: string; wrapped: number }> {
  const { installationKeyNext } = config;
  if (installationKeyNext) {
    const next = fileProvider(Buffer.from(installationKeyNext, 'base64'));
    return { id: next.id, wrapped: await rotating.moveTo(next) };
  }
  const named = await roots.current();
  const kept = (await rotating.status()).filter((each) => each.wrapped);
  const isMove = kept.some((each) => each.root !== named.id);
  if (isMove && !isInterrupted(config)) {
    return { id: named.id, wrapped: await rotating.moveTo(named) };
  }
  if (config.pkcs11) {
    throw new PlainError(
      `All keys are wrapped by ${named.id} already. For another key in the token, give PKCS11_KEY another label and start every process again.`,
    );
  }
  if (config.installationKey) {
    throw new PlainError(
      'INSTALLATION_KEY holds the root key, so only you can replace it: set INSTALLATION_KEY_NEXT to 32 random bytes in base64 ' +
        'for every process and start them again, then run this command again.',
    );
  }
  const next = fileProvider(keepNextKey(config.dataDir));
  const wrapped = await rotating.moveTo(next);
  useNextKey(config.dataDir);
  return { id: next.id, wrapped };
}

/** Returns whether a rotation of the key in DATA_DIR was interrupted. */
const isInterrupted = ({ installationKey, pkcs11, dataDir }: Config): boolean =>
  !installationKey && !pkcs11 && existsSync(nextKeyFile(dataDir));

/** The topic of notifications between processes about changed keys. */
const TOPIC = 'keys';
/** Less than `ACTIVE_AFTER_SECONDS`: a new version is known everywhere before it is used. */
const READ_EVERY_MS = 20_000;

/** Notifies every process that keys have changed. */
export const tellOfKeys = (notifier: Notifier): void => notifier.notifyTopic(0, TOPIC);

/**
 * Reads the keys again when another process changes them, and regularly in case the notification was lost. @returns the function that ends
 * it
 */
export function followKeys(
  { refresh }: PurposeKeys,
  notifier: Notifier,
  onUnread: (error: unknown) => void,
): () => void {
  const read = () => void refresh().catch(onUnread);
  const timer = setInterval(read, READ_EVERY_MS);
  timer.unref();
  const stopListening = notifier.listenToTopics((_, about) => {
    if (about === TOPIC) read();
  });
  return () => {
    clearInterval(timer);
    stopListening();
  };
}
