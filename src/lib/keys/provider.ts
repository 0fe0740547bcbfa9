import { hkdfSync } from 'node:crypto';
import { seal, unseal } from '../envelope/seal.ts';
import { deriveSecret } from '../secrets.ts';

/**
 * The holder of the root key, which wraps the keys of all purposes: a file, a PKCS #11 token. The root key never leaves it. It is used at
 * start and when keys change, never during a request.
 */
export interface KeyProvider {
  /** The id of the root key: stored beside everything that it wrapped. Not secret. */
  readonly id: string;
  /** Wraps 32 bytes, bound to `data`. */
  wrap(key: Buffer, data: Buffer): Promise<Buffer>;
  /** @throws when this root key did not wrap it with the same data */
  unwrap(wrapped: Buffer, data: Buffer): Promise<Buffer>;
  close(): Promise<void>;
}

/** Returns the provider whose root key is 32 bytes from a file or the environment. */
export function fileProvider(key: Buffer): KeyProvider {
  const root = Buffer.from(hkdfSync('sha256', key, '', 'purpose keys', 32));
  return {
    id: `file ${deriveSecret(key, 'name of the root key').slice(0, 12)}`,
    wrap: async (clear, data) => seal(root, data, clear),
    unwrap: async (wrapped, data) => unseal(root, data, wrapped),
    close: async () => {},
  };
}
