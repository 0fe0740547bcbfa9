import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIENCES, type Audience, SITE_LANGUAGES, type SiteLanguage } from './contents.ts';
import type { SiteFiles } from './files.ts';
import { relative } from './markdown.ts';
import type { SitePage } from './pages.ts';
import { headingsOf, isOnlyEnglish } from './search-index.ts';
import { SITE_TEXTS, type SiteTexts } from './texts.ts';

interface Link {
  href: string;
  title: string;
}

/** What the template shows around a page. */
export interface Frame {
  title: string;
  page_language: SiteLanguage;
  words: SiteTexts;
  version: string;
  home: string;
  searchPage: string;
  /** Whether the page has the search. */
  scripted: boolean;
  files: { css: string; icon: string; search: string; index: string; common: string };
  languages: { code: SiteLanguage; name: string; href: string; isHere: boolean }[];
  /** The same page in the other languages, and this one. */
  translations: { code: SiteLanguage; href: string }[];
  parts: (Link & { isHere: boolean; links: (Link & { isHere: boolean; hreflang?: 'en' })[] })[];
  crumbs: { href: string | null; title: string }[];
  headings: { id: string; title: string }[];
  before: Link | null;
  after: Link | null;
}

/** Returns what surrounds a page. */
export function frameOf(
  page: SitePage,
  all: readonly SitePage[],
  files: SiteFiles,
  root: string,
): Frame {
  const { language, address } = page;
  const words = SITE_TEXTS[language];
  const to = (target: string) => relative(address, target);
  const isMade = page.source === '';
  return {
    title: page.title,
    page_language: language,
    words,
    version: versionOf(root),
    home: to(`${language}/index.html`),
    searchPage: to(`${language}/search.html`),
    scripted: address === `${language}/search.html`,
    files: {
      css: to(files.css),
      icon: to(files.icon),
      search: to(files.search),
      index: to(files.index[language]),
      common: to(files.index.common),
    },
    languages: languagesOf(page, all),
    translations: translationsOf(page, all).map(({ code, target }) => ({ code, href: to(target) })),
    parts: partsOf(page, all),
    crumbs: crumbsOf(page),
    headings: isMade ? [] : headingsOf(page),
    ...neighboursOf(page, all),
  };
}

const versionOf = (root: string): string =>
  `Finestreta ${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}`;

/** The pages that a reader of a language has for an audience: theirs, and those that are only in English. */
const pagesFor = (all: readonly SitePage[], language: SiteLanguage, audience: Audience) =>
  all.filter(
    (each) =>
      each.audience === audience &&
      !each.isDecision &&
      each.source !== '' &&
      (each.language === language || isOnlyEnglish(each)),
  );

function partsOf(page: SitePage, all: readonly SitePage[]): Frame['parts'] {
  const { language } = page;
  return AUDIENCES.map((audience) => ({
    href: '',
    title: SITE_TEXTS[language].audiences[audience].title,
    isHere: audience === page.audience && page.source !== '',
    links: [
      ...pagesFor(all, language, audience).map((each) => ({
        href: relative(page.address, each.address),
        title: each.title,
        isHere: each === page,
        ...(each.language !== language && { hreflang: 'en' as const }),
      })),
      ...(audience === 'developers' ? [decisionsLink(page)] : []),
    ],
  }));
}

const DECISIONS_PAGE = 'en/decisions.html';

const decisionsLink = ({ address, language }: SitePage) => ({
  href: relative(address, DECISIONS_PAGE),
  title: SITE_TEXTS[language].decisions,
  isHere: address === DECISIONS_PAGE,
  ...(language !== 'en' && { hreflang: 'en' as const }),
});

function crumbsOf(page: SitePage): Frame['crumbs'] {
  const { language, address, title, audience, isDecision } = page;
  const home = `${language}/index.html`;
  if (address === home) return [];
  const words = SITE_TEXTS[language];
  const to = (target: string) => relative(address, target);
  return [
    { href: to(home), title: words.site },
    ...(page.source === '' && address !== DECISIONS_PAGE
      ? []
      : [{ href: `${to(home)}#${audience}`, title: words.audiences[audience].title }]),
    ...(isDecision ? [{ href: to(DECISIONS_PAGE), title: words.decisions }] : []),
    { href: null, title },
  ];
}

/** The same page in each language that has it. */
function translationsOf({ address }: SitePage, all: readonly SitePage[]) {
  const name = address.slice(3);
  return SITE_LANGUAGES.map((code) => ({ code, target: `${code}/${name}` })).filter(({ target }) =>
    all.some((each) => each.address === target),
  );
}

/** The links to other languages; to their first page where the page is only in English. */
function languagesOf(page: SitePage, all: readonly SitePage[]): Frame['languages'] {
  const translated = new Map(translationsOf(page, all).map(({ code, target }) => [code, target]));
  return SITE_LANGUAGES.map((code) => ({
    code,
    name: SITE_TEXTS[code].name,
    href: relative(page.address, translated.get(code) ?? `${code}/index.html`),
    isHere: code === page.language,
  }));
}

/** The pages before and after this one, among those for the same audience. */
function neighboursOf(page: SitePage, all: readonly SitePage[]) {
  const row = page.isDecision
    ? all.filter(({ isDecision }) => isDecision)
    : pagesFor(all, page.language, page.audience);
  const at = row.indexOf(page);
  const link = (each: SitePage | undefined): Link | null =>
    each && at >= 0 ? { href: relative(page.address, each.address), title: each.title } : null;
  return { before: at > 0 ? link(row[at - 1]) : null, after: link(row[at + 1]) };
}
