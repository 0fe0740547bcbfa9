import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES, type Language } from '../../../lib/i18n/languages.ts';
import { DEMO_TOWN } from '../../../paths.ts';
import { faultsOf, type TestTown, testTown } from '../testing.ts';

const BASE = 'http://localhost';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());

/** Returns the attributes of every tag of a name, in the page's order. */
function tagsIn(html: string, name: string): Record<string, string>[] {
  return [...html.matchAll(new RegExp(`<${name}((?: [^>]*)?)>`, 'g'))].map(([, inside = '']) =>
    Object.fromEntries(
      [...inside.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    ),
  );
}

const canonicalOf = (html: string) =>
  tagsIn(html, 'link').find((each) => each.rel === 'canonical')?.href;
const alternatesOf = (html: string): Record<string, string> =>
  Object.fromEntries(
    tagsIn(html, 'link')
      .filter((each) => each.rel === 'alternate')
      .map((each) => [each.hreflang ?? '', each.href ?? '']),
  );
const metaOf = (html: string, name: string) =>
  tagsIn(html, 'meta').find((each) => (each.name ?? each.property) === name)?.content;
const isHidden = (html: string) => metaOf(html, 'robots') === 'noindex';
const dataOf = (html: string) =>
  JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/.exec(html)?.[1] ?? 'null');

/**
 * Parses XML strictly: only elements, text and the declaration are allowed. Returns the elements with
 * their text.
 */
function elementsOf(
  xml: string,
): { name: string; attributes: Record<string, string>; text: string }[] {
  const found: ReturnType<typeof elementsOf> = [];
  const open: typeof found = [];
  const text = (raw: string) => {
    expect(raw).toMatch(/^([^<&]|&(amp|lt|gt|quot|apos);)*$/);
    return raw.replaceAll('&amp;', '&');
  };
  let rest = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>/, '');
  expect(rest).not.toBe(xml);
  while (rest) {
    const token = /^(?:<(\/?)([\w:]+)((?: [\w:]+="[^"<]*")*)(\/?)>|([^<]+))/.exec(rest);
    if (!token) throw new Error(`Not XML: ${rest.slice(0, 80)}`);
    rest = rest.slice(token[0].length);
    const [, closing, name = '', inside = '', single, words] = token;
    const inner = open.at(-1);
    if (words !== undefined) {
      if (inner) inner.text += text(words);
      else expect(words.trim()).toBe('');
    } else if (closing) {
      expect(open.pop()?.name).toBe(name);
    } else {
      const attributes = Object.fromEntries(
        [...inside.matchAll(/ ([\w:]+)="([^"]*)"/g)].map(([, key, raw = '']) => [key, text(raw)]),
      );
      const element = { name, attributes, text: '' };
      found.push(element);
      if (!single) open.push(element);
    }
  }
  expect(open).toEqual([]);
  return found;
}

/** Returns the paths of all public pages, from the sitemap. */
async function publicPaths(): Promise<string[]> {
  const { html } = await town.get('/sitemap.xml');
  return elementsOf(html)
    .filter((each) => each.name === 'loc')
    .map((each) => each.text.replace(BASE, ''));
}

describe('every public page', () => {
  test('is in the sitemap, which is XML, and works', async () => {
    const answer = await town.get('/sitemap.xml');
    expect(answer.headers.get('Content-Type')).toContain('application/xml');
    const paths = await publicPaths();
    // 1 town, 2 offices with their open data, 21 procedures, 6 pages about the site; in 4 languages, each once.
    expect(paths.length).toBe(new Set(paths).size);
    expect(paths.length).toBe((1 + 2 * 2 + 21 + 6) * LANGUAGES.length);
    for (const path of paths) expect((await town.get(path)).status, path).toBe(200);
  });

  test('links to itself and to its translations, which link back', async () => {
    const pages = new Map<string, string>();
    for (const path of await publicPaths()) pages.set(BASE + path, (await town.get(path)).html);
    for (const [address, html] of pages) {
      const twins = alternatesOf(html);
      expect(canonicalOf(html), address).toBe(address);
      expect(Object.keys(twins), address).toEqual([...LANGUAGES, 'x-default']);
      expect(Object.values(twins), address).toContain(address);
      for (const twin of Object.values(twins))
        expect(alternatesOf(pages.get(twin) ?? ''), `${address} ${twin}`).toEqual(twins);
      const language = address.slice(BASE.length + 1, BASE.length + 3);
      expect(twins[language], address).toBe(address);
      expect(metaOf(html, 'og:url'), address).toBe(address);
      expect(metaOf(html, 'og:locale'), address).toMatch(new RegExp(`^${language}_`));
      expect(isHidden(html), address).toBe(false);
    }
  });

  test('matches the sitemap, with the same translations', async () => {
    const { html } = await town.get('/sitemap.xml');
    const links = elementsOf(html).filter((each) => each.name === 'xhtml:link');
    const languages = new Set(links.map((each) => each.attributes.hreflang));
    expect([...languages]).toEqual([...LANGUAGES, 'x-default']);
    const paths = new Set((await publicPaths()).map((each) => BASE + each));
    for (const { attributes } of links) expect(paths).toContain(attributes.href);
  });
});

describe.each(LANGUAGES)('in %s', (language: Language) => {
  test('town, office and procedure are described in a sentence, also for machines', async () => {
    for (const [path, type] of [
      ['', 'GovernmentOrganization'],
      ['/oac', 'GovernmentOffice'],
      ['/oac/volant-padro', 'GovernmentService'],
      ['/hisenda/ibi', 'GovernmentService'],
    ]) {
      const { html } = await town.get(`/${language}${path}`);
      expect(metaOf(html, 'description')?.length, path).toBeGreaterThan(40);
      expect(metaOf(html, 'og:description'), path).toBe(metaOf(html, 'description'));
      const data = dataOf(html);
      expect(data, path).toMatchObject({ '@context': 'https://schema.org', '@type': type });
      expect(data.name, path).toBeTruthy();
    }
  });

  test('results, corrections, near matches and empty results are good HTML', async () => {
    for (const path of [
      '?q=multa',
      '?q=zzzz',
      '/oac?q=empadronamet',
      '/oac?q=padro+barques',
      '/oac?q=ibi+moto',
      '/oac/consulta-activitat',
      '/hisenda/fraccionament',
      '/hisenda/domiciliacio',
    ]) {
      const { html } = await town.get(`/${language}${path}`);
      expect({ path, faults: await faultsOf(html) }).toEqual({ path, faults: [] });
    }
  });
});

test('passing and personal pages have no permanent address', async () => {
  for (const path of [
    '/ca?q=padro',
    '/ca/oac?q=padro',
    '/ca/oac/volant-padro/times?channel=phone&language=ca',
    '/ca/oac/volant-padro/times?channel=phone&language=ca&from=2026-12-01',
    '/ca/appointment/unknown',
    '/ca/nope',
  ]) {
    const { html } = await town.get(path);
    expect(canonicalOf(html), path).toBeUndefined();
    expect(isHidden(html), path).toBe(true);
  }
  // A parameter from an advertisement changes nothing.
  const { html } = await town.get('/ca/oac/volant-padro?utm_source=x');
  expect(canonicalOf(html)).toBe(`${BASE}/ca/oac/volant-padro`);
});

test('robots are kept from private pages', async () => {
  const { html: text, headers } = await town.get('/robots.txt');
  expect(headers.get('Content-Type')).toContain('text/plain');
  const patterns = [...text.matchAll(/^Disallow: (.+)$/gm)].map(
    ([, path = '']) => new RegExp(`^${path.replaceAll('*', '.*')}`),
  );
  const isKept = (path: string) => patterns.some((each) => each.test(path));
  for (const path of [
    '/ca/appointment/abc',
    '/eu/oac/booking/abc/details',
    '/ca/waiting/abc',
    '/ca/notices/abc.def',
    '/console/day',
    '/staff',
    '/api/v1/offices',
    '/demo',
  ])
    expect(isKept(path), path).toBe(true);
  for (const path of await publicPaths()) expect(isKept(path), path).toBe(false);
  expect(text).toContain(`Sitemap: ${BASE}/sitemap.xml`);
});

test('the town’s search covers all offices, in all languages, and names each procedure’s office', async () => {
  const { html } = await town.get('/ca?q=impuesto+coche');
  const [first] = [...html.matchAll(/class="main" href="([^"]+)"/g)].map(([, href]) => href);
  expect(first).toBe('/ca/hisenda/vehicles');
  expect(html).toMatch(/<p class="small">Institut d’Hisenda<\/p>/);
});

test('a typo is corrected, a superfluous word is named, and an empty result gives advice', async () => {
  expect((await town.get('/ca/oac?q=empadronamet')).html).toContain('Volies dir «empadronament»?');
  expect((await town.get('/ca/oac?q=padro+barques')).html).toContain('Cap no té totes les teves');
  const { html } = await town.get('/ca/oac?q=zzzz');
  expect(html).toContain('No hem trobat res per a «zzzz»');
  for (const way of ['"/ca/oac/informacio-tramits"', '"tel:+34930100010"', '"/ca/oac#walk-in"'])
    expect(html).toContain(way);
});

test('an office names another one that offers the procedure', async () => {
  const { html } = await town.get('/ca/oac?q=fraccionar');
  expect(html).toContain('En una altra oficina');
  expect(html).toContain('/ca/hisenda/fraccionament');
  expect((await town.get('/ca/oac?q=padro')).html).not.toContain('En una altra oficina');
});

test('companies and professionals read before they book that they must go online, and where', async () => {
  const { html } = await town.get('/ca/oac/consulta-activitat');
  const told = html.indexOf('la llei et demana que ho facis en línia');
  expect(told).toBeGreaterThan(0);
  expect(told).toBeLessThan(html.indexOf('id="book"'));
  expect(html.slice(told, told + 400)).toContain('href="https://seu.vilaclara.example"');
  expect((await town.get('/ca/oac/volant-padro')).html).not.toContain('la llei et demana');
});

test('a procedure describes the eligible people, the steps, and its sections', async () => {
  const { html } = await town.get('/ca/hisenda/domiciliacio');
  expect(html).toContain('Ho has de demanar tu');
  expect(html).toContain(
    'per telèfon (et truquem nosaltres, uns 10 minuts) o per videotrucada (uns 15 minuts)',
  );
  for (const [, id] of html.matchAll(/href="#([\w-]+)"/g)) expect(html).toContain(`id="${id}"`);
  expect((await town.get('/ca/oac/volant-padro')).html).not.toContain('Ho has de demanar tu');
});

test('every theme has an anchor', async () => {
  const { html } = await town.get('/ca');
  const themes = [...html.matchAll(/href="\/ca\/(\w+)#(theme-[\w-]+)"/g)];
  expect(themes.length).toBe(8);
  for (const [, office, id] of themes)
    expect((await town.get(`/ca/${office}`)).html).toContain(`id="${id}"`);
});

test('a procedure that is no longer offered says so and helps to find another', async () => {
  await within(town.database.kysely, INSTALLATION, async (tx) => {
    await sql`update procedure set retired_at = '2026-11-01T00:00:00Z' where code = 'gaudir-mes'`.execute(
      tx,
    );
    await sql`update office set revision = revision + 1`.execute(tx);
  });
  for (const language of LANGUAGES) {
    const page = await town.get(`/${language}/oac/gaudir-mes`);
    expect(page.status).toBe(410);
    expect(page.html).toContain('Gaudir+');
    expect(page.html).toContain(`action="/${language}/oac"`);
    expect(canonicalOf(page.html)).toBeUndefined();
    expect(await faultsOf(page.html)).toEqual([]);
  }
  expect((await town.get('/ca/oac/gaudir-mes/times')).status).toBe(410);
  expect((await town.get('/ca/oac/never-was')).status).toBe(404);
  expect(await publicPaths()).not.toContain('/ca/oac/gaudir-mes');
});

describe('the entries of the town’s page', () => {
  const entriesIn = (html: string) =>
    [...(/<ul class="needs">(.*?)<\/ul>/.exec(html)?.[1] ?? '').matchAll(/<a href="([^"]+)"/g)].map(
      ([, href]) => href,
    );
  const entriesOf = async (yaml: string) => {
    const other = await testTown(yaml);
    const { html } = await other.get('/ca');
    await other.close();
    expect(await faultsOf(html)).toEqual([]);
    return entriesIn(html);
  };
  const demo = readFileSync(DEMO_TOWN, 'utf8');

  test('are the procedures of an office without themes; what does not fit is behind the last one', async () => {
    const entries = await entriesOf(demo.replaceAll(/^ {8}theme: .*\n/gm, ''));
    const codes = [
      'informacio-tramits',
      'instancia-generica',
      'notificacio-electronica',
      'cens-electoral',
    ];
    expect(entries.slice(0, 4)).toEqual(codes.map((code) => `/ca/oac/${code}`));
    expect(entries[5]).toBe('/ca/oac');
    expect(entries.slice(6).every((each) => each?.startsWith('/ca/hisenda/'))).toBe(true);
    expect(entries.length).toBeLessThanOrEqual(12);
  });

  test('leave out no procedure without a theme beside those with one', async () => {
    const entries = await entriesOf(demo.replace(/^ {8}theme: .*\n/m, ''));
    expect(entries).toContain('/ca/oac');
    expect(entriesIn((await town.get('/ca')).html)).not.toContain('/ca/oac');
  });
});
