import { readFileSync } from 'node:fs';
import { ReadableStream as NodeStream } from 'node:stream/web';
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { PlainError } from '../plain-error.ts';

/** The first bytes of an age file (C2SP age, v1), and of its text form. */
const BINARY = 'age-encryption.org/v1\n';
const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----';

export const isAge = (start: Buffer): boolean => start.toString('latin1').startsWith(BINARY);

/** Returns the recipients in a text, separated by commas or spaces. @throws PlainError when one is invalid */
export function readRecipients(text: string): string[] {
  const all = text.split(/[\s,]+/).filter((each) => each !== '');
  for (const each of all) {
    try {
      new Encrypter().addRecipient(each);
    } catch {
      throw new PlainError(
        `${each} is not an age recipient (age1…). age-keygen makes one, with the identity that opens what is encrypted to it.`,
      );
    }
  }
  return all;
}

/** Returns the identities of a file as age-keygen writes it. @throws PlainError when it has none */
export function readIdentities(path: string): string[] {
  const lines = readText(path).split(/\r?\n/);
  const all = lines.map((each) => each.trim()).filter((each) => each.startsWith('AGE-SECRET-KEY-'));
  if (all.length > 0) return all;
  throw new PlainError(`${path} has no age identity (a line that begins with AGE-SECRET-KEY-).`);
}

/** Returns the key in a file, 32 bytes: in the form of DATA_DIR, or of `key export`. @throws PlainError */
export async function readKeyExport(path: string, identities: readonly string[]): Promise<Buffer> {
  const text = readText(path).trim();
  const clear = text.startsWith(ARMOR) ? await openText(text, identities, path) : text;
  const key = Buffer.from(clear.trim(), 'base64');
  if (key.length === 32) return key;
  throw new PlainError(`${path} is not a key: 32 bytes in base64, or what key export wrote.`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new PlainError(`${path} can't be read (${code}).`);
  }
}

/** Returns a short text that only the recipients can read, as text. */
export async function sealText(recipients: readonly string[], clear: string): Promise<string> {
  return armor.encode(await encrypterTo(recipients).encrypt(clear));
}

async function openText(
  text: string,
  identities: readonly string[],
  path: string,
): Promise<string> {
  const sealed = armor.decode(text);
  return decrypterOf(identities, path)
    .decrypt(sealed, 'text')
    .catch((error: unknown) => {
      throw wordsFor(error, path);
    });
}

/** Encrypts a stream to the recipients. */
export async function* sealedTo(
  recipients: readonly string[],
  clear: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* await encrypterTo(recipients).encrypt(streamOf(clear));
}

/** Decrypts a stream. @throws PlainError when no identity opens it; `Error` when it is damaged */
export async function* openedBy(
  identities: readonly string[],
  sealed: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<Uint8Array> {
  const opening = decrypterOf(identities, path).decrypt(streamOf(sealed));
  yield* await opening.catch((error: unknown) => {
    throw wordsFor(error, path);
  });
}

/** Returns a stream with the library's types, which are a browser's. */
const streamOf = (bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> =>
  NodeStream.from(bytes) as unknown as ReadableStream<Uint8Array>;

function encrypterTo(recipients: readonly string[]): Encrypter {
  const encrypter = new Encrypter();
  for (const each of recipients) encrypter.addRecipient(each);
  return encrypter;
}

function decrypterOf(identities: readonly string[], path: string): Decrypter {
  if (identities.length === 0) {
    throw new PlainError(
      `${path} is encrypted. Give the identity that opens it: --identity FILE, as age-keygen wrote it.`,
    );
  }
  const decrypter = new Decrypter();
  for (const each of identities) decrypter.addIdentity(each);
  return decrypter;
}

function wordsFor(error: unknown, path: string): unknown {
  return error instanceof Error && /no identity matched/.test(error.message)
    ? new PlainError(
        `No identity that was given opens ${path}: it was encrypted to another recipient.`,
      )
    : error;
}
