import type { Context, Hono } from 'hono';
import { matchedRoutes } from 'hono/route';

/**
 * Who may call a route. `open`: everybody; `journey`, `appointment`, `companion`, `waiting`, `notice`: who knows the secret in
 * the address; `token`: an office's API token; `demo`: everybody, in demo mode only.
 */
export type Policy =
  | 'open'
  | 'journey'
  | 'appointment'
  | 'companion'
  | 'waiting'
  | 'notice'
  | 'token'
  | 'demo'
  | StaffPolicy;

/**
 * All have a session with a second factor. `signed-in`: whoever has one; `operator`: who runs the installation. In the office
 * of the address, and for anybody else it isn't there: `member`: who has a role; `desk`: who may attend, that is, an agent with
 * a desk and whoever sees the whole office; `attends`: of those, the appointment's desk, whoever has its encounter, and who coordinates; `coordinator`: who coordinates or administers; `administrator`.
 * A guard refuses everybody else before the handler runs, and the services decide once more: docs/adr/0046.
 */
export type StaffPolicy =
  | 'signed-in'
  | 'operator'
  | 'member'
  | 'desk'
  | 'attends'
  | 'coordinator'
  | 'administrator';

export type Handler = (c: Context) => Response | Promise<Response>;

/** One line of a table of contents: nothing is served that doesn't say who may ask for it. */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  policy: Policy;
  handle: Handler;
}

export const get = (path: string, policy: Policy, handle: Handler): Route => ({
  method: 'GET',
  path,
  policy,
  handle,
});

export const post = (path: string, policy: Policy, handle: Handler): Route => ({
  method: 'POST',
  path,
  policy,
  handle,
});

export const patch = (path: string, policy: Policy, handle: Handler): Route => ({
  method: 'PATCH',
  path,
  policy,
  handle,
});

/** Method and pattern of the route that a request is for, as logs and figures name it. The address itself may hold a secret. */
export function routeOf(c: Context): string {
  return `${c.req.method} ${patternOf(c)}`;
}

/** The pattern of the first route that answers this address; middleware, which has no method, is none. */
export function patternOf(c: Context): string {
  const matched = matchedRoutes(c);
  const route = matched.find((each) => each.method !== 'ALL') ?? matched.at(-1);
  return route?.path ?? '/*';
}

const policies = new WeakMap<object, Policy>();

/** What a guard answers: a refusal, or null when the request may go on to the handler. */
export type Verdict = Response | null;

/** Refuses whoever a policy does not allow, before the handler runs. */
export type Guard = (c: Context) => Verdict | Promise<Verdict>;

export interface Guards {
  /** The guards of all policies that the table of contents uses. */
  of: Partial<Record<Policy, Guard>>;
  /** Told of each answer, whether a guard or the handler gave it. */
  answered?(c: Context, route: Route, response: Response): void | Promise<void>;
}

/** Lets everybody through. */
export const open: Guard = () => null;

/**
 * Mounts a table of contents, in its order, each handler behind the guard of its policy.
 * @throws when a route has a policy without a guard: nothing is served unguarded
 */
export function mount(app: Hono, routes: readonly Route[], guards: Guards): void {
  for (const route of routes) {
    const handle = guarded(route, guards);
    policies.set(handle, route.policy);
    app.on(route.method, route.path, handle);
  }
}

function guarded(route: Route, guards: Guards): Handler {
  const guard = guards.of[route.policy];
  if (!guard)
    throw new Error(`${route.method} ${route.path}: the policy ${route.policy} has no guard here`);
  return async (c) => {
    const refusal = await guard(c);
    const response = refusal ?? (await route.handle(c));
    await guards.answered?.(c, route, response);
    return response;
  };
}

/** Finds something once for each request, so that a guard and its handler share what they look up. */
export function oncePerRequest<T>(find: (c: Context) => Promise<T>): (c: Context) => Promise<T> {
  const found = new WeakMap<Context, Promise<T>>();
  return (c) => {
    const known = found.get(c) ?? find(c);
    found.set(c, known);
    return known;
  };
}

/** What a mounted handler's table of contents says of it; undefined where none does. */
export const policyOf = (handler: object): Policy | undefined => policies.get(handler);
