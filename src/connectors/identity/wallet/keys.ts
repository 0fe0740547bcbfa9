import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { refuse } from './refusal.ts';

/** The ways on which an answer comes: posted by the wallet itself, or handed to our page by the browser. */
export const WAYS = ['direct', 'browser'] as const;
export type Way = (typeof WAYS)[number];

/** A key for which a wallet encrypts its answer. */
export interface AnswerKey {
  way: Way;
  private: KeyObject;
  /** As the request has it, a JWK. */
  public: Readonly<Record<string, unknown>> & { kid: string };
  /** SHA-256 of the key (RFC 7638). */
  thumbprint: Buffer;
}

/**
 * Returns new keys for the answer, as text that must be kept sealed. Each way has its own, so that an answer that was made for one is never
 * read as one of the other: they are bound to us in different ways.
 */
export const newKeys = (): string =>
  JSON.stringify(
    Object.fromEntries(
      WAYS.map((way) => [
        way,
        generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
      ]),
    ),
  );

/** Returns the key for a way. `kept`: of `newKeys`. @throws NotIdentified if there is none */
export function keyOf(kept: string | null, way: Way): AnswerKey {
  const jwk: JWK | undefined = kept ? JSON.parse(kept)[way] : undefined;
  if (!jwk) return refuse('nothing_kept', 'expired');
  const { crv, kty, x, y } = jwk;
  const thumbprint = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest();
  return {
    way,
    private: createPrivateKey({ key: jwk, format: 'jwk' }),
    public: { kty, crv, x, y, use: 'enc', alg: 'ECDH-ES', kid: thumbprint.toString('base64url') },
    thumbprint,
  };
}
