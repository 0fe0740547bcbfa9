import { createHash } from 'node:crypto';

/** Returns whether a text from an address is a valid id; PostgreSQL fails on a query with another text. */
export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** Returns an id that follows from some texts: the same each time (RFC 9562, version 8). */
export const uuidOf = (...texts: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify(texts))
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
