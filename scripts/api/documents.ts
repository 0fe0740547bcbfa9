import { type Change, isSame, type Json, listOf, type Node, nodeOf, sides } from './changes.ts';
import { change, compareSchemas, type Direction, type Documents, resolve } from './schemas.ts';

const METHODS = ['get', 'put', 'post', 'patch', 'delete', 'head', 'options', 'trace'];
/** The beginning of every path of this API: names leave it out. */
const BASE = /^\/api\/v\d+/;

/** Compares two OpenAPI 3.1 documents as a client sees them: `before` is the one that it was written for. */
export function compareDocuments(before: Node, after: Node): Change[] {
  const documents = { before, after, compared: new Set<string>() };
  return [
    ...compareOperations(documents, 'paths', (path, method) => {
      return `${method.toUpperCase()} ${path.replace(BASE, '')}`;
    }),
    ...compareOperations(documents, 'webhooks', (name) => `webhook ${name}`),
  ];
}

function compareOperations(
  documents: Documents,
  part: 'paths' | 'webhooks',
  nameOf: (path: string, method: string) => string,
): Change[] {
  const old = operationsOf(documents.before[part], nameOf);
  const now = operationsOf(documents.after[part], nameOf);
  const { gone, added, both } = sides(old.keys(), now.keys());
  return [
    ...gone.map((name) => change('breaking', { at: [name] }, 'is gone')),
    ...added.map((name) => change('addition', { at: [name] }, 'is new')),
    ...both.flatMap((name) =>
      compareOperation(old.get(name) ?? {}, now.get(name) ?? {}, documents, part, [name]),
    ),
  ];
}

function operationsOf(paths: Json | undefined, nameOf: (path: string, method: string) => string) {
  const found = new Map<string, Node>();
  for (const [path, item] of Object.entries(nodeOf(paths))) {
    const shared = listOf(nodeOf(item).parameters);
    for (const method of METHODS) {
      const operation = nodeOf(item)[method];
      if (operation === undefined) continue;
      const own = nodeOf(operation);
      found.set(nameOf(path, method), {
        ...own,
        parameters: [...shared, ...listOf(own.parameters)],
      });
    }
  }
  return found;
}

function compareOperation(
  old: Node,
  now: Node,
  documents: Documents,
  part: 'paths' | 'webhooks',
  at: string[],
): Change[] {
  // Clients send requests to the API. The API sends those of webhooks, and clients read them.
  const [sent, read]: Direction[] =
    part === 'paths' ? ['request', 'answer'] : ['answer', 'request'];
  const renamed = `has the operationId ${now.operationId}, and had ${old.operationId}`;
  return [
    ...(old.operationId === now.operationId ? [] : [change('breaking', { at }, renamed)]),
    ...compareScopes(old, now, at),
    ...compareParameters(old, now, documents, sent!, at),
    ...compareBody(old.requestBody, now.requestBody, documents, sent!, at),
    ...compareAnswers(old, now, documents, read!, at),
  ];
}

/** The scopes that a token needs. */
function compareScopes(old: Node, now: Node, at: string[]): Change[] {
  const scopesOf = (operation: Node) =>
    listOf(operation.security).flatMap((each) =>
      Object.entries(nodeOf(each)).flatMap(([scheme, scopes]) => [
        scheme,
        ...listOf(scopes).map(String),
      ]),
    );
  const { gone, added } = sides(scopesOf(old), scopesOf(now));
  return [
    ...added.map((scope) => change('breaking', { at }, `needs ${scope}`)),
    ...gone.map((scope) => change('addition', { at }, `needs ${scope} no more`)),
  ];
}

function compareParameters(
  old: Node,
  now: Node,
  documents: Documents,
  direction: Direction,
  at: string[],
): Change[] {
  const before = parametersOf(old, documents.before);
  const after = parametersOf(now, documents.after);
  const { gone, added, both } = sides(before.keys(), after.keys());
  const isRequest = direction === 'request';
  const needed = (parameter: Node | undefined) => parameter?.required === true;
  return [
    ...gone.map((name) => change('breaking', { at: [...at, name] }, 'is gone')),
    ...added.map((name) =>
      isRequest && needed(after.get(name))
        ? change('breaking', { at: [...at, name] }, 'is new, and must be sent')
        : change('addition', { at: [...at, name] }, 'is new'),
    ),
    ...both.flatMap((name) => {
      const place = { documents, direction, at: [...at, name] };
      const changes = compareSchemas(before.get(name)?.schema, after.get(name)?.schema, place);
      const was = needed(before.get(name));
      if (was === needed(after.get(name))) return changes;
      const isHarder = isRequest !== was;
      const what = was ? 'may be missing' : 'must be there';
      return [...changes, change(isHarder ? 'breaking' : 'addition', place, what)];
    }),
  ];
}

/** The parameters by their names; headers, the path and the query have names of their own. */
function parametersOf(operation: Node, document: Node): Map<string, Node> {
  const all = listOf(operation.parameters).map((each) => resolve(each, document));
  return new Map(
    all.map((each) => [each.in === 'header' ? `${each.name} header` : `${each.name}`, each]),
  );
}

function compareBody(
  old: Json | undefined,
  now: Json | undefined,
  documents: Documents,
  direction: Direction,
  at: string[],
): Change[] {
  const before = resolve(old, documents.before);
  const after = resolve(now, documents.after);
  const isHarder = direction === 'request' && after.required === true && before.required !== true;
  return [
    ...(isHarder ? [change('breaking', { at }, 'must have a body')] : []),
    ...compareContent(before.content, after.content, { documents, direction, at }),
  ];
}

function compareAnswers(
  old: Node,
  now: Node,
  documents: Documents,
  direction: Direction,
  at: string[],
): Change[] {
  const before = nodeOf(old.responses);
  const after = nodeOf(now.responses);
  const { gone, added, both } = sides(Object.keys(before), Object.keys(after));
  const isSuccess = (status: string) => status.startsWith('2');
  return [
    ...gone.map((status) =>
      change(isSuccess(status) ? 'breaking' : 'compatible', { at }, `answers ${status} no more`),
    ),
    // Clients handle unknown failures by the first digit, but successes by their content.
    ...added.map((status) =>
      change(isSuccess(status) ? 'breaking' : 'addition', { at }, `answers ${status} too`),
    ),
    ...both.flatMap((status) => {
      const was = resolve(before[status], documents.before);
      const is = resolve(after[status], documents.after);
      const place = { documents, direction, at: [...at, status] };
      const headers = sides(Object.keys(nodeOf(was.headers)), Object.keys(nodeOf(is.headers)));
      return [
        ...headers.gone.map((name) => change('breaking', place, `has the header ${name} no more`)),
        ...headers.added.map((name) => change('addition', place, `has the header ${name} too`)),
        ...compareContent(was.content, is.content, place),
      ];
    }),
  ];
}

function compareContent(
  old: Json | undefined,
  now: Json | undefined,
  place: { documents: Documents; direction: Direction; at: string[] },
): Change[] {
  const { gone, added, both } = sides(Object.keys(nodeOf(old)), Object.keys(nodeOf(now)));
  return [
    ...gone.map((type) => change('breaking', place, `is ${type} no more`)),
    ...added.map((type) => change('addition', place, `can be ${type} too`)),
    ...both.flatMap((type) => {
      const before = nodeOf(nodeOf(old)[type]).schema;
      const after = nodeOf(nodeOf(now)[type]).schema;
      return isSame(before, undefined) && isSame(after, undefined)
        ? []
        : compareSchemas(before, after, place);
    }),
  ];
}
