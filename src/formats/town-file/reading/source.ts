import {
  type Alias,
  type CST,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';

export type Path = readonly (string | number)[];

/** A remark about a place in the file; lines and columns count from 1. */
export interface Remark {
  line: number;
  column: number;
  path: string;
  message: string;
}

/** A parsed YAML file, with a map from paths to places. */
export interface Source {
  value: unknown;
  /** Returns the place of a path: its key, or its value; for a missing path, the place of its parent. */
  place(path: Path, part: 'key' | 'value'): Position;
}

interface Position {
  line: number;
  column: number;
}

export type SourceResult = { source: Source | undefined; mistakes: Remark[] };

/** The maximum length of a town file. A town of many offices needs some hundred kilobytes. */
const MAX_CHARACTERS = 2_000_000;
/** The maximum depth. The schema is nine levels deep. */
const MAX_DEPTH = 50;
/** The maximum number of syntax mistakes reported; later ones are consequences of the first. */
const MAX_SYNTAX_MISTAKES = 20;
/** The maximum number of aliases. Anchors are for repeated texts; a file with more is an attack or an accident. */
const MAX_ALIASES = 1000;

/** Parses YAML. Syntax mistakes are reported; a file whose only mistakes are repeated keys can still be checked. */
export function readSource(text: string): SourceResult {
  const refused = tooMuch(text);
  if (refused) return failed(refused);
  const deep = tooDeep(text);
  if (deep) return failed('The file is nested too deeply here.', deep);
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const mistakes = doc.errors.slice(0, MAX_SYNTAX_MISTAKES).map((error) => ({
    ...position(lines, error.pos[0], text),
    path: '',
    message: syntaxInWords(error),
  }));
  for (const alias of aliasesOfNothing(doc)) {
    const at = position(lines, alias.range?.[0] ?? 0, text);
    mistakes.push({ ...at, path: '', message: `No &${alias.source} stands above this alias.` });
  }
  const readable = doc.errors.every((error) => error.code === 'DUPLICATE_KEY');
  if (!readable || mistakes.length > doc.errors.length) return { source: undefined, mistakes };
  try {
    const value = doc.toJS({ maxAliasCount: MAX_ALIASES });
    return { source: { value, place: placer(doc, lines, text) }, mistakes };
  } catch {
    return failed(
      'The aliases (*name) of the file refer to themselves or multiply each other; write the texts out.',
    );
  }
}

/** Returns the aliases above which their anchor doesn't stand, in the order of the file. One walk: `resolve` would walk anew for each. */
function aliasesOfNothing(doc: Document.Parsed): Alias[] {
  const anchors = new Set<string>();
  const found: Alias[] = [];
  visit(doc, {
    Node(_, node) {
      if (isAlias(node)) {
        if (!anchors.has(node.source)) found.push(node);
      } else if (node.anchor) anchors.add(node.anchor);
    },
  });
  return found;
}

const failed = (message: string, at = { line: 1, column: 1 }): SourceResult => ({
  source: undefined,
  mistakes: [{ ...at, path: '', message }],
});

function tooMuch(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS) {
    const megabytes = (text.length / 1_000_000).toFixed(1);
    return `The file is too long for a town file: ${megabytes} million characters; the limit is 2.`;
  }
  return text.includes('\0') ? 'The file is not text: it has NUL characters in it.' : undefined;
}

/**
 * Returns the position where the file is nested too deeply for a town file; undefined otherwise. It uses the parser's tokens, since
 * composing such a file exhausts the stack, which can end the process.
 */
function tooDeep(text: string): Position | undefined {
  const lines = new LineCounter();
  const open: { token: CST.Token; depth: number }[] = [];
  for (const document of new Parser(lines.addNewLine).parse(text)) {
    open.push({ token: document, depth: 0 });
    for (let next = open.pop(); next; next = open.pop()) {
      const { token, depth } = next;
      if (depth > MAX_DEPTH) return position(lines, token.offset, text);
      for (const inner of tokensIn(token)) open.push({ token: inner, depth: depth + 1 });
    }
  }
  return undefined;
}

function tokensIn(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items.flatMap((item) => [item.key, item.value].filter((each) => each != null));
}

function position(lines: LineCounter, offset: number, text: string): Position {
  // An offset at the very end of the file may stand after its last line break.
  const inside = Math.min(offset, Math.max(0, text.trimEnd().length));
  const { line, col } = lines.linePos(inside);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function placer(doc: Document.Parsed, lines: LineCounter, text: string): Source['place'] {
  return (path, part) => {
    let node: Node | null = doc.contents;
    let offset = 0;
    for (const [index, step] of path.entries()) {
      const found = child(resolved(node, doc), step);
      if (!found) break;
      const last = index === path.length - 1;
      offset = (last && part === 'value' ? found.value : found.key) ?? found.key ?? offset;
      node = found.node;
    }
    return position(lines, offset, text);
  };
}

function resolved(node: Node | null, doc: Document.Parsed): Node | null {
  return isAlias(node) ? (node.resolve(doc) ?? null) : node;
}

interface Found {
  key: number | undefined;
  value: number | undefined;
  node: Node | null;
}

function child(node: Node | null, step: string | number): Found | undefined {
  if (isMap(node)) {
    const pair = node.items.find(
      (each) => isScalar(each.key) && String(each.key.value) === String(step),
    );
    if (!pair) return undefined;
    const value = isNode(pair.value) ? pair.value : null;
    return { key: startOf(pair.key), value: startOf(value), node: value };
  }
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    const start = startOf(item);
    return isNode(item) ? { key: start, value: start, node: item } : undefined;
  }
  return undefined;
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

const SYNTAX: Partial<Record<YAMLError['code'], string>> = {
  BAD_ALIAS: 'This alias (*name) refers to no anchor (&name) above it.',
  BAD_INDENT: 'The indentation is not right here: keys of one group must start in the same column.',
  BAD_SCALAR_START: 'A text that begins with this sign must stand in quotes.',
  BAD_DQ_ESCAPE: 'After a backslash in double quotes this sign means nothing; use single quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'There is one colon too many on this line; put the text in quotes.',
  BLOCK_IN_FLOW: 'Within braces or brackets everything must be written in the same style.',
  DUPLICATE_KEY: 'This key stands twice in the same group.',
  KEY_OVER_1024_CHARS: 'This key is too long.',
  MISSING_CHAR: 'A sign is missing here: a colon after a key, a comma, a closing quote or bracket.',
  MULTILINE_IMPLICIT_KEY: 'A key must stand on one line; perhaps a quote or bracket is not closed.',
  MULTIPLE_ANCHORS: 'Only one anchor (&name) may stand here.',
  MULTIPLE_DOCS: 'The file must hold one document: remove the line with three hyphens.',
  TAB_AS_INDENT: 'Indent with spaces, not with tabs.',
  UNEXPECTED_TOKEN: 'This sign was not expected here; perhaps the text must stand in quotes.',
};

function syntaxInWords(error: YAMLError): string {
  return SYNTAX[error.code] ?? `The file is not valid YAML here: ${error.message}`;
}
