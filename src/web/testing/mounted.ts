import type { Hono } from 'hono';
import { type Policy, policyOf, type StaffPolicy } from '../routes.ts';
import type { World } from './worlds.ts';

/** A route that answers to a method. `none`: it has no policy, which is a mistake. */
export interface Mounted {
  method: string;
  path: string;
  policy: Policy;
}

/** The value for each parameter of an address, by the segment before it or else by its name. */
export const PARAMETERS: Record<string, keyof World> = {
  ':office': 'office',
  'offices/:office': 'office',
  ':procedure': 'procedure',
  'procedures/:code': 'procedure',
  'appointment/:id': 'appointment',
  'appointments/:id': 'appointment',
  'chats/:chat': 'message',
  'files/:file': 'document',
  'webhooks/:id': 'webhook',
  'tokens/:token': 'token',
  'history/:version': 'version',
  'people/:person': 'person',
  'desk-away/:absence': 'absence',
  'desks/:desk': 'desk',
  'change/:change': 'rotaChange',
  'closing/:change': 'rotaChange',
  'passkey/:id': 'passkey',
  'colleague/:request': 'request',
  'asked/:request': 'request',
  'reports/:asked': 'asked',
  'reports/:report': 'report',
  'papers/:shown': 'shown',
  'call/:request': 'request',
  'appointment/:secret': 'secret',
  's/:secret': 'secret',
  'w/:secret': 'waiting',
  'n/:token': 'notice',
  'companion/:secret': 'invitation',
  'companion/:companion': 'companion',
  'companions/:companion': 'companion',
  'booking/:journey': 'journey',
  'waiting/:secret': 'waiting',
  'chat/:secret': 'chat',
  'file/:file': 'chatFile',
  'case/:secret': 'case',
  'cosign/:secret': 'cosign',
  'request/:secret': 'told',
  'follow/:secret': 'following',
  ':photo': 'photo',
  'cosigners/:cosigner': 'cosigner',
  'cases/:id': 'decided',
  'requests/:id': 'sentRequest',
  ':picture': 'requestPhoto',
  'receipt/:entry': 'entry',
  'form/:id': 'assisted',
  'on-behalf/:id': 'assisted',
  'notifications/:notification': 'decided',
  ':step': 'step',
  ':question': 'question',
  ':item': 'item',
  'notices/:token': 'notice',
  'calendar/:file': 'feed',
  'connected/:id': 'calendar',
  'documents/:document': 'document',
  'download/:document': 'document',
  'papers/:document': 'paper',
  'upload/:document': 'document',
  'documents/:result': 'result',
  'acts/:act': 'act',
  ':act': 'act',
  'identify/:person': 'identified',
};

/** Routes outside the table of contents, since they are no pages. Each has its own tests. */
const OTHERS = new Set([
  '/healthz',
  '/readyz',
  '/metrics',
  '/api',
  '/problems/:name',
  '/api/v1/openapi.json',
]);

/** Everything that answers to a method, once. */
export function mounted(app: Hono): Mounted[] {
  const found = new Map<string, Mounted>();
  for (const { method, path, handler } of app.routes) {
    if (method === 'ALL' || method === 'OPTIONS' || OTHERS.has(path)) continue;
    const policy = policyOf(handler) ?? (path.startsWith('/api/v1/') ? 'token' : undefined);
    if (policy) found.set(`${method} ${path}`, { method, path, policy });
    else found.set(`${method} ${path}`, { method, path, policy: 'none' as Policy });
  }
  return [...found.values()];
}

/** Returns the address of a route in a world. `otherwise`: for a parameter without a declared value. @throws when there is neither */
export function addressIn(path: string, world: World, otherwise?: string): string {
  return path.replaceAll(
    /([^/]*)\/:(\w+)(\{.*?\})?(?=\/|$)/g,
    (_all, before: string, name: string) => {
      if (name === 'language') return `${before}/ca`;
      const what = PARAMETERS[`${before}/:${name}`] ?? PARAMETERS[`:${name}`];
      if (!what && otherwise !== undefined) return `${before}/${otherwise}`;
      if (!what) throw new Error(`What stands for :${name} in ${path}? Say it in PARAMETERS.`);
      return `${before}/${world[what]}`;
    },
  );
}

/** The secrets that open the citizen's pages, by policy. */
export const SECRETS = {
  journey: 'journey',
  appointment: 'secret',
  companion: 'invitation',
  waiting: 'waiting',
  case: 'case',
  cosigner: 'cosign',
  request: 'told',
  follower: 'following',
  notice: 'notice',
  feed: 'feed',
} as const;

/** Whether staff only may ask for it. */
export const isStaffs = (route: Mounted): route is Mounted & { policy: StaffPolicy } =>
  ['signed-in', 'operator', 'member', 'desk', 'attends', 'coordinator', 'administrator'].includes(
    route.policy,
  );
