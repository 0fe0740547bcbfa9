import { createHash } from 'node:crypto';
import { request } from 'node:http';

/** A page as it was sent; redirects aren't followed, except to the form's own page, which shows what is wrong. */
export interface Page {
  status: number;
  html: string;
  /** Where it leads. */
  to: string | undefined;
  retryAfter: string | undefined;
}

/** A caller at an address of this machine's own network, such as 127.0.0.2. */
export interface Caller {
  get(path: string, headers?: Record<string, string>): Promise<Page>;
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Page>;
}

/** Asks a server on this machine from `address`. */
export function callFrom(address: string, port: number): Caller {
  const ask = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    new Promise<Page>((resolve, reject) => {
      // A connection each: one that is kept ends while an answer is sought.
      const agent = false;
      const to = { agent, host: '127.0.0.1', port, path, method, localAddress: address, headers };
      const sent = request(to, (response) => {
        let html = '';
        response.setEncoding('utf8').on('data', (part) => {
          html += part;
        });
        response.once('error', reject);
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            html,
            to: response.headers.location,
            retryAfter: response.headers['retry-after'],
          }),
        );
      });
      sent.once('error', reject);
      sent.end(body);
    });
  return {
    get: (path, headers = {}) => ask('GET', path, headers),
    post: async (path, form, headers = {}) => {
      const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const body = new URLSearchParams(form).toString();
      const answer = await ask('POST', path, { ...type, ...headers }, body);
      const isAgain = answer.to?.split('?')[0] === path.split('?')[0];
      return answer.to && isAgain ? ask('GET', answer.to, headers) : answer;
    },
  };
}

/** The free times that a page offers. */
export const startsOf = ({ html }: Page): string[] =>
  [...html.matchAll(/type="radio"[^>]*name="start"[^>]*value="([^"]+)"/g)].map(
    (match) => match[1] ?? '',
  );

export const isChallenge = (page: Page): boolean => page.html.includes('name="ticket"');

/** Returns the fields that a working script would send: the form's fields with the found number. */
export function solve({ html }: Page): Record<string, string> {
  const data = (name: string) => new RegExp(`data-${name}="([^"]*)"`).exec(html)?.[1] ?? '';
  const fields = Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="(\w+)" value(?:="([^"]*)")?/g)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );
  const salt = data('salt');
  const target = data('challenge');
  for (let number = 0; number < Number(data('below')); number++)
    if (createHash('sha256').update(`${salt}.${number}`).digest('hex') === target)
      return { ...fields, answer: String(number) };
  throw new Error('The page has nothing to find');
}
