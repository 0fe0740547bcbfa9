import type { Office, Town } from '../../../domain/office/types.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { Handler } from '../../routes.ts';
import { ABOUT_PAGES, urls } from '../urls.ts';
import type { CitizenDeps } from '../visit.tsx';

type Deps = Pick<CitizenDeps, 'offices' | 'baseUrl'>;

/** The paths closed to search engines: personal pages, and those for machines and staff. */
const PRIVATE = [
  '/*/appointment/',
  '/*/companion/',
  '/*/booking/',
  '/*/waiting/',
  '/*/notices/',
  '/s/',
  '/w/',
  '/n/',
  '/console',
  '/staff',
  '/api',
  '/demo',
];

/** `/robots.txt` */
export function robotsFile({ baseUrl }: Pick<Deps, 'baseUrl'>): Handler {
  const lines = ['User-agent: *', ...PRIVATE.map((path) => `Disallow: ${path}`)];
  const text = `${lines.join('\n')}\n\nSitemap: ${baseUrl}/sitemap.xml\n`;
  return (c) => {
    c.header('Cache-Control', 'public, max-age=3600');
    return c.text(text);
  };
}

/** `/sitemap.xml`: every public page with its address in each language (sitemaps.org, with xhtml:link). */
export function sitemapFile({ offices, baseUrl }: Deps): Handler {
  return async (c) => {
    const [town, all] = await Promise.all([offices.town(), offices.list()]);
    c.header('Cache-Control', 'public, max-age=3600');
    c.header('Content-Type', 'application/xml; charset=utf-8');
    return c.body(sitemapOf(baseUrl, town, all));
  };
}

function sitemapOf(baseUrl: string, town: Town, offices: readonly Office[]): string {
  const entries = publicPages(offices).flatMap((pathIn) => {
    const addresses = town.languages.map((each) => [each, baseUrl + pathIn(each)] as const);
    const links = addresses.map(([language, href]) => alternate(language, href));
    const byDefault = addresses[0] ? alternate('x-default', addresses[0][1]) : '';
    return addresses.map(
      ([, href]) => `<url><loc>${escaped(href)}</loc>${links.join('')}${byDefault}</url>`,
    );
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ...entries,
    '</urlset>\n',
  ].join('\n');
}

/** Returns the public pages, each as a function from a language to its path. */
function publicPages(offices: readonly Office[]): ((language: Language) => string)[] {
  return [
    (language) => urls(language).town,
    ...offices.flatMap((office) => [
      (language: Language) => urls(language).office(office.code),
      (language: Language) => urls(language).data(office.code),
      ...office.procedures.map(
        (each) => (language: Language) => urls(language).procedure(office.code, each.code),
      ),
    ]),
    ...ABOUT_PAGES.map((page) => (language: Language) => urls(language).about(page)),
  ];
}

const alternate = (hreflang: string, href: string): string =>
  `<xhtml:link rel="alternate" hreflang="${hreflang}" href="${escaped(href)}"/>`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
