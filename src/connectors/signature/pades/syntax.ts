import { inflateSync } from 'node:zlib';

/** The parts of a dictionary of PDF, by their names, each as its tokens with one space between them. */
export type Entries = ReadonlyMap<string, string>;

/** An object of a file: its number, and what is between `obj` and `endobj`. */
export interface PdfObject {
  number: number;
  body: string;
}

const TOKEN =
  /\s+|%[^\r\n]*|(<<|>>|[[\]]|\/[^\s()<>[\]{}/%]*|<[\dA-Fa-f\s]*>|[^\s()<>[\]{}/%]+|\()/y;

/** Returns the objects of a file, or of a part of it (ISO 32000-1, 7.3.10), in their order. */
export const objectsIn = (text: string): PdfObject[] =>
  [...text.matchAll(/(\d+)\s+\d+\s+obj(?![A-Za-z])/g)].map((found) => {
    const from = found.index + found[0].length;
    const until = text.indexOf('endobj', from);
    return { number: Number(found[1]), body: text.slice(from, until < 0 ? undefined : until) };
  });

/** The most bytes of a stream of objects, unpacked. */
const MOST_UNPACKED = 1_000_000;

/** Returns the objects within a stream of objects (ISO 32000-1, 7.5.7); null: it can't be read. */
export function packedIn(body: string): PdfObject[] | null {
  const entries = dictionaryIn(body);
  const [, packed] = /stream\r?\n([\s\S]*?)\r?\n?endstream/.exec(body) ?? [];
  if (!entries || packed === undefined || entries.has('/DecodeParms')) return null;
  const filter = entries.get('/Filter');
  if (filter !== undefined && filter !== '/FlateDecode') return null;
  const text = filter ? inflated(packed) : packed;
  const count = Number(entries.get('/N'));
  const first = Number(entries.get('/First'));
  if (text === null || !Number.isInteger(count) || !Number.isInteger(first)) return null;
  const numbers = text.slice(0, first).trim().split(/\s+/).map(Number);
  if (numbers.length !== 2 * count || numbers.some((each) => !Number.isInteger(each))) return null;
  return Array.from({ length: count }, (_, nth) => {
    const [number = 0, from = 0] = numbers.slice(2 * nth);
    return {
      number,
      body: text.slice(first + from, first + (numbers[2 * nth + 3] ?? text.length)),
    };
  });
}

function inflated(packed: string): string | null {
  try {
    const bytes = Buffer.from(packed, 'latin1');
    return inflateSync(bytes, { maxOutputLength: MOST_UNPACKED }).toString('latin1');
  } catch {
    return null;
  }
}

/** Returns the dictionary with which a text begins; null: it begins with something else, or isn't well formed. */
export function dictionaryIn(text: string): Entries | null {
  const tokens = tokensOf(text);
  if (tokens?.[0] !== '<<') return null;
  const entries = new Map<string, string>();
  let at = 1;
  while (at < tokens.length && tokens[at] !== '>>') {
    const name = tokens[at] ?? '';
    const length = lengthOf(tokens, at + 1);
    if (!name.startsWith('/') || length === 0 || entries.has(name)) return null;
    entries.set(name, tokens.slice(at + 1, at + 1 + length).join(' '));
    at += 1 + length;
  }
  return entries;
}

/** Returns the numbers of the objects to which a value refers: a reference, or an array of them; null: it is something else. */
export function referencesIn(value: string): number[] | null {
  if (!/^\[?( ?\d+ \d+ R)*( ?\])?$/.test(value)) return null;
  return [...value.matchAll(/(\d+) \d+ R/g)].map(([, number]) => Number(number));
}

/** Returns the tokens until the dictionary at the beginning ends; null: it does not end. */
function tokensOf(text: string): string[] | null {
  const tokens: string[] = [];
  let depth = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    let [, token] = found;
    if (token === undefined) continue;
    if (token === '(') {
      const until = endOfText(text, TOKEN.lastIndex);
      token = text.slice(TOKEN.lastIndex - 1, until);
      TOKEN.lastIndex = until;
    }
    tokens.push(token);
    if (token === '<<' || token === '[') depth += 1;
    if (token === '>>' || token === ']') depth -= 1;
    if (depth === 0) return tokens;
  }
  return null;
}

/** Returns where a text in parentheses ends. They can be in each other, and escaped. */
function endOfText(text: string, from: number): number {
  let depth = 1;
  let at = from;
  for (; at < text.length && depth > 0; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
  }
  return at;
}

/** Returns how many tokens a value has. */
function lengthOf(tokens: readonly string[], from: number): number {
  const first = tokens[from];
  if (first === undefined || first === '>>' || first === ']') return 0;
  if (first !== '<<' && first !== '[') return tokens[from + 2] === 'R' ? 3 : 1;
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    if (tokens[at] === '<<' || tokens[at] === '[') depth += 1;
    if (tokens[at] === '>>' || tokens[at] === ']') depth -= 1;
    if (depth === 0) return at - from + 1;
  }
  return 0;
}
