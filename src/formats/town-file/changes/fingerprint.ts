import { createHash } from 'node:crypto';

/** A part of a declaration in few characters, to tell whether it has changed since; the order of keys counts. */
export const fingerprint = (part: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(part) ?? '')
    .digest('base64url')
    .slice(0, 16);
