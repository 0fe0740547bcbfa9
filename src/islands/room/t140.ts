/**
 * Real-time text by ITU-T T.140, over a data channel (RFC 8865): characters as they are typed, backspace removes the last one, a line
 * separator ends the line. A character is a Unicode code point.
 */
const BACKSPACE = '\b';
const SEPARATOR = '\u2028';
/** The maximum length of a line; the rest is dropped. */
const LONGEST_LINE = 2_000;
/** Characters that are ignored: byte order marks that keep channels alive, and control characters. */
const SILENT = /[\p{Cc}\ufeff]/u;
const ENDS = new Set(['\n', SEPARATOR, '\u2029']);

/** Ends a line. */
export const END = SEPARATOR;

/** Returns the real-time text that changes a line from `before` to `after`. Line breaks inside it become spaces: only `END` ends a line. */
export function difference(before: string, after: string): string {
  const old = [...onOneLine(before)];
  const next = [...onOneLine(after)];
  let same = 0;
  while (same < old.length && old[same] === next[same]) same++;
  return BACKSPACE.repeat(old.length - same) + next.slice(same).join('');
}

const onOneLine = (text: string): string => text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ');

/** Returns a reader of real-time text: it gives the current line, and the lines that were ended. */
export function createReader(): { take(data: string): { line: string; ended: string[] } } {
  let line: string[] = [];
  return {
    take(data) {
      const ended: string[] = [];
      for (const sign of data.replaceAll('\r\n', '\n')) {
        if (sign === BACKSPACE) line.pop();
        else if (ENDS.has(sign) || sign === '\r') {
          ended.push(line.join(''));
          line = [];
        } else if (!SILENT.test(sign) && line.length < LONGEST_LINE) line.push(sign);
      }
      return { line: line.join(''), ended };
    },
  };
}
