import type { Context, Hono } from 'hono';
import { matchedRoutes } from 'hono/route';

/**
 * The viewers that may call a route. `open`: everybody; `journey`, `appointment`, `companion`,
 * `waiting`, `chat`, `notice`, `feed`, `request`, `follower`: holders of the secret in
 * the address; `case`: the same, and where an identified person began it, that person alone; `cosigner`: the person
 * whom the link names, identified; `person`: an identified person, anybody else is asked to identify; `token`: an office's API token; `hub`: the hub of folders
 * that the town file names; `key`: the handler asks for a token as `api_key`, as Open311 does; `demo`: everybody, in demo mode only.
 */
export type Policy =
  | 'open'
  | 'journey'
  | 'appointment'
  | 'companion'
  | 'waiting'
  | 'chat'
  | 'case'
  | 'cosigner'
  | 'request'
  | 'follower'
  | 'notice'
  | 'person'
  | 'feed'
  | 'token'
  | 'hub'
  | 'key'
  | 'demo'
  | StaffPolicy;

/**
 * All of these need a session with a second factor. `signed-in`: anybody with one; `operator`: operators
 * of the installation; `month`: whoever sees the month of some office. The others depend on the role in the office
 * of the address, which is not found for everybody else. `member`: any role that opens the console; `desk`: agents with
 * a desk and viewers of the whole office; `attends`: among those, the agent of the appointment's desk,
 * the holder of its encounter, and coordinators; `coordinator`: coordinators and administrators;
 * `administrator`.
 * A guard refuses everybody else before the handler runs, and the services decide again: docs/adr/0046.
 */
export type StaffPolicy =
  | 'signed-in'
  | 'operator'
  | 'month'
  | 'member'
  | 'desk'
  | 'attends'
  | 'coordinator'
  | 'administrator';

export type Handler = (c: Context) => Response | Promise<Response>;

/** One line of a table of contents: a route without a policy isn't served. */
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

/**
 * Returns the method and pattern of a request's route, for logs and metrics. The address itself may
 * contain a secret.
 */
export function routeOf(c: Context): string {
  return `${c.req.method} ${patternOf(c)}`;
}

/**
 * Returns the pattern of the first route that matches this address; middleware, which has no method,
 * doesn't count.
 */
export function patternOf(c: Context): string {
  const matched = matchedRoutes(c);
  const route = matched.find((each) => each.method !== 'ALL') ?? matched.at(-1);
  return route?.path ?? '/*';
}

const policies = new WeakMap<object, Policy>();

/** A guard's decision: a refusal, or null when the request may reach the handler. */
export type Verdict = Response | null;

/** Refuses viewers outside a policy, before the handler runs. */
export type Guard = (c: Context) => Verdict | Promise<Verdict>;

export interface Guards {
  /** The guards of all policies in the table of contents. */
  of: Partial<Record<Policy, Guard>>;
  /** Called for each answer, of the guard or of the handler. */
  answered?(c: Context, route: Route, response: Response): void | Promise<void>;
}

/** Lets everybody through. */
export const open: Guard = () => null;

/**
 * Mounts a table of contents, in its order, each handler behind the guard of its policy.
 * @throws when a route has a policy without a guard, so that no route is served unguarded
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

/**
 * Returns where to go from an address that only takes a form: the nearest page above it. After a mistake the browser stands there, and
 * loading the page again asks for it. Null: a page has this address, or nothing takes a form there.
 */
export function wayBack(routes: readonly Route[]): (path: string) => string | null {
  const patterns = (method: Route['method']) =>
    routes
      .filter((each) => each.method === method)
      .map(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`));
  const pages = patterns('GET');
  const forms = patterns('POST');
  const isIn = (list: readonly RegExp[], path: string) => list.some((each) => each.test(path));
  return (path) => {
    if (isIn(pages, path) || !isIn(forms, path)) return null;
    let up = path;
    while (up !== '' && !isIn(pages, up)) up = up.slice(0, up.lastIndexOf('/'));
    return up || null;
  };
}

/** Wraps a look-up to run once per request, so that a guard and its handler share the result. */
export function oncePerRequest<T>(find: (c: Context) => Promise<T>): (c: Context) => Promise<T> {
  const found = new WeakMap<Context, Promise<T>>();
  return (c) => {
    const known = found.get(c) ?? find(c);
    found.set(c, known);
    return known;
  };
}

/** Returns the policy of a mounted handler; undefined without one. */
export const policyOf = (handler: object): Policy | undefined => policies.get(handler);
