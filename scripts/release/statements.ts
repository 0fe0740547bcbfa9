/** A statement of a migration. */
export interface Statement {
  /** In small letters, with single spaces, without comments. What is between quotes or dollars is kept as it is. */
  text: string;
  /** Where it begins. */
  line: number;
  /** The comments before it, since the statement before. */
  comments: string;
}

/** Strings, also with escapes (E'…'), and bodies between dollars. */
const STRING =
  /(?<![\w$])e'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|(?<![\w$])(?<tag>\$(?:[a-z_]\w*)?\$)[\s\S]*?\k<tag>/gi;

/** Comments, strings, names in quotes, the end of a statement, and single characters. */
const PARTS = new RegExp(
  String.raw`(?<comment>--[^\n]*|/\*[\s\S]*?\*/)|(?<kept>${STRING.source}|"(?:[^"]|"")*")|(?<end>;)|[\s\S]`,
  'gi',
);

/** Returns the statements of a file of SQL. Pure. */
export function statementsOf(sql: string): Statement[] {
  const statements: Statement[] = [];
  let text = '';
  let comments = '';
  let line = 1;
  let begins = 0;
  const close = () => {
    if (text.trim()) statements.push({ text: text.trim(), line: begins, comments });
    text = '';
    comments = '';
  };
  for (const { 0: part, groups = {} } of sql.matchAll(PARTS)) {
    if (groups.end) close();
    else if (groups.comment) {
      comments += text.trim() ? '' : `${part}\n`;
      if (!text.endsWith(' ')) text += ' ';
    } else {
      if (!text.trim() && part.trim()) begins = line;
      const isSpace = /\s/.test(part) && !groups.kept;
      if (!isSpace) text += groups.kept ?? part.toLowerCase();
      else if (!text.endsWith(' ')) text += ' ';
    }
    line += part.split('\n').length - 1;
  }
  close();
  return statements;
}

/** Returns a statement with nothing in its strings and bodies: its own words. Pure. */
export const withoutStrings = (text: string): string => text.replaceAll(STRING, "''");

/** Returns the parts of a text without strings between its commas, without those in brackets. Pure. */
export function betweenCommas(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const part of text) {
    if (part === '(') depth++;
    if (part === ')') depth--;
    if (part === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop()}${part}`);
  }
  return parts.map((each) => each.trim()).filter(Boolean);
}

/** Returns where the words of a function's head end: at the first `language` that is not in brackets; null: there is none. Pure. */
export function headEnd(text: string): number | null {
  const parts = new RegExp(`${STRING.source}|\\blanguage\\b|[()]`, 'gi');
  let depth = 0;
  for (const { 0: part, index } of text.matchAll(parts)) {
    if (part === '(') depth++;
    else if (part === ')') depth--;
    else if (depth === 0 && part.toLowerCase() === 'language') return index;
  }
  return null;
}
