import { parse } from 'yaml';
import { exportTown } from '../../features/booking/administration/service.ts';
import { ALBERT, consoleWorld } from '../console/testing.ts';

export const BASE = '/console/oac/admin';

/** Opens a town whose administrator, Albert, gets pages of the administration and sends their forms. */
export async function adminWorld() {
  const world = await consoleWorld();
  const albert = await world.signIn(ALBERT);
  const ask = (path: string, cookie = albert) =>
    world.app.request(`${BASE}${path}`, { headers: { cookie, 'Accept-Language': 'ca' } });
  const page = async (path: string) => (await ask(path)).text();
  return {
    world,
    albert,
    ask,
    page,
    oac: async () => parse((await exportTown(world.database.kysely)) ?? '').offices.oac,
    /** Returns the fields that a browser would send for the page's form. */
    formOf: async (path: string) => fieldsIn(await page(path)),
    async send(path: string, form: URLSearchParams, more: Record<string, string> = {}) {
      for (const [name, text] of Object.entries({ act: 'save', ...more })) form.set(name, text);
      const response = await world.app.request(`${BASE}${path}`, {
        method: 'POST',
        headers: {
          cookie: albert,
          'Accept-Language': 'ca',
          'Content-Type': 'application/x-www-form-urlencoded',
        },
        body: form.toString(),
      });
      return {
        status: response.status,
        to: response.headers.get('Location'),
        html: await response.text(),
      };
    },
  };
}

/** Returns the fields that a browser would send for the page's form, without its buttons. */
export const fieldsIn = (html: string): URLSearchParams =>
  sentBy(/<form method="post"[^>]*class="form admin"[\s\S]*?<\/form>/.exec(html)?.[0] ?? '');

/** Returns the same for a confirmation page. */
export const agreedIn = (html: string): URLSearchParams =>
  sentBy(
    [...html.matchAll(/<form method="post"[\s\S]*?<\/form>/g)]
      .map(([form]) => form)
      .find((form) => form.includes('name="agreed"')) ?? '',
  );

function sentBy(form: string): URLSearchParams {
  const sent = new URLSearchParams();
  for (const [tag, text] of tagsIn(form)) {
    const attribute = (name: string) =>
      decoded(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
    const type = attribute('type');
    const isOff = (type === 'radio' || type === 'checkbox') && !/\schecked/.test(tag);
    if (attribute('name') && !isOff) sent.append(attribute('name'), text ?? attribute('value'));
  }
  return sent;
}

const FIELD =
  /<input[^>]*>|<textarea[^>]*>([\s\S]*?)<\/textarea>|<select[^>]*>([\s\S]*?)<\/select>/g;

/** Returns each field as its tag, with its text where the tag doesn't have it. */
const tagsIn = (html: string): [string, string | null][] =>
  [...html.matchAll(FIELD)].map(([tag, text, options]) => {
    if (options !== undefined) return [tag.slice(0, tag.indexOf('>') + 1), chosenIn(options)];
    return [tag, text === undefined ? null : decoded(text)];
  });

const chosenIn = (options: string): string => {
  const all = [...options.matchAll(/<option[^>]*>/g)].map(([tag]) => tag);
  const chosen = all.find((tag) => /\sselected/.test(tag)) ?? all[0] ?? '';
  return decoded(/\svalue="([^"]*)"/.exec(chosen)?.[1] ?? '');
};

export const decoded = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
