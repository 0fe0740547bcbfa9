/**
 * A value of PDF (ISO 32000-1, 7.3): a name as `/Name`, a number or word as it is written, a reference as `5 R`, a text as `(` and its bytes in
 * hexadecimal; a list; a dictionary.
 */
export type Value = string | readonly Value[] | Entries;

/** The parts of a dictionary, by their names. */
export interface Entries extends ReadonlyMap<string, Value> {}

/** An object of a file. */
export interface PdfObject {
  number: number;
  /** Where it begins, in bytes of the file. */
  at: number;
  value: Value;
  /** The value as it is written. */
  source: string;
  /** The bytes of its stream, as they are written; null: it has none. */
  stream: string | null;
}

/** Something is written in another way than those who write our documents do, which other readers might read otherwise. */
export class UnusualPdf extends Error {}

/** The most levels of lists and dictionaries within each other. */
const DEEPEST = 12;

const SPACE = /[ \r\n]*/y;
const NAME = /\/[A-Za-z\d_.+-]{1,100}(?![^\s()<>[\]{}/%])/y;
const REFERENCE = /(\d{1,10}) 0 R(?![^\s()<>[\]{}/%])/y;
const PLAIN = /(?:[+-]?\d{1,10}(?:\.\d{0,10})?|true|false)(?![^\s()<>[\]{}/%])/y;
const HEX = /<([\dA-Fa-f]*)>/y;
const OBJECT = /(\d{1,10}) 0 obj(?![^\s()<>[\]{}/%])/y;
const STREAM = /stream\r?\n/y;
const END_OF_STREAM = /\r?\n?endstream/y;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/**
 * Reads a file from a place on, and never goes back. It knows PDF as programs write it, and nothing else: no comment, no byte that is ignored, no
 * escaped name, no generation but 0.
 */
export class Scanner {
  /** The next byte. */
  at: number;
  /** How many bytes and parts it has looked at: no more than a few for each byte. */
  steps = 0;
  readonly text: string;

  /** `text`: the file, a letter for each byte. */
  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  /** Takes what a sticky pattern finds here; null: it isn't here. */
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    this.steps += 1 + (found?.[0].length ?? 0);
    this.at += found?.[0].length ?? 0;
    return found;
  }

  /** Takes what a sticky pattern must find here. @throws UnusualPdf */
  demand(pattern: RegExp): RegExpExecArray {
    const found = this.take(pattern);
    if (!found) throw new UnusualPdf(`At ${this.at}, ${pattern.source} is expected`);
    return found;
  }

  /** Takes white space, if there is some. */
  space(): void {
    this.take(SPACE);
  }

  /** @throws UnusualPdf */
  value(depth = 0): Value {
    if (depth > DEEPEST) throw new UnusualPdf('Too much is within each other');
    const next = this.text[this.at];
    if (next === '<' && this.text[this.at + 1] === '<') return this.dictionary(depth);
    if (next === '<') return `(${(this.demand(HEX)[1] ?? '').toLowerCase()}`;
    if (next === '(') return this.string();
    if (next === '[') return this.list(depth);
    if (next === '/') return this.demand(NAME)[0];
    const reference = this.take(REFERENCE);
    return reference ? `${Number(reference[1])} R` : this.demand(PLAIN)[0];
  }

  private dictionary(depth: number): Entries {
    const entries = new Map<string, Value>();
    this.at += 2;
    for (this.space(); !this.take(/>>/y); this.space()) {
      const [name] = this.demand(NAME);
      if (entries.has(name)) throw new UnusualPdf(`${name} is there twice`);
      this.space();
      entries.set(name, this.value(depth + 1));
    }
    return entries;
  }

  private list(depth: number): Value[] {
    const values: Value[] = [];
    this.at += 1;
    for (this.space(); !this.take(/\]/y); this.space()) values.push(this.value(depth + 1));
    return values;
  }

  /** A text in parentheses. They can be in each other, and escaped. */
  private string(): string {
    const bytes: string[] = [];
    let depth = 0;
    do {
      const [letter = ''] = this.demand(/[\s\S]/y);
      if (letter === '(') depth += 1;
      if (letter === ')') depth -= 1;
      bytes.push(letter === '\\' ? this.escaped() : letter);
    } while (depth > 0);
    return `(${Buffer.from(bytes.slice(1, -1).join(''), 'latin1').toString('hex')}`;
  }

  private escaped(): string {
    const octal = this.take(/[0-3][0-7]{2}/y);
    if (octal) return String.fromCharCode(Number.parseInt(octal[0], 8));
    const [letter = ''] = this.demand(/[nrtbf()\\]/y);
    return ESCAPES[letter] ?? letter;
  }

  /** Takes an object; null: none begins here. @throws UnusualPdf */
  object(): PdfObject | null {
    const { at } = this;
    const head = this.take(OBJECT);
    if (!head) return null;
    this.space();
    const from = this.at;
    const value = this.value();
    const source = this.text.slice(from, this.at);
    this.space();
    const stream = value instanceof Map && this.take(STREAM) ? this.stream(value) : null;
    this.space();
    this.demand(/endobj(?![^\s])/y);
    return { number: Number(head[1]), at, value, source, stream };
  }

  private stream(entries: Entries): string {
    const length = entries.get('/Length');
    if (typeof length !== 'string' || !/^\d{1,8}$/.test(length))
      throw new UnusualPdf('A stream has no length');
    const bytes = this.text.slice(this.at, this.at + Number(length));
    this.at += bytes.length;
    this.steps += bytes.length;
    this.demand(END_OF_STREAM);
    return bytes;
  }
}

/** Returns a dictionary; null: the value is none. */
export const dictionaryOf = (value: Value | undefined): Entries | null =>
  value instanceof Map ? (value as Entries) : null;

/** Returns the number of the object to which a value refers; null: it is no reference. */
export const referenceOf = (value: Value | undefined): number | null =>
  typeof value === 'string' && /^\d+ R$/.test(value) ? Number.parseInt(value, 10) : null;

/** Returns whether two values are the same, however they are written. */
export function isSame(one: Value | undefined, other: Value | undefined): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((each, nth) => isSame(each, other[nth]));
  if (one instanceof Map && other instanceof Map)
    return (
      one.size === other.size && [...one].every(([name, each]) => isSame(each, other.get(name)))
    );
  return one === other;
}
