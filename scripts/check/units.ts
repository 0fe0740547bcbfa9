import { basename, posix } from 'node:path';
import { except, unneeded } from './excepting.ts';
import { BARE_TRANSACTIONS, TOLD_BY_HAND } from './exceptions.ts';
import { type Finding, featureOf, isTest, lineAt, type Source } from './imports.ts';
import { childrenOf, isNode, type Node, nodesIn, parsed, textOf } from './syntax.ts';

/** The parts of the notifier that only the unit of work may use. */
const NOTIFYING = [
  /\bnotify(?:Topic)?\??(?:\(office\b|:\s*\(office\b)/g,
  /\bnotifier\.notify(?:Topic)?\b/g,
  /\bPick<\s*Notifier,[^>]*'notify/g,
  /:\s*Notifier\b/g,
];

/** The file that tells the notifier after a commit. */
const UNIT = 'src/features/foundation/audit/unit.ts';

/** Features don't call the notifier: the commit of a unit of work does. */
export function checkNotifying(sources: Source[], allowed = TOLD_BY_HAND): Finding[] {
  const found = sources
    .filter(({ path }) => featureOf(path) !== null && path !== UNIT && !isTest(path))
    .flatMap(({ path, text }) => {
      const told = NOTIFYING.flatMap((form) => [...text.matchAll(form)]);
      const lines = new Set(told.map((match) => lineAt(text, match.index)));
      const message = 'a feature tells nobody by hand: the commit of a unit of work does';
      return [...lines].map((line) => ({ path, line, message }));
    });
  return except(found, allowed, 'TOLD_BY_HAND');
}

/** The exports and imports of a file that matter for transactions. */
interface Module {
  /** Names of exported functions that take a bare transaction. */
  bare: Set<string>;
  /** The origin of an exported name: its file and its name there. */
  from: Map<string, Named>;
  imports: (Named & { line: number })[];
}

interface Named {
  path: string;
  name: string;
}

/**
 * Functions that take a bare transaction from another feature: their changes would be committed without
 * a record. Reads of `views.ts` are allowed, since they change nothing.
 */
export function checkTransactions(sources: Source[], allowed = BARE_TRANSACTIONS): Finding[] {
  const code = sources.filter(({ path }) => path.startsWith('src/') && !isTest(path));
  const modules = new Map(code.map((source) => [source.path, moduleOf(source)]));
  const originOf = ({ path, name }: Named): Named => {
    const next = modules.get(path)?.from.get(name);
    return next ? originOf(next) : { path, name };
  };
  const findings: Finding[] = [];
  const needed = new Set<string>();
  for (const [path, { imports }] of modules) {
    for (const each of imports) {
      const origin = originOf(each);
      const feature = featureOf(origin.path);
      if (feature === null || feature === featureOf(path)) continue;
      if (basename(origin.path) === 'views.ts') continue;
      if (!modules.get(origin.path)?.bare.has(origin.name)) continue;
      const key = `${origin.path} ${origin.name}`;
      needed.add(key);
      const message = `${origin.name} of ${feature} takes a bare transaction: it takes the unit of work`;
      if (!(key in allowed)) findings.push({ path, line: each.line, message });
    }
  }
  return [...findings, ...unneeded(allowed, needed, 'BARE_TRANSACTIONS')];
}

function moduleOf(file: Source): Module {
  const { path, text } = file;
  const program = parsed(file);
  const made: Module = { bare: new Set(), from: new Map(), imports: [] };
  const resolve = (name: string) => posix.join(posix.dirname(path), name);
  for (const node of nodesIn(program['body'])) {
    const source = textOf(node['source']);
    if (node.type === 'ImportDeclaration' && source.startsWith('.'))
      for (const each of nodesIn(node['specifiers']))
        made.imports.push({
          path: resolve(source),
          name: textOf(each['imported']),
          line: lineAt(text, each.start),
        });
    if (node.type !== 'ExportNamedDeclaration') continue;
    for (const each of nodesIn(node['specifiers'])) {
      const target = source.startsWith('.')
        ? { path: resolve(source), name: textOf(each['local']) }
        : importOf(program, textOf(each['local']), resolve);
      if (target) made.from.set(textOf(each['exported']), target);
    }
    if (isNode(node['declaration']))
      for (const name of bareIn(node['declaration'])) made.bare.add(name);
  }
  return made;
}

/** Where a name comes from that a file imports and exports again. */
function importOf(program: Node, local: string, resolve: (name: string) => string): Named | null {
  for (const node of nodesIn(program['body'])) {
    const source = textOf(node['source']);
    if (node.type !== 'ImportDeclaration' || !source.startsWith('.')) continue;
    const found = nodesIn(node['specifiers']).find((each) => textOf(each['local']) === local);
    if (found) return { path: resolve(source), name: textOf(found['imported']) };
  }
  return null;
}

/** Names of the functions of a declaration that take a transaction. */
function bareIn(declaration: Node): string[] {
  const functions =
    declaration.type === 'FunctionDeclaration'
      ? [{ name: textOf(declaration['id']), params: declaration['params'] }]
      : nodesIn(declaration['declarations']).flatMap((each) =>
          isNode(each['init']) && each['init'].type.endsWith('FunctionExpression')
            ? [{ name: textOf(each['id']), params: each['init']['params'] }]
            : [],
        );
  return functions.filter(({ params }) => nodesIn(params).some(namesTx)).map(({ name }) => name);
}

const namesTx = (node: Node): boolean =>
  (node.type === 'TSTypeReference' && textOf(node['typeName']) === 'Tx') ||
  childrenOf(node).some(namesTx);
