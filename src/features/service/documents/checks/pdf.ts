import { type Bytes, placeIn } from './bytes.ts';
import { isActive } from './pdf-active.ts';
import { decrypted, keyWithoutPassword, type Lock } from './pdf-lock.ts';
import type { Decrypt } from './pdf-objects.ts';
import type { Look } from './types.ts';

/** `/Encrypt`, in which each letter may be written as `#` and its code (ISO 32000-1, 7.3.5). It must not begin a longer name. */
const ENCRYPT = new RegExp(
  `/${[...'Encrypt'].map((sign) => `(?:${sign}|#${sign.charCodeAt(0).toString(16)})`).join('')}(?![\\w#])`,
);
const LONGEST_WORD = 32;
/** Bytes that are more than any dictionary of encryption has, and than a trailer has around the word. */
const NEAR = 8_192;

/**
 * Whether a PDF is locked, or has active content. The word is in the trailer or in the dictionary of a cross-reference stream, which are
 * never packed (7.5.5, 7.5.8.2). It is so rare in other places that a person may decide. Many offices encrypt their PDFs only against
 * changes: those open without a password, here as in any program.
 */
export async function lookAtPdf(bytes: Bytes): Promise<Look> {
  const place = await placeIn(bytes.parts(), ENCRYPT, LONGEST_WORD);
  if (place === null) return lookInside(bytes, null);
  const lock = await lockAt(bytes, place);
  const key = lock && keyWithoutPassword(lock);
  if (!lock || !key) return { kind: 'pdf', locked: true };
  return lookInside(bytes, (part, object) => decrypted(lock, key, part, object));
}

const lookInside = async (bytes: Bytes, decrypt: Decrypt | null): Promise<Look> =>
  (await isActive(bytes, decrypt)) ? { kind: 'pdf', active: true } : { kind: 'pdf' };

/** Returns the lock of a PDF; null: it is not supported. */
async function lockAt(bytes: Bytes, place: number): Promise<Lock | null> {
  const trailer = await textAt(bytes, place - NEAR, 2 * NEAR);
  const word = trailer.slice(Math.min(place, NEAR));
  const [, number, generation] = /^\/\S+\s+(\d{1,10})\s+(\d{1,5})\s+R\b/.exec(word) ?? [];
  const object = new RegExp(`(?<![^\\s])${number}\\s+${generation}\\s+obj\\b`);
  const at = number ? await placeIn(bytes.parts(), object, LONGEST_WORD) : place;
  if (at === null) return null;
  const dictionary = (await textAt(bytes, at, NEAR)).split('endobj')[0] ?? '';
  const value = (key: string) => Number(after(dictionary, key)?.match(/^-?\d{1,10}/)?.[0]);
  if (!/\/Filter\s*\/Standard\b/.test(dictionary)) return null;
  return {
    version: value('V'),
    revision: value('R'),
    permissions: value('P'),
    bits: value('Length') || 40,
    owner: stringAt(after(dictionary, 'O')),
    user: stringAt(after(dictionary, 'U')),
    id: stringAt(after(trailer, 'ID')?.replace(/^\[\s*/, '')),
    hidesMetadata: !/\/EncryptMetadata\s+false\b/.test(dictionary),
    sealedKey: stringAt(after(dictionary, 'UE')),
    method: methodIn(dictionary, value('V')),
  };
}

/** Returns the encryption of streams. From version 4 on, it is in the crypt filter that `StmF` names (7.6.6). */
function methodIn(dictionary: string, version: number): Lock['method'] {
  if (version === 1 || version === 2) return 'RC4';
  const filter = /\/StmF\s*\/(\w+)/.exec(dictionary)?.[1];
  if (filter === undefined || filter === 'Identity') return 'none';
  const own = new RegExp(`/${filter}\\s*<<([^<>]*)>>`).exec(dictionary)?.[1] ?? '';
  const method = /\/CFM\s*\/(\w+)/.exec(own)?.[1];
  if (method === 'V2') return 'RC4';
  return method === 'AESV2' || method === 'AESV3' ? method : null;
}

const textAt = async (bytes: Bytes, from: number, length: number): Promise<string> => {
  const start = Math.max(0, from);
  return (await bytes.at(start, length + Math.min(from, 0))).toString('latin1');
};

/** Returns the text after a name. */
const after = (text: string, key: string): string | undefined =>
  new RegExp(`/${key}(?![\\w#])\\s*(.*)`, 's').exec(text)?.[1];

const ESCAPED: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Returns a string in either notation (7.3.4). */
function stringAt(text = ''): Buffer {
  const hex = /^<([\da-f\s]*)>/i.exec(text)?.[1];
  if (hex !== undefined) return Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
  let [depth, plain] = [0, ''];
  for (const [sign, escaped] of text.matchAll(/\\([0-7]{1,3}|\r\n|.)|./gs)) {
    if (escaped !== undefined) {
      if (/^[0-7]/.test(escaped)) plain += String.fromCharCode(Number.parseInt(escaped, 8) & 0xff);
      else if (!/^[\r\n]/.test(escaped)) plain += ESCAPED[escaped] ?? escaped;
      continue;
    }
    if (sign === ')') depth -= 1;
    if (depth > 0) plain += sign;
    if (sign === '(') depth += 1;
    if (depth === 0) break;
  }
  return Buffer.from(plain, 'latin1');
}
