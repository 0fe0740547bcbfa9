import type { Context } from 'hono';
import { isScope, type Scope } from '../../domain/scopes.ts';
import type { OpenApiDocument } from './document.ts';
import { notFound, refuse } from './respond.ts';

interface OperationEntry {
  /** The one scope that a token needs. */
  scope: Scope;
}

/** Each path of the API with the methods that it has. */
export type Methods = readonly {
  path: RegExp;
  allow: string;
  operations: ReadonlyMap<string, OperationEntry>;
}[];

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** Returns the paths and operations of the document. @throws for an operation that doesn't declare exactly one known scope */
export function methodsOf({ paths = {} }: OpenApiDocument): Methods {
  return Object.entries(paths).map(([path, item]) => {
    const own = METHODS.filter((method) => item[method]);
    const operations = new Map<string, OperationEntry>(
      own.map((method) => [
        method.toUpperCase(),
        { scope: scopeOf(`${method} ${path}`, item[method]?.security) },
      ]),
    );
    const get = operations.get('GET');
    const names = own.map((method) => method.toUpperCase());
    const all = get ? ['GET', 'HEAD', ...names.slice(1)] : names;
    if (get) operations.set('HEAD', get);
    return {
      path: new RegExp(`^${path.replaceAll(/\{.+?\}/g, '[^/]+')}$`),
      allow: [...all, 'OPTIONS'].join(', '),
      operations,
    };
  });
}

function scopeOf(name: string, security: Record<string, string[]>[] | undefined): Scope {
  const scopes = security?.length === 1 ? (security[0]?.token ?? []) : [];
  const scope = scopes[0];
  if (scopes.length !== 1 || scope === undefined || !isScope(scope))
    throw new Error(`The API’s operation ${name} declares no scope`);
  return scope;
}

/** The operation that a request asks for; null when the document has none such. */
export function operationAt(methods: Methods, c: Context): OperationEntry | null {
  const known = methods.find(({ path }) => path.test(c.req.path));
  return known?.operations.get(c.req.method) ?? null;
}

/** Answers a request that no route took: OPTIONS, a method that the path doesn't have, or an unknown path. */
export function refuseUnknown(c: Context, methods: Methods): Response {
  const known = methods.find(({ path }) => path.test(c.req.path));
  if (!known) return notFound(c);
  const headers = { Allow: known.allow };
  if (c.req.method === 'OPTIONS') return c.body(null, 204, headers);
  return refuse(c, 'method-not-allowed', `Here is ${known.allow}.`, { headers });
}
