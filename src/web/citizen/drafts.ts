import { gunzipSync, gzipSync } from 'node:zlib';
import type { Context as Request } from 'hono';
import type { Drafts } from '../../features/foundation/drafts/service.ts';
import { takesGzip } from '../respond.tsx';
import type { Handler, Route } from '../routes.ts';

export interface DraftsDeps {
  drafts: Drafts;
}

/** A page that answered a form. */
interface Answer {
  status: number;
  headers: [name: string, value: string][];
  html: string;
}

const HEADERS = [
  ...(['Content-Type', 'Content-Security-Policy', 'Permissions-Policy'] as const),
  ...(['X-Robots-Tag', 'Retry-After'] as const),
];
/** Compressed bytes; a page of times has about 8,000. A larger answer is sent at once and not kept. */
const MOST_BYTES = 128 * 1024;

/**
 * Makes the browser's Back and reload never send a form again: a page that answers a form is kept for some minutes, and the browser is led
 * to it by the form's own address (303). Redirects, files and data are sent as they are. Once a form succeeds, its kept page is deleted,
 * and its address shows the plain form. It holds for every address that has both a page and a form.
 */
export function answerByAddress(deps: DraftsDeps, routes: readonly Route[]): Route[] {
  const pathsOf = (method: Route['method']) =>
    new Set(routes.filter((each) => each.method === method).map(({ path }) => path));
  const pages = pathsOf('GET');
  const forms = pathsOf('POST');
  const isBoth = ({ path }: Route) => pages.has(path) && forms.has(path);
  return routes.map((route) =>
    isBoth(route) ? { ...route, handle: HANDLERS[route.method](deps, route.handle) } : route,
  );
}

type Wrap = (deps: DraftsDeps, handle: Handler) => Handler;

const HANDLERS: Record<Route['method'], Wrap> = {
  GET: (deps, handle) => async (c) => (await keptAnswer(deps, c)) ?? handle(c),
  POST: (deps, handle) => async (c) => {
    const answer = await handle(c);
    const before = c.req.query('draft');
    if (before) await deps.drafts.drop(before);
    return isPage(answer) ? leadTo(deps, c, answer) : answer;
  },
  PATCH: (_, handle) => handle,
};

const isPage = (answer: Response): boolean =>
  answer.headers.get('Content-Type')?.startsWith('text/html') ?? false;

/**
 * The kept page; null: there is none, or somebody opens a link to it. Only our own pages lead there: a stranger could otherwise send a
 * link to a form that they have filled in.
 */
async function keptAnswer(deps: DraftsDeps, c: Request): Promise<Response | null> {
  const secret = c.req.query('draft');
  if (!secret || (c.req.header('Sec-Fetch-Site') ?? 'same-origin') !== 'same-origin') return null;
  const kept = await deps.drafts.find(secret, c.req.path);
  if (!kept) return null;
  const { status, headers, html }: Answer = JSON.parse(gunzipSync(kept).toString());
  const all = new Headers([...headers, ['Cache-Control', 'no-store'], ['Vary', 'Accept-Encoding']]);
  const named = html.replaceAll(formsOf(c), (action) => `${action}${mark(action, secret)}`);
  if (!takesGzip(c)) return new Response(named, { status, headers: all });
  all.set('Content-Encoding', 'gzip');
  return new Response(new Uint8Array(gzipSync(named, { level: 4 })), { status, headers: all });
}

/** Keeps a page, and leads the browser to it. */
async function leadTo(deps: DraftsDeps, c: Request, answer: Response): Promise<Response> {
  const bytes = Buffer.from(await answer.clone().arrayBuffer());
  const html = answer.headers.get('Content-Encoding') === 'gzip' ? gunzipSync(bytes) : bytes;
  const headers = HEADERS.flatMap((name): Answer['headers'] => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  const whole: Answer = { status: answer.status, headers, html: html.toString() };
  const kept = gzipSync(JSON.stringify(whole));
  if (kept.length > MOST_BYTES) return answer;
  const secret = await deps.drafts.keep(c.req.path, kept);
  const { pathname, searchParams } = new URL(c.req.url);
  searchParams.set('draft', secret);
  const to = new Headers({ Location: `${pathname}?${searchParams}`, 'Cache-Control': 'no-store' });
  for (const cookie of answer.headers.getSetCookie()) to.append('Set-Cookie', cookie);
  return new Response(null, { status: 303, headers: to });
}

/** Finds the beginning of each form that is sent to the page's own address, up to the end of the address. */
function formsOf(c: Request): RegExp {
  const path = c.req.path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`<form [^>]*action="${path}(?:\\?[^"]*)?(?=")`, 'g');
}

/** The parameter that names the kept page in the address of its form, so that the form deletes the page when it succeeds. */
const mark = (action: string, secret: string): string =>
  `${action.includes('?') ? '&amp;' : '?'}draft=${secret}`;
