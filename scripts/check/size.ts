import { dirname } from 'node:path';
import { unneeded } from './excepting.ts';
import { COMPACT_FOLDERS, FULL_FOLDERS, LONG_FUNCTIONS } from './exceptions.ts';
import { type Finding, lineAt, type Source } from './imports.ts';
import { childrenOf, isNode, type Node, parsed, textOf } from './syntax.ts';

const LIMITS = { function: 60, folder: 20 };

/**
 * Returns whether a file is a test, whose functions may be long. Shared worlds in `testing` are code
 * like any other.
 */
const isTestFile = (path: string): boolean => /\.(test|e2e|fixture)\.tsx?$/.test(path);

/** Name of a function, or of a variable, property or method that holds one; empty without a name. */
const nameOf = (node: Node): string => textOf(node['id'] ?? node['key']);

const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

/** A function with its first line and how many it has. */
interface Measured {
  name: string;
  line: number;
  lines: number;
}

/**
 * Returns the functions of a file. One without a name is counted under the name of the one around it.
 * A file with a syntax error has none, since compiler and linter report it.
 */
export function functionsOf(source: Source): Measured[] {
  const found: Measured[] = [];
  const visit = (node: Node, around: string) => {
    const name = nameOf(node) || around;
    if (FUNCTIONS.includes(node.type) && isNode(node['body'])) {
      const line = lineAt(source.text, node.start);
      found.push({ name, line, lines: lineAt(source.text, node.end) - line + 1 });
    }
    for (const child of childrenOf(node)) visit(child, name);
  };
  visit(parsed(source), 'default');
  return found;
}

/** Functions that do not fit a screen, apart from those of a list that only gets shorter. */
export function checkFunctionLength(sources: Source[], allowed = LONG_FUNCTIONS): Finding[] {
  const long = sources
    .filter(({ path }) => !isTestFile(path))
    .flatMap((source) =>
      functionsOf(source)
        .filter(({ lines }) => lines > LIMITS.function)
        .map((one) => ({ path: source.path, ...one, key: `${source.path} ${one.name}` })),
    );
  return [
    ...long
      .filter(({ key, lines }) => lines > (allowed[key] ?? 0))
      .map(({ path, line, lines, name, key }) => ({
        path,
        line,
        message: `${name} has ${lines} lines; more than ${allowed[key] ?? LIMITS.function} do not fit a screen`,
      })),
    ...unneeded(allowed, new Set(long.map(({ key }) => key)), 'LONG_FUNCTIONS'),
  ];
}

/** Reports folders with too many files, tests not counted. */
export function checkFolders(paths: string[], allowed = FULL_FOLDERS): Finding[] {
  const counts = new Map<string, number>();
  for (const path of paths.filter((path) => !isTestFile(path))) {
    // Texts are one file a feature, so that a translator finds them by the page.
    if (path.startsWith('src/locales/')) continue;
    counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  }
  const full = [...counts].filter(([, count]) => count > LIMITS.folder);
  return [
    ...full
      .filter(([path, count]) => count > (allowed[path] ?? 0))
      .map(([path, count]) => ({
        path,
        line: 1,
        message: `${count} files; more than ${allowed[path] ?? LIMITS.folder} are too many to look through`,
      })),
    ...unneeded(allowed, new Set(full.map(([path]) => path)), 'FULL_FOLDERS'),
  ];
}

/** Findings of the form of code in one file. */
function formsIn(source: Source): Finding[] {
  const found: Finding[] = [];
  const report = (node: Node, message: string) =>
    found.push({ path: source.path, line: lineAt(source.text, node.start), message });
  const visit = (node: Node) => {
    if (isSpreadLiteral(node)) report(node, 'an object literal is spread: write its fields out');
    if (isTuple(node)) report(node, 'several names in one declaration: declare each on its own');
    for (const child of childrenOf(node)) visit(child);
  };
  visit(parsed(source));
  return found;
}

const isSpreadLiteral = ({ type, argument }: Node): boolean =>
  (type === 'SpreadElement' || type === 'JSXSpreadAttribute') &&
  isNode(argument) &&
  argument.type === 'ObjectExpression';

const isTuple = ({ type, id, init }: Node): boolean =>
  type === 'VariableDeclarator' &&
  isNode(id) &&
  id.type === 'ArrayPattern' &&
  isNode(init) &&
  init.type === 'ArrayExpression' &&
  childrenOf(init).every((each) => each.type !== 'SpreadElement');

/** `...{ a, b }` and `const [a, b] = [x, y]` save a line or two, and hide what they do. Tests may. */
export function checkForm(sources: Source[], allowed = COMPACT_FOLDERS): Finding[] {
  return sources
    .filter(({ path }) => !isTestFile(path))
    .filter(({ path }) => !allowed.some((folder) => path.startsWith(folder)))
    .flatMap(formsIn);
}
