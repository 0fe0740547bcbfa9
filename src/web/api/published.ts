import { V1 } from './definitions.ts';
import type { ApiDeps } from './deps.ts';
import { API_LIMITS } from './gate.ts';
import { apiRoutes } from './routes.ts';

/**
 * Returns the OpenAPI document of this version, as JSON, without a database or a running town. The
 * routes are registered but
 * never called. `baseUrl` is the API's address in the document.
 */
export async function publishedDocument(baseUrl: string): Promise<unknown> {
  const config = { baseUrl, trustedProxies: 0, declaredProxies: 0 };
  const api = apiRoutes(stub({ config, limits: API_LIMITS }) as ApiDeps);
  return (await api.request(`${V1}/openapi.json`)).json();
}

/** Returns an object that has `known`, and for every other property a function that returns the same kind of object. */
function stub(known: Record<string, unknown>): object {
  const nothing = () => stub({});
  return new Proxy(nothing, {
    get: (_, key) => {
      // An object with a `then` would be awaited.
      if (key === 'then') return undefined;
      return typeof key === 'string' && key in known ? known[key] : stub({});
    },
  });
}
