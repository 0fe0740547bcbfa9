import { createHash } from 'node:crypto';

/** Returns a short hash of a part of a declaration, to detect later changes; the order of keys counts. */
export const fingerprint = (part: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(part) ?? '')
    .digest('base64url')
    .slice(0, 16);
