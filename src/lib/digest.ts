import { createHash } from 'node:crypto';

/** Returns 22 characters (132 bits of SHA-256, base64url) that differ for different texts: an ETag, the version of a displayed plan. */
export const digest = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 22);
