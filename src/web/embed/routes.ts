import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { Office } from '../../domain/office/types.ts';
import { isLanguage, type Language } from '../../lib/i18n/languages.ts';
import { createLimiter } from '../../lib/limiter.ts';
import type { FirstTimes } from '../../ui/first-times.ts';
import { clientAddress } from '../address.ts';
import { get, mount, open, type Route } from '../routes.ts';
import { type ChatNowDeps, chatNow } from './chat.ts';
import { choose, firstTimes, type TimesDeps } from './times.ts';

export interface EmbedDeps extends TimesDeps, ChatNowDeps {
  config: { trustedProxies: number };
}

/** What a link to the chat has in place of a procedure. */
const CHAT = 'chat';
/** The maximum age of the times on other sites' pages, here and in browsers. */
const KEPT_SECONDS = 30;
/** For one address: enough for a school's readers behind one line, few for a machine. */
const READS = { burst: 60, perMinute: 120 };

interface Answer {
  text: string;
  tag: string;
}

/** The routes for a town's own website; the script that calls them is src/islands/embed/script.ts. */
function embedRoutes(deps: EmbedDeps): Route[] {
  const reads = createLimiter(deps.clock, READS);
  const find = finder(deps);

  const handle = async (c: Context): Promise<Response> => {
    const wait = reads.take(clientAddress(c, deps.config.trustedProxies));
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return c.json({}, 429);
    }
    const found = await find(c);
    if (!found) return c.json({}, 404);
    c.header('ETag', found.tag);
    c.header('Cache-Control', `public, max-age=${KEPT_SECONDS}`);
    if (c.req.header('If-None-Match') === found.tag) return c.body(null, 304);
    return c.body(found.text, 200, { 'Content-Type': 'application/json; charset=utf-8' });
  };
  return [get('/embed/:language/:office/:procedure{[a-z0-9-]+\\.json}', 'open', handle)];
}

/**
 * Returns a look-up of free times, or of whether somebody can answer in the chat, that runs at most every half minute for each choice, however many
 * pages show it.
 */
function finder(deps: EmbedDeps): (c: Context) => Promise<Answer | null> {
  const kept = new Map<string, { until: number; answer: Promise<Answer> }>();
  return async (c) => {
    const language = c.req.param('language');
    const office = await deps.offices.find(c.req.param('office') ?? '');
    const code = (c.req.param('procedure') ?? '').replace(/\.json$/, '');
    const { languages } = await deps.offices.town();
    if (!isLanguage(language) || !languages.includes(language) || !office) return null;
    const said =
      code === CHAT ? chatOf(deps, c, office, language) : timesOf(deps, c, office, language, code);
    if (!said) return null;
    // The key has only available choices, so the number of keys is limited.
    const key = JSON.stringify([office.id, office.revision, code, language, said.choice]);
    const now = deps.clock.now().epochMilliseconds;
    for (const [each, { until }] of kept) if (until <= now) kept.delete(each);
    const known = kept.get(key)?.answer;
    if (known) return known;
    const answer = said.read().then(written);
    kept.set(key, { until: now + KEPT_SECONDS * 1000, answer });
    answer.catch(() => kept.delete(key));
    return answer;
  };
}

/** What an address asks for: its available choice, and how it is read. Null: there is no such thing. */
type Asked = { choice: unknown; read(): Promise<FirstTimes> } | null;

function timesOf(
  deps: EmbedDeps,
  c: Context,
  office: Office,
  language: Language,
  code: string,
): Asked {
  const procedure = office.procedure(code);
  if (!procedure || procedure.retired) return null;
  const asked = { language, channel: c.req.query('channel'), spoken: c.req.query('language') };
  const choice = choose(office, procedure, asked);
  return { choice, read: () => firstTimes(deps, office, procedure, language, choice) };
}

function chatOf(deps: EmbedDeps, c: Context, office: Office, language: Language): Asked {
  const { topics } = office.settings.chat;
  if (topics.length === 0) return null;
  const topic = topics.find(({ code }) => code === c.req.query('topic'))?.code ?? null;
  return { choice: topic, read: () => chatNow(deps, office, language, topic) };
}

function written(times: object): Answer {
  const text = JSON.stringify(times);
  return { text, tag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"` };
}

export function embedPages(deps: EmbedDeps): Hono {
  const app = new Hono();
  mount(app, embedRoutes(deps), { of: { open } });
  return app;
}
