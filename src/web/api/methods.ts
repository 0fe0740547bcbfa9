import type { Context } from 'hono';
import type { OpenApiDocument } from './document.ts';
import { notFound, refuse } from './respond.ts';

/** Each path of the API with the methods that it has. */
export type Methods = readonly { path: RegExp; allow: string }[];

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

export function methodsOf({ paths = {} }: OpenApiDocument): Methods {
  return Object.entries(paths).map(([path, item]) => {
    const own = METHODS.filter((method) => item[method]).map((method) => method.toUpperCase());
    const all = own.includes('GET') ? ['GET', 'HEAD', ...own.slice(1)] : own;
    return {
      path: new RegExp(`^${path.replaceAll(/\{.+?\}/g, '[^/]+')}$`),
      allow: [...all, 'OPTIONS'].join(', '),
    };
  });
}

/** What no route answered: OPTIONS, a method that the path doesn't have, or no path of ours. */
export function refuseUnknown(c: Context, methods: Methods): Response {
  const known = methods.find(({ path }) => path.test(c.req.path));
  if (!known) return notFound(c);
  const headers = { Allow: known.allow };
  if (c.req.method === 'OPTIONS') return c.body(null, 204, headers);
  return refuse(c, 'method-not-allowed', `Here is ${known.allow}.`, { headers });
}
