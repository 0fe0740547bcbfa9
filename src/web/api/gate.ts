import type { Context, MiddlewareHandler, Next } from 'hono';
import type { Office } from '../../domain/office/types.ts';
import { hasScope } from '../../domain/scopes.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';
import { readBearer } from '../../features/foundation/tokens/rules.ts';
import type { Tokens } from '../../features/foundation/tokens/service.ts';
import type { TokenAccess, TokenFound } from '../../features/foundation/tokens/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { createLimiter } from '../../lib/limiter.ts';
import type { TokenViewer } from '../../lib/viewer.ts';
import { clientAddress, exactAddress } from '../address.ts';
import { type Methods, operationAt, refuseUnknown } from './methods.ts';
import { lacksScope, notFound, refuse } from './respond.ts';

/** The data of an API request after authentication. */
export interface ApiEnv {
  Variables: {
    viewer: TokenViewer;
    access: TokenAccess;
    office: Office;
    /** The reason for refusing a token. */
    refused?: Extract<TokenFound, { ok: false }>;
  };
}

/** The number of requests: `burst` at once, then so many a minute. */
export interface Allowance {
  burst: number;
  perMinute: number;
}

export interface ApiLimits {
  /** For a token. It is a town hall's own system: the limit stops runaway loops. */
  token: Allowance;
  /** For an address without a valid token. */
  stranger: Allowance;
}

export const API_LIMITS: ApiLimits = {
  token: { burst: 60_000, perMinute: 60_000 },
  stranger: { burst: 1_000, perMinute: 600 },
};

interface GateDeps {
  tokens: Tokens;
  offices: Offices;
  clock: Clock;
  trustedProxies: number;
  declaredProxies: number;
  limits: ApiLimits;
}

/** Lets requests with a valid token in. Everything under /api/v1 is behind it, even unknown routes. */
export function authenticate(deps: GateDeps): MiddlewareHandler<ApiEnv> {
  const ofToken = createLimiter(deps.clock, deps.limits.token);
  const ofStranger = createLimiter(deps.clock, deps.limits.stranger);
  return async (c, next) => {
    c.header('Cache-Control', 'no-store');
    const token = readBearer(c.req.header('Authorization'));
    const found =
      token === null ? null : await deps.tokens.find(token, exactAddress(c, deps.declaredProxies));
    if (!found?.ok) {
      if (found) c.set('refused', found);
      const wait = ofStranger.take(clientAddress(c, deps.trustedProxies));
      return wait > 0 ? tooMany(c, wait) : unauthenticated(c, token !== null);
    }
    const { access } = found;
    const wait = ofToken.take(String(access.token));
    if (wait > 0) return tooMany(c, wait);
    const { token: id, office, scopes } = access;
    c.set('access', access);
    c.set('viewer', { kind: 'token', token: id, office, scopes: new Set(scopes) });
    return next();
  };
}

/** Restricts a token to its own office; any other office is not found. */
export function ownOffice({ offices }: GateDeps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { code, office: id, revision } = c.get('access');
    // Its revision came with the token.
    const office = c.req.param('office') === code ? await offices.at(id, revision) : null;
    if (!office) return notFound(c);
    c.set('office', office);
    return next();
  };
}

/**
 * Restricts a token to its scopes. The OpenAPI document has the scope of each operation. Requests
 * outside the document are
 * answered here, so that no route bypasses the scopes.
 */
export function requireScope(methods: () => Methods): MiddlewareHandler<ApiEnv> {
  return (c, next) => {
    const operation = operationAt(methods(), c);
    if (!operation) return Promise.resolve(refuseUnknown(c, methods()));
    if (!hasScope(c.get('viewer'), operation.scope))
      return Promise.resolve(lacksScope(c, operation.scope));
    return next() as Promise<undefined>;
  };
}

const tooMany = (c: Context, seconds: number) =>
  refuse(c, 'too-many-requests', `Wait ${seconds} seconds and go on more slowly.`, {
    headers: { 'Retry-After': String(seconds) },
  });

/** RFC 6750, section 3. */
const unauthenticated = (c: Context, wasGiven: boolean) =>
  refuse(
    c,
    'unauthenticated',
    wasGiven
      ? 'This token opens nothing: it is mistaken, it has ended, or it may not be used from your address.'
      : 'Send Authorization: Bearer and your token.',
    {
      headers: {
        'WWW-Authenticate': `Bearer realm="finestreta"${wasGiven ? ', error="invalid_token"' : ''}`,
      },
    },
  );

/** Our requests are far smaller. */
const MOST_BODY_BYTES = 64 * 1024;

/** Refuses a body that is too large, by its announced length or, without one, by its bytes. */
export async function limitBody(c: Context, next: Next): Promise<Response | undefined> {
  const { method } = c.req;
  if (method === 'GET' || method === 'HEAD') {
    await next();
    return undefined;
  }
  const length = c.req.header('Content-Length');
  const isTooLarge =
    length !== undefined && c.req.header('Transfer-Encoding') === undefined
      ? Number(length) > MOST_BODY_BYTES
      : !(await keepText(c));
  if (isTooLarge) {
    return refuse(c, 'body-too-large', `At most ${MOST_BODY_BYTES} bytes.`);
  }
  await next();
  return undefined;
}

/** Reads a body of unknown length to where the validators expect it; false when it is too large. */
async function keepText(c: Context): Promise<boolean> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BODY_BYTES) return false;
    text += decoder.decode(chunk, { stream: true });
  }
  c.req.bodyCache.text = Promise.resolve(text + decoder.decode()) as never; // the type declaration expects the text itself
  return true;
}
