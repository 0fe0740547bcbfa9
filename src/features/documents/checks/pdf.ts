import { type Bytes, isIn } from './bytes.ts';
import type { Look } from './types.ts';

/** `/Encrypt`, each letter perhaps as `#` and its number (ISO 32000-1, 7.3.5), and not the beginning of a longer name. */
const ENCRYPT = new RegExp(
  `/${[...'Encrypt'].map((sign) => `(?:${sign}|#${sign.charCodeAt(0).toString(16)})`).join('')}(?![\\w#])`,
);

/**
 * Whether it is locked. The word stands in the trailer or in the dictionary of a cross-reference stream, which nothing packs
 * (7.5.5, 7.5.8.2); anywhere else it is so seldom that a person may decide.
 */
export async function lookAtPdf(bytes: Bytes): Promise<Look> {
  const locked = await isIn(bytes.parts(), ENCRYPT, 32);
  return { kind: 'pdf', ...(locked && { locked }) };
}
