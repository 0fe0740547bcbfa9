import { setImmediate as othersFirst } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { Bytes } from './bytes.ts';
import { LIMITS } from './limits.ts';
import { lexObject, type Token } from './pdf-tokens.ts';

/** Finds every object of a PDF, in the file and in its object streams, without trusting any table of the file. */

/** Decrypts the streams of an encrypted file. */
export type Decrypt = (bytes: Buffer, object: { number: number; generation: number }) => Buffer;

/** Thrown for more content than an honest PDF has. The rest of the file isn't read, so nobody can say what it does. */
export class TooMuch extends Error {}

/** An object of the file or of an object stream. */
export interface Found {
  number: number;
  tokens: readonly Token[];
}

export const isWord = (token: Token | undefined, value: string): boolean =>
  token?.kind === 'word' && token.value === value;
export const isName = (token: Token | undefined, value: string): boolean =>
  token?.kind === 'name' && token.value === value;
export const numberIn = (token: Token | undefined): number | null =>
  token?.kind === 'word' && /^\d{1,10}$/.test(token.value) ? Number(token.value) : null;

/** Whether the dictionary of a stream says that it holds objects. No other kind has a `First`. */
export const isObjectStream = (tokens: readonly Token[]): boolean =>
  tokens.some((token) => isName(token, 'ObjStm') || isName(token, 'First'));

export interface Placed extends Found {
  generation: number;
  isStream: boolean;
  /** The offset of the stream's bytes. */
  stream: number;
}

export interface Budget {
  objects: number;
  /** Characters that may still be read. */
  text: number;
}

/** The first and the longest range that is read of an object. No honest document has a larger dictionary. */
const [WINDOW, LONGEST_OBJECT] = [1_024, 4 << 20];
/** Objects that are read before other requests get a turn: about ten milliseconds. */
const AT_ONCE = 200;
/** Bytes for `12 0 ` before the keyword, and for the space between a dictionary and its stream. */
const [HEAD, AFTER] = [32, 128];

/** Yields every object of the file itself. It searches for the keyword `obj`, whatever the tables say. */
export async function* objectsIn(bytes: Bytes, budget: Budget): AsyncGenerator<Placed> {
  for await (const place of placesOf(bytes, 'obj')) {
    budget.objects -= 1;
    const head = (await bytes.at(Math.max(0, place - HEAD), Math.min(HEAD, place))).toString(
      'latin1',
    );
    if (/end$/.test(head)) continue;
    const [, number = '0', generation = '0'] = /(\d+)\s+(\d+)\s*$/.exec(head) ?? [];
    if (budget.objects < 0) throw new TooMuch();
    if (budget.objects % AT_ONCE === 0) await othersFirst();
    const object = await objectAt(bytes, place + 3, budget);
    yield { number: Number(number), generation: Number(generation), ...object };
  }
}

/** Returns the object after a keyword, and whether a stream follows it. */
async function objectAt(bytes: Bytes, from: number, budget: Budget) {
  for (let size = WINDOW; ; size *= 8) {
    const text = (await bytes.at(from, size)).toString('latin1');
    const { tokens, end, at } = lexObject(text, 0);
    budget.text -= at;
    if (budget.text < 0) throw new TooMuch();
    const isLast = from + size >= bytes.size;
    if (isLast || (end === 'whole' && at < text.length - AFTER)) {
      const word = /^(?:[\0\t\n\f\r ]|%[^\r\n]*)*stream(\r\n|\n|\r)?/.exec(text.slice(at));
      return { tokens, isStream: word !== null, stream: from + at + (word?.[0].length ?? 0) };
    }
    if (size >= LONGEST_OBJECT) throw new TooMuch();
  }
}

/** Yields the dictionaries of trailers, which are outside of objects. */
export async function* trailersIn(bytes: Bytes, budget: Budget): AsyncGenerator<readonly Token[]> {
  for await (const place of placesOf(bytes, 'trailer')) {
    const text = (await bytes.at(place + 7, WINDOW)).toString('latin1');
    budget.text -= text.length;
    if (budget.text < 0) throw new TooMuch();
    yield lexObject(text, 0).tokens;
  }
}

async function* placesOf(bytes: Bytes, word: string): AsyncGenerator<number> {
  let [before, start] = ['', 0];
  for await (const part of bytes.parts()) {
    const text = before + part.toString('latin1');
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) yield start + at;
    before = text.slice(text.length - word.length + 1);
    start += text.length - before.length;
  }
}

const unpack = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate);

/** Returns the objects in an object stream (7.5.7); null: it can't be read, or isn't written in the way of common programs. */
export async function unpacked(
  bytes: Bytes,
  stream: Placed,
  decrypt: Decrypt | null,
  budget: Budget,
): Promise<Found[] | null> {
  const { tokens } = stream;
  const filters = filtersOf(tokens);
  if (filters.length > 1 || filters.some((each) => each !== 'FlateDecode' && each !== 'Fl'))
    return null;
  if (tokens.some((each) => isName(each, 'Predictor') || isName(each, 'Crypt'))) return null;
  const packed = await streamBytes(bytes, stream, filters.length > 0);
  if (packed === null) return null;
  try {
    const clear = decrypt ? decrypt(packed, stream) : packed;
    const maxOutputLength = Math.max(1, Math.min(budget.text, LIMITS.pdfStream));
    const text = filters.length === 0 ? clear : await unpack(clear, { maxOutputLength });
    budget.text -= text.length;
    if (budget.text < 0) return null;
    return await objectsOf(tokens, text.toString('latin1'), budget);
  } catch {
    return null;
  }
}

function filtersOf(tokens: readonly Token[]): string[] {
  const at = tokens.findIndex((token) => isName(token, 'Filter'));
  if (at < 0) return [];
  const [first, ...rest] = tokens.slice(at + 1);
  if (first?.kind === 'name') return [first.value];
  if (!isWord(first, '[')) return ['unknown'];
  const end = rest.findIndex((token) => isWord(token, ']'));
  return rest.slice(0, end).map((token) => (token.kind === 'name' ? token.value : 'unknown'));
}

/**
 * Returns the bytes of a stream: with the length of the dictionary if `endstream` follows there; else up to the next `endstream`, where
 * packed data must also end. Null: the stream is too long, or it is not packed and has no length.
 */
async function streamBytes(
  bytes: Bytes,
  { tokens, stream }: Placed,
  isPacked: boolean,
): Promise<Buffer | null> {
  const at = tokens.findIndex((token) => isName(token, 'Length'));
  const said = isWord(tokens[at + 3], 'R') ? null : numberIn(tokens[at + 1]);
  if (said !== null && said <= LIMITS.pdfStream) {
    const after = (await bytes.at(stream + said, 16)).toString('latin1');
    if (/^\s*endstream/.test(after)) return bytes.at(stream, said);
  }
  if (!isPacked) return null;
  const found = await bytes.at(stream, LIMITS.pdfStream);
  const end = found.indexOf('endstream');
  return end < 0 ? null : withoutLineEnd(found.subarray(0, end));
}

function withoutLineEnd(bytes: Buffer): Buffer {
  const end = /(\r\n|\n|\r)$/.exec(bytes.subarray(-2).toString('latin1'))?.[0] ?? '';
  return bytes.subarray(0, bytes.length - end.length);
}

/** Returns the objects at the offsets that the stream lists at its beginning, as readers do. Null: the offsets are wrong. */
async function objectsOf(
  dictionary: readonly Token[],
  text: string,
  budget: Budget,
): Promise<Found[] | null> {
  const numberOf = (key: string) => {
    const at = dictionary.findIndex((token) => isName(token, key));
    return isWord(dictionary[at + 3], 'R') ? null : numberIn(dictionary[at + 1]);
  };
  const [count, first] = [numberOf('N'), numberOf('First')];
  if (count === null || first === null || first > text.length) return null;
  const places = (text.slice(0, first).match(/\d+/g) ?? []).map(Number);
  budget.objects -= count;
  if (places.length < 2 * count || budget.objects < 0) return null;
  const found: Found[] = [];
  for (let index = 0; index < count; index++) {
    if (index % AT_ONCE === AT_ONCE - 1) await othersFirst();
    const { tokens, at } = lexObject(text, first + (places[2 * index + 1] ?? 0));
    budget.text -= Math.max(0, at - first - (places[2 * index + 1] ?? 0));
    if (budget.text < 0) return null;
    found.push({ number: places[2 * index] ?? 0, tokens });
  }
  return found;
}
