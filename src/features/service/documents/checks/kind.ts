import type { Kind } from './types.ts';

/** The type by the first bytes: a kind, a package (`ole`: Office before 2007, and locked documents of today), a program, or null. */
export type Sort = Kind | 'ole' | 'program' | null;

const HEIC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'mif1', 'msf1']);
const HEIC_CODED = new Set(['heic', 'heix', 'heim', 'heis', 'hevc']);

/** The first bytes of programs: Windows, Linux, macOS, Java, Android, WebAssembly, a shortcut, a script that names its shell. */
const PROGRAMS = [
  ...['4d5a', '7f454c46', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe', '6465780a'],
  ...['0061736d', '4c0000000114', '2321'],
].map((hex) => Buffer.from(hex, 'hex').toString('latin1'));

/** Returns the type by the signature at the first byte. All accepted kinds have one, except text. Pure. */
export function sortOf(head: Buffer): Sort {
  const text = head.subarray(0, 64).toString('latin1');
  const starts = (sign: string) => text.startsWith(sign);
  if (starts('%PDF-')) return 'pdf';
  if (starts('\xff\xd8\xff')) return 'jpg';
  if (starts('\x89PNG\r\n\x1a\n')) return 'png';
  if (starts('RIFF') && text.startsWith('WEBP', 8)) return 'webp';
  if (text.startsWith('ftyp', 4)) return isHeic(head) ? 'heic' : null;
  if (starts('PK\x03\x04')) return 'zip';
  if (starts('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return 'ole';
  return PROGRAMS.some(starts) ? 'program' : null;
}

/**
 * Whether a file is a picture coded with HEVC, whatever its first brand (ISO 23008-12, 10). AVIF, videos and other files of that family
 * aren't.
 */
function isHeic(head: Buffer): boolean {
  const end = Math.min(head.readUInt32BE(0), head.length);
  const text = head.subarray(0, end).toString('latin1');
  const brands = [8, ...range(16, end)].map((at) => text.slice(at, at + 4));
  return HEIC_BRANDS.has(brands[0] ?? '') && brands.some((each) => HEIC_CODED.has(each));
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, Math.floor((to - from) / 4)) }, (_, index) => from + 4 * index);
