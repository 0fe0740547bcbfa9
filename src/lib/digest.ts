import { createHash } from 'node:crypto';

/** Returns 22 signs (132 bits of SHA-256, base64url) that differ whenever the text does: an ETag, the version of a plan that was shown. */
export const digest = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 22);
