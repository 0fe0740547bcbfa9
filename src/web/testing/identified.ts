/** What answers requests. */
interface Answering {
  fetch(request: Request): Response | Promise<Response>;
}

/** An answer: its text, and where it leads. */
interface Answered {
  status: number;
  html: string;
  path: string;
  headers: Headers;
}

/** A browser in which somebody is identified by the demonstration's provider. */
export interface IdentifiedBrowser {
  get(path: string): Promise<Answered>;
  /** Sends any request, such as a form with files. */
  send(path: string, init: RequestInit): Promise<Answered>;
  post(
    path: string,
    form?: Record<string, string>,
  ): Promise<{ status: number; html: string; path: string }>;
  cookie(): string;
}

/** Identifies a person of the demonstration in a new browser, which says nothing of itself. */
export async function identified(
  app: Answering,
  identifier: string,
  level = 'substantial',
): Promise<IdentifiedBrowser> {
  const browser = browserIn(app);
  await identifyIn(browser, identifier, { level });
  return browser;
}

/** Identifies a person of the demonstration in a browser. `to`: what they do with all of their folder, for which the provider asks again. */
export async function identifyIn(
  browser: IdentifiedBrowser,
  identifier: string,
  { level = 'substantial', to }: { level?: string; to?: 'export' | 'erasure' } = {},
): Promise<void> {
  const why = to ? `?for=${to}` : '';
  const went = await browser.post(`/ca/identify${why}`, { provider: 'demo' });
  const [, state = ''] = /state=([^"&]+)/.exec((await browser.get(went.path)).html) ?? [];
  const query = new URLSearchParams({ state, person: identifier, level });
  const back = await browser.get(`/identify/demo/return?${query}`);
  if (back.status !== 303) throw new Error(`Not identified: ${back.status}`);
}

/** A browser that keeps its cookies. */
function browserIn(app: Answering): IdentifiedBrowser {
  const jar = new Map<string, string>();
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const ask = async (path: string, init: RequestInit) => {
    const request = new Request(`http://localhost${path}`, init);
    request.headers.set('Cookie', cookie());
    const answer = await app.fetch(request);
    for (const each of answer.headers.getSetCookie()) {
      const [pair = ''] = each.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (each.includes('Max-Age=0')) jar.delete(name);
      else jar.set(name, value);
    }
    const { status, headers: got } = answer;
    return { status, html: await answer.text(), path: got.get('Location') ?? path, headers: got };
  };
  return {
    cookie,
    get: (path) => ask(path, {}),
    send: ask,
    post: (path, form = {}) =>
      ask(path, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' }),
  };
}
