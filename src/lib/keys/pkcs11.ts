import { createHash, randomBytes } from 'node:crypto';
import { PlainError } from '../plain-error.ts';
import { p1363ToDer } from './ecdsa.ts';
import { type Module, openModule, Pkcs11Error, type Session } from './pkcs11-module.ts';
import type { KeyProvider } from './provider.ts';
import type { Roots } from './roots.ts';
import type { Pkcs11Place } from './settings.ts';

/** The place of a root key in a hardware security module (PKCS #11, OASIS 3.0). */
export interface Pkcs11Settings {
  /** The manufacturer's library. */
  module: string;
  /** Label of the token. */
  token: string;
  pin: string;
  /** Label of the key: AES of 256 bits, made if there is none. */
  key: string;
}

const IV_BYTES = 12;

/** Returns the id of a root key: the token and the key by their labels. */
const idOf = ({ token }: Pkcs11Settings, label: string): string => `pkcs11 ${token}/${label}`;

/**
 * Returns root keys: the one in the token wraps, and those of `others` unwrap older keys. @throws PlainError when the module or the token
 * can't be used
 */
export async function pkcs11Roots(settings: Pkcs11Settings, others: Roots): Promise<Roots> {
  const module = await openModule(settings.module);
  const providerOf = (label: string, isMade: boolean): Promise<KeyProvider | null> =>
    withSession(module, settings, (session) => {
      const found = session.findKey(label);
      if (found === null && !isMade) return null;
      if (found === null) session.makeKey(label);
      return provider(module, settings, label);
    });
  return {
    async current() {
      const found = await providerOf(settings.key, true);
      if (!found) throw new Error('There is no root key');
      return found;
    },
    async find(id) {
      const prefix = idOf(settings, '');
      return id.startsWith(prefix) ? providerOf(id.slice(prefix.length), false) : others.find(id);
    },
    close: () => others.close(),
  };
}

/** Returns a provider that opens a session for each use, since a token may be taken out and put back. */
function provider(module: Module, settings: Pkcs11Settings, label: string): KeyProvider {
  const use = <T>(work: (session: Session, key: bigint) => T): Promise<T> =>
    withSession(module, settings, (session) => {
      const key = session.findKey(label);
      if (key === null)
        throw new PlainError(`The token ${settings.token} has no key called ${label} any more.`);
      return work(session, key);
    });
  return {
    id: idOf(settings, label),
    wrap: (clear, data) =>
      use((session, key) => {
        const iv = randomBytes(IV_BYTES);
        return Buffer.concat([iv, session.encrypt(key, { iv, data }, clear)]);
      }),
    unwrap: (wrapped, data) =>
      use((session, key) => {
        const iv = wrapped.subarray(0, IV_BYTES);
        return session.decrypt(key, { iv, data }, wrapped.subarray(IV_BYTES));
      }),
    close: async () => {},
  };
}

/**
 * Signs with SHA-256 by a private key that never leaves its token. ECDSA is in DER.
 * @throws PlainError when the module, the token or the key can't be used
 */
export async function signWithToken(
  place: Pkcs11Place,
  label: string,
  kind: 'rsa' | 'ec',
  data: Buffer,
): Promise<Buffer> {
  const module = await openModule(place.module);
  return withSession(module, place, (session) => {
    const key = session.findPrivateKey(label);
    if (key === null)
      throw new PlainError(`The token ${place.token} has no private key called ${label}.`);
    if (kind === 'rsa') return session.sign(key, 'rsaWithSha256', data);
    return p1363ToDer(session.sign(key, 'ecdsa', createHash('sha256').update(data).digest()));
  });
}

async function withSession<T>(
  module: Module,
  { token, pin }: Pkcs11Place,
  work: (session: Session) => T,
): Promise<T> {
  try {
    const slot = module.findToken(token);
    if (slot === null) {
      throw new PlainError(
        `PKCS11_TOKEN names ${token}, and the module finds no such token. It finds: ${module.tokens().join(', ') || 'none'}.`,
      );
    }
    const session = module.openSession(slot, pin);
    try {
      return work(session);
    } finally {
      session.close();
    }
  } catch (error) {
    throw error instanceof Pkcs11Error ? new PlainError(wordsFor(error)) : error;
  }
}

/** Error codes of PKCS #11, 5.1.6 and 11.1. */
const WORDS: Record<number, string> = {
  49: 'the token broke off: is it still there?',
  64: 'what was to be unwrapped was changed, or another key wrapped it',
  65: 'what was to be unwrapped was changed, or another key wrapped it',
  160: 'PKCS11_PIN is not its PIN. Mind that a token locks itself after a few tries',
  164: 'its PIN is locked: its security officer must set another',
  224: 'it is not there',
  225: 'it is not a token that the module knows',
};

function wordsFor({ call, code }: Pkcs11Error): string {
  const words = WORDS[code] ?? `${call} failed with 0x${code.toString(16)}`;
  return `The PKCS #11 token can't be used: ${words}.`;
}
