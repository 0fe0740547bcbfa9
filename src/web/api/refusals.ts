import type { MiddlewareHandler, Context as Request } from 'hono';
import type { SecurityLog } from '../../lib/security-events.ts';
import { routeOf } from '../routes.ts';
import type { ApiEnv } from './gate.ts';

/** Records refusals of the API: invalid tokens, missing scopes and too many requests. */
export function noteRefusals(
  security: SecurityLog,
  networkOf: (c: Request) => string,
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await next();
    const { status, headers } = c.res;
    const access = c.get('access');
    const refused = c.get('refused');
    if (status < 400) return;
    const route = routeOf(c);
    // A request without a token didn't try one.
    if (status === 401 && refused) {
      const token = 'token' in refused ? refused.token : null;
      security.note('api.token_refused', { token, what: refused.why }, networkOf(c));
    }
    if (status === 403 && access) {
      const what = /scope="([^"]*)"/.exec(headers.get('WWW-Authenticate') ?? '')?.[1] ?? null;
      security.note('api.scope_refused', {
        token: access.token,
        office: access.office,
        route,
        what,
      });
    }
    if (status === 429)
      security.note('web.rate_limited', { token: access?.token ?? null, route }, networkOf(c));
  };
}
