import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { PROBLEMS, PROBLEMS_PATH } from '../../lib/problem.ts';
import { clientAddress } from '../address.ts';
import { existingAppointments } from './appointments.ts';
import { booking, catalogue } from './booking.ts';
import { cases } from './cases.ts';
import { V1 } from './definitions.ts';
import type { ApiDeps } from './deps.ts';
import { document } from './document.ts';
import { events } from './events.ts';
import {
  API_LIMITS,
  type ApiEnv,
  authenticate,
  limitBody,
  ownOffice,
  requireScope,
} from './gate.ts';
import { type Methods, methodsOf, refuseUnknown } from './methods.ts';
import { sendReference } from './reference/page.tsx';
import { noteRefusals } from './refusals.ts';
import { refuseInvalid, refuseThrown } from './respond.ts';

/**
 * Returns the routes of `/api/v1` and its documentation (`/api`, `/problems/*`), mounted at the root.
 * Every path below /api is
 * answered here; an unknown one gets a problem.
 */
export function apiRoutes(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const api = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid });
  api.onError((error, c) => refuseThrown(c, error, deps.log));
  const { tokens, offices, clock, config, limits = API_LIMITS } = deps;
  const { trustedProxies, declaredProxies } = config;
  const gate = { tokens, offices, clock, trustedProxies, declaredProxies, limits };

  // Not before the first request: making the document takes as long as the rest of opening a town.
  const openApi = () => document(api, config.baseUrl);
  let known: Methods | null = null;
  const methods = () => {
    known ??= methodsOf(openApi());
    return known;
  };
  // Before the gate: public pages.
  api.get(`${V1}/openapi.json`, (c) => c.json(openApi(), 200, { 'Cache-Control': 'no-cache' }));
  api.get('/api', (c) => sendReference(c, deps.assets, openApi()));
  // The addresses in the `type` of problems.
  api.get(`${PROBLEMS_PATH}/:name`, (c) => {
    const name = c.req.param('name');
    return Object.hasOwn(PROBLEMS, name) ? c.redirect(`/api#problem-${name}`, 302) : c.notFound();
  });
  api.on('OPTIONS', ['/api', '/api/*'], (c) => refuseUnknown(c, methods()));

  const networkOf = (c: Context) => clientAddress(c, trustedProxies);
  api.use(`${V1}/*`, noteRefusals(deps.security, networkOf), authenticate(gate), limitBody);
  api.use(`${V1}/offices/:office/*`, ownOffice(gate));
  api.use(`${V1}/*`, requireScope(methods));
  catalogue(api, deps);
  booking(api, deps);
  existingAppointments(api, deps);
  cases(api, deps);
  events(api, deps);

  api.all('/api/*', (c) => refuseUnknown(c, methods()));
  return api;
}
