import { OpenAPIHono } from '@hono/zod-openapi';
import { existingAppointments } from './appointments.ts';
import { booking, catalogue } from './booking.ts';
import { V1 } from './definitions.ts';
import type { ApiDeps } from './deps.ts';
import { document } from './document.ts';
import { API_LIMITS, type ApiEnv, authenticate, limitBody, ownBody } from './gate.ts';
import { methodsOf, refuseUnknown } from './methods.ts';
import { refuseInvalid, refuseThrown } from './respond.ts';

/**
 * `/api/v1` and the pages that explain it (`/api`, `/problems/*`), to be mounted at the root. Whatever is below /api is
 * answered here, by a problem when there is nothing.
 */
export function apiRoutes(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const api = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid });
  api.onError((error, c) => refuseThrown(c, error, deps.log));
  const { tokens, bodies, clock, config, limits = API_LIMITS } = deps;
  const gate = { tokens, bodies, clock, trustedProxies: config.trustedProxies, limits };

  // Before the gate: what is open to everybody.
  const text = () => openApiText;
  api.get(`${V1}/openapi.json`, (c) => c.body(text(), 200, { 'Content-Type': 'application/json' }));
  api.on('OPTIONS', ['/api', '/api/*'], (c) => refuseUnknown(c, methods));

  api.use(`${V1}/*`, authenticate(gate), limitBody);
  api.use(`${V1}/bodies/:body/*`, ownBody(gate));
  catalogue(api, deps);
  booking(api, deps);
  existingAppointments(api, deps);

  const openApi = document(api, config.baseUrl);
  const openApiText = JSON.stringify(openApi);
  const methods = methodsOf(openApi);
  api.all('/api/*', (c) => refuseUnknown(c, methods));
  return api;
}
