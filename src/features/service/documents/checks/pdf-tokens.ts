/** One token of PDF syntax (ISO 32000-2, 7.2 and 7.3), as far as the check needs it. */
export type Token =
  /** `/Name`, with its `#` escapes resolved. */
  | { kind: 'name'; value: string }
  /** A string in either notation, as Latin-1. */
  | { kind: 'string'; value: string }
  /** `<<`, `>>`, `[`, `]`, a number or a keyword. */
  | { kind: 'word'; value: string };

/** The tokens of one object, and whether its end was found. */
export interface Lexed {
  tokens: Token[];
  /** `cut`: the text ends before the object ends. */
  end: 'whole' | 'cut';
  /** The offset of the text after the object. */
  at: number;
}

const SPACE = /[\0\t\n\f\r ]*/y;
const REGULAR = /[^\0\t\n\f\r ()<>[\]{}/%]+/y;
const COMMENT = /%[^\r\n]*/y;
const HEX = /<([^>]*)>?/y;
const ESCAPED: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/**
 * Returns the tokens of the object that begins at an offset. Like readers, it goes up to the end of the outermost dictionary or array,
 * whatever is in between. Pure.
 */
export function lexObject(text: string, from: number): Lexed {
  const tokens: Token[] = [];
  let at = from;
  let depth = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  for (;;) {
    match(SPACE);
    if (at >= text.length) return { tokens, end: 'cut', at };
    const sign = text[at] ?? '';
    if (sign === '%') {
      match(COMMENT);
      continue;
    }
    if (sign === '/') {
      at += 1;
      tokens.push({ kind: 'name', value: unescaped(match(REGULAR)?.[0] ?? '') });
    } else if (sign === '(') {
      const read = literalAt(text, at);
      tokens.push({ kind: 'string', value: read.value });
      at = read.at;
    } else if (sign === '<' && text[at + 1] !== '<') {
      tokens.push({ kind: 'string', value: fromHex(match(HEX)?.[1] ?? '') });
    } else {
      const value = /^(<<|>>)$/.test(text.slice(at, at + 2))
        ? text.slice(at, at + 2)
        : (wordAt(text, at) ?? sign);
      at += value.length;
      tokens.push({ kind: 'word', value });
      if (value === '<<' || value === '[') depth += 1;
      if (value === '>>' || value === ']') depth -= 1;
    }
    if (depth <= 0) return { tokens, end: 'whole', at };
  }
}

function wordAt(text: string, at: number): string | undefined {
  REGULAR.lastIndex = at;
  return REGULAR.exec(text)?.[0];
}

/** Returns a name with each `#` and two hexadecimal digits replaced by their character (7.3.5). */
export const unescaped = (name: string): string =>
  name.replaceAll(/#([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );

const fromHex = (hex: string): string => {
  const digits = hex.replaceAll(/[^\da-f]/gi, '');
  return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex').toString('latin1');
};

/** Returns a string in parentheses, which may be nested (7.3.4.2). */
function literalAt(text: string, from: number): { value: string; at: number } {
  let depth = 0;
  let value = '';
  for (let at = from; at < text.length; at++) {
    const sign = text[at] ?? '';
    if (sign === '\\') {
      const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0];
      const next = text[at + 1] ?? '';
      if (octal) value += String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      else if (next !== '\r' && next !== '\n') value += ESCAPED[next] ?? next;
      at += octal ? octal.length : 1;
      continue;
    }
    if (sign === ')') depth -= 1;
    if (depth === 0 && sign === ')') return { value, at: at + 1 };
    if (depth > 0) value += sign;
    if (sign === '(') depth += 1;
  }
  return { value, at: text.length };
}
