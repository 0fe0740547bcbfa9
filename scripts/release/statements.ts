/** A statement of a migration. */
export interface Statement {
  /** In small letters, with single spaces, without comments. What is between quotes or dollars is kept as it is. */
  text: string;
  /** Where it begins. */
  line: number;
  /** The comments before it, since the statement before. */
  comments: string;
}

/** Comments, strings, names in quotes, bodies between dollars, the end of a statement, and single characters. */
const PARTS =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<kept>'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<tag>\$\w*\$)[\s\S]*?\k<tag>)|(?<end>;)|[\s\S]/g;

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
    else if (groups.comment) comments += text.trim() ? '' : `${part}\n`;
    else {
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

/** Returns the parts of a text between its commas, without those in brackets or quotes. Pure. */
export function betweenCommas(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [part] of text.matchAll(/'(?:[^']|'')*'|[\s\S]/g)) {
    if (part === '(') depth++;
    if (part === ')') depth--;
    if (part === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop()}${part}`);
  }
  return parts.map((each) => each.trim()).filter(Boolean);
}
