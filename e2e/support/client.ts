import type { Language } from '../../src/lib/i18n/languages.ts';
import { unusedCode } from './pages.ts';
import type { Access } from './server.ts';

/** A page as the server sent it. */
export interface Sent {
  status: number;
  /** Path and query of its address. */
  path: string;
  html: string;
}

/** Stores the sent page as one in this state, and returns it. */
export type See = (name: string, page: Sent | Promise<Sent>) => Promise<Sent>;

export type FormFields = Record<string, string | string[]>;

/** A browser without a window: cookies, forms and redirects, nothing else. */
export interface Client {
  cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Sent>;
  /** Sends a form; follows where it leads. */
  post(path: string, form: FormFields, headers?: Record<string, string>): Promise<Sent>;
  /** The same of a form with files. */
  send(path: string, body: FormData): Promise<Sent>;
}

/** `send`: how requests are sent, such as through a proxy. */
export function openClient(
  origin: string,
  language: Language,
  send: (url: URL, init: RequestInit) => Promise<Response> = fetch,
): Client {
  const cookies = new Map<string, string>([['staff_language', language]]);
  const ask = async (path: string, init: RequestInit & { headers: Record<string, string> }) => {
    const response = await send(new URL(path, origin), {
      ...init,
      redirect: 'manual',
      headers: {
        'Accept-Language': language,
        Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...init.headers,
      },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  const read = async (path: string, response: Response): Promise<Sent> => {
    const html = await response.text();
    const to = response.headers.get('Location');
    return to && response.status < 400
      ? client.get(to)
      : { status: response.status, path: pathOf(path, origin), html };
  };
  const client: Client = {
    cookies,
    get: async (path, headers = {}) => read(path, await ask(path, { headers })),
    post: async (path, form, headers = {}) => {
      const pairs = Object.entries(form).flatMap(([name, values]) =>
        [values].flat().map((value) => [name, value]),
      );
      const body = new URLSearchParams(pairs);
      return read(path, await ask(path, { method: 'POST', body, headers }));
    },
    send: async (path, form) => {
      const { body, headers } = await wholeOf(form);
      return read(path, await ask(path, { method: 'POST', body, headers }));
    },
  };
  return client;
}

/** Returns a form with files as one body of a known length, as browsers send it. */
async function wholeOf(
  form: FormData,
): Promise<{ body: ArrayBuffer; headers: Record<string, string> }> {
  const sent = new Request('http://localhost/', { method: 'POST', body: form });
  const type = sent.headers.get('Content-Type') ?? '';
  return { body: await sent.arrayBuffer(), headers: { 'Content-Type': type } };
}

const pathOf = (path: string, origin: string): string => {
  const { pathname, search } = new URL(path, origin);
  return pathname + search;
};

/** Signs a member of staff in with both factors. */
export async function enter(client: Client, access: Access, email: string): Promise<void> {
  const person = access.staff.find((each) => each.email === email);
  if (!person?.totpSecret) throw new Error(`No log-in for ${email}`);
  const { password, totpSecret } = person;
  await client.post('/staff/sign-in', { email, password });
  const page = await client.post('/staff/code', { code: unusedCode(totpSecret) });
  if (!/^\/(console|staff\/month)\b/.test(page.path))
    throw new Error(`${email} came to ${page.path}`);
}

/** Returns a browser with a signed-in member of the staff. */
export async function signedIn(
  town: { origin: string },
  access: Access,
  email: string,
): Promise<Client> {
  const client = openClient(town.origin, 'ca');
  await enter(client, access, email);
  return client;
}

/** The free starts that a page offers, in the order of time. */
export const startsIn = (html: string): string[] =>
  [...html.matchAll(/<input[^>]*name="start"[^>]*>/g)]
    .flatMap(([tag]) =>
      tag.includes('type="radio"') ? [/value="([^"]+)"/.exec(tag)?.[1] ?? ''] : [],
    )
    .sort();
