import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { SIGNATURES } from '../../../domain/office/connectors/payment.ts';

export type SignatureVersion = (typeof SIGNATURES)[number];

const NO_IV = { des: Buffer.alloc(8), aes: Buffer.alloc(16) };

/**
 * Returns the signature of parameters, as Redsys describes it (pagosonline.redsys.es, "Firmar una operación"): a key for the order is made of
 * the secret, and the parameters are signed with it. V1: 3DES and SHA-256. V2: AES and SHA-512; its key is the text of base64.
 */
export function sign(
  version: SignatureVersion,
  { secret, order, parameters }: { secret: string; order: string; parameters: string },
): string {
  const key = version === 'HMAC_SHA256_V1' ? keyByDes(secret, order) : keyByAes(secret, order);
  if (version === 'HMAC_SHA256_V1')
    return createHmac('sha256', key).update(parameters).digest('base64');
  return createHmac('sha512', key).update(parameters).digest('base64url');
}

/** Returns whether a signature is right, however its base64 is written. */
export function isSigned(
  version: SignatureVersion,
  { signature, ...of }: { secret: string; order: string; parameters: string; signature: string },
): boolean {
  const right = Buffer.from(sign(version, of), 'base64');
  const given = Buffer.from(signature, 'base64');
  return right.length === given.length && timingSafeEqual(right, given);
}

/** The order is filled up with zeros to whole blocks. */
function keyByDes(secret: string, order: string): Buffer {
  const text = Buffer.from(order, 'utf8');
  const blocks = Buffer.alloc(Math.ceil(text.length / 8) * 8);
  text.copy(blocks);
  const cipher = createCipheriv('des-ede3-cbc', Buffer.from(secret, 'base64'), NO_IV.des);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(blocks), cipher.final()]);
}

/** The secret counts as text, its first 16 characters. */
function keyByAes(secret: string, order: string): string {
  const key = Buffer.from(secret.slice(0, 16).padEnd(16, '0'), 'utf8');
  const cipher = createCipheriv('aes-128-cbc', key, NO_IV.aes);
  return Buffer.concat([cipher.update(order, 'utf8'), cipher.final()]).toString('base64');
}
