/** Control characters, line and paragraph separators, and marks of text direction: not allowed in a name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_TEXT = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Returns a text as one line, for a header, a calendar or an SMS. */
export const oneLine = (text: string): string => text.replace(NOT_TEXT, ' ').trim();

/** Breaks a text at spaces into lines of at most `width` columns. Long words, such as addresses, stay whole. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[ \n]+/)) {
    if (line && [...line].length + 1 + [...word].length > width - indent.length) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line].join(`\n${indent}`);
}
