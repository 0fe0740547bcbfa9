import type { Context, Hono } from 'hono';

/**
 * Who may call a route. `open`: everybody; `journey`, `appointment`, `companion`, `waiting`, `notice`: who knows the secret in
 * the address; `token`: a body's API token; `demo`: everybody, in demo mode only.
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
 * All have a session with a second factor. `signed-in`: whoever has one; `operator`: who runs the installation. In the body
 * of the address, and for anybody else it isn't there: `member`: who has a role; `desk`: who may attend, that is, an agent with
 * a desk and whoever sees the whole body; `attends`: of those, the appointment's desk, whoever has its attention, and who coordinates; `coordinator`: who coordinates or administers; `administrator`.
 * The services decide; this says what they must decide, and the access matrix asks each route as each of these.
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

const policies = new WeakMap<object, Policy>();

/** Mounts a table of contents, in its order. */
export function mount(app: Hono, routes: readonly Route[]): void {
  for (const route of routes) {
    policies.set(route.handle, route.policy);
    app.on(route.method, route.path, route.handle);
  }
}

/** What a mounted handler's table of contents says of it; undefined where none does. */
export const policyOf = (handler: object): Policy | undefined => policies.get(handler);
