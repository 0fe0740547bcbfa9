/**
 * Real-time text as ITU-T T.140 writes it, over a data channel (RFC 8865): signs as they are typed, backspace takes the last
 * one back, a line separator ends the line. A sign is a Unicode code point.
 */
const BACKSPACE = '\b';
const SEPARATOR = '\u2028';
/** What a line may grow to; more of it is dropped. */
const LONGEST_LINE = 2_000;
/** What is no sign: byte order marks that keep channels alive, notifiers, and controls that nobody asked for. */
const SILENT = /[\p{Cc}\ufeff]/u;
const ENDS = new Set(['\n', SEPARATOR, '\u2029']);

/** Ends a line. */
export const END = SEPARATOR;

/** What makes `after` of a line that reads `before`. Line breaks inside it read as spaces: only `END` ends one. */
export function difference(before: string, after: string): string {
  const old = [...onOneLine(before)];
  const next = [...onOneLine(after)];
  let same = 0;
  while (same < old.length && old[same] === next[same]) same++;
  return BACKSPACE.repeat(old.length - same) + next.slice(same).join('');
}

const onOneLine = (text: string): string => text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ');

/** Reads what somebody types: the line as it stands, and those that they have ended. */
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
