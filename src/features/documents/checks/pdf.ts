import { type Bytes, placeIn } from './bytes.ts';
import { type Lock, opensWithoutPassword } from './pdf-lock.ts';
import type { Look } from './types.ts';

/** `/Encrypt`, each letter perhaps as `#` and its number (ISO 32000-1, 7.3.5), and not the beginning of a longer name. */
const ENCRYPT = new RegExp(
  `/${[...'Encrypt'].map((sign) => `(?:${sign}|#${sign.charCodeAt(0).toString(16)})`).join('')}(?![\\w#])`,
);
const LONGEST_WORD = 32;
/** More than any dictionary of encryption has, and than what stands around the word in a trailer. */
const NEAR = 8_192;

/**
 * Whether it is locked. The word stands in the trailer or in the dictionary of a cross-reference stream, which nothing packs
 * (7.5.5, 7.5.8.2); anywhere else it is so seldom that a person may decide. Many offices encrypt their PDFs only to forbid
 * changing them: those open without a password, here as everywhere.
 */
export async function lookAtPdf(bytes: Bytes): Promise<Look> {
  const place = await placeIn(bytes.parts(), ENCRYPT, LONGEST_WORD);
  if (place === null) return { kind: 'pdf' };
  const lock = await lockAt(bytes, place);
  return { kind: 'pdf', ...(!(lock && opensWithoutPassword(lock)) && { locked: true }) };
}

/** How it is locked, as it says itself; null: it says so in a way that we don't follow. */
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
  };
}

const textAt = async (bytes: Bytes, from: number, length: number): Promise<string> => {
  const start = Math.max(0, from);
  return (await bytes.at(start, length + Math.min(from, 0))).toString('latin1');
};

/** What stands after a name. */
const after = (text: string, key: string): string | undefined =>
  new RegExp(`/${key}(?![\\w#])\\s*(.*)`, 's').exec(text)?.[1];

const ESCAPED: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** A string in either notation (7.3.4). */
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
