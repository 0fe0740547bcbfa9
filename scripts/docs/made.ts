import { AUDIENCES, SITE_LANGUAGES, type SiteLanguage } from './contents.ts';
import { escapeHtml } from './markdown.ts';
import type { SitePage } from './pages.ts';
import { folded, isOnlyEnglish, type Part, searchIndex } from './search-index.ts';
import { SITE_TEXTS } from './texts.ts';

/** Returns the pages that have no text of their own: the first page, the search and the list of decisions. */
export function madePages(pages: readonly SitePage[]): SitePage[] {
  return [
    ...SITE_LANGUAGES.flatMap((language) => [
      made(
        `${language}/index.html`,
        language,
        SITE_TEXTS[language].site,
        firstPage(pages, language),
      ),
      made(
        `${language}/search.html`,
        language,
        SITE_TEXTS[language].search,
        search(pages, language),
      ),
    ]),
    made('en/decisions.html', 'en', SITE_TEXTS.en.decisions, decisions(pages)),
  ];
}

const made = (address: string, language: SiteLanguage, title: string, text: string): SitePage => ({
  source: '',
  address,
  language,
  audience: 'developers',
  title,
  isDecision: false,
  text: `<h1>${escapeHtml(title)}</h1>\n${text}`,
});

/** HTML on one line, so that Markdown leaves it as it is. */
const list = (items: readonly string[]): string =>
  `<ul>${items.map((each) => `<li>${each}</li>`).join('')}</ul>`;

function firstPage(pages: readonly SitePage[], language: SiteLanguage): string {
  const words = SITE_TEXTS[language];
  const parts = AUDIENCES.map((audience) => {
    const { title, lead } = words.audiences[audience];
    const own = pages.filter(
      (each) =>
        each.audience === audience &&
        !each.isDecision &&
        (each.language === language || isOnlyEnglish(each)),
    );
    const links = own.map((each) => linkTo(each, language));
    if (audience === 'developers')
      links.push(
        linkTo({ address: 'en/decisions.html', language: 'en', title: words.decisions }, language),
      );
    return `<section aria-labelledby="${audience}"><h2 id="${audience}">${escapeHtml(title)}</h2><p>${escapeHtml(lead)}</p>${list(links)}</section>`;
  });
  return `<p class="lead">${escapeHtml(words.lead)}</p>\n<div class="audiences">${parts.join('')}</div>`;
}

function linkTo(
  { address, language, title }: Pick<SitePage, 'address' | 'language' | 'title'>,
  reader: SiteLanguage,
): string {
  const isForeign = language !== reader;
  const href = isForeign ? `../${address}` : address.slice(3);
  const mark = isForeign ? ` <span class="soft">(${SITE_TEXTS[reader].inEnglish})</span>` : '';
  return `<a href="${href}"${isForeign ? ` hreflang="${language}"` : ''}>${escapeHtml(title)}</a>${mark}`;
}

/** The list from A to Z, which the search narrows down where scripts run. */
function search(pages: readonly SitePage[], language: SiteLanguage): string {
  const words = SITE_TEXTS[language];
  const collator = new Intl.Collator(language);
  const parts = [...searchIndex(pages, language), ...searchIndex(pages, 'common')].sort((a, b) =>
    collator.compare(a.title, b.title),
  );
  const letters = Map.groupBy(parts, ({ title }) => letterOf(title));
  const sections = [...letters]
    .sort(([a], [b]) => collator.compare(a, b))
    .map(
      ([letter, own]) =>
        `<section aria-labelledby="letter-${idOf(letter)}"><h3 id="letter-${idOf(letter)}">${letter}</h3>${list(own.map(entry))}</section>`,
    );
  return [
    `<p>${escapeHtml(words.searchLead)}</p>`,
    `<search><form class="find" id="find" action="search.html"><label for="q">${escapeHtml(words.searchFor)}</label><input id="q" name="q" type="search" autocomplete="off"><button type="submit">${escapeHtml(words.search)}</button></form></search>`,
    `<p id="count" role="status" data-found="${escapeHtml(words.found)}" data-none="${escapeHtml(words.none)}"></p>`,
    '<ol id="found" class="found" hidden></ol>',
    `<div id="index" class="letters"><h2>${escapeHtml(words.index)}</h2>${sections.join('')}</div>`,
  ].join('\n');
}

const letterOf = (title: string): string => {
  const letter = folded(/[\p{L}\p{N}]/u.exec(title)?.[0] ?? '').toUpperCase();
  return /\d/.test(letter) ? '0–9' : letter;
};
const idOf = (letter: string): string => (letter === '0–9' ? 'digits' : letter.toLowerCase());

const entry = ({ href, title, page }: Part): string =>
  `<a href="${href}">${escapeHtml(title)}</a>${page ? ` <span class="soft">${escapeHtml(page)}</span>` : ''}`;

function decisions(pages: readonly SitePage[]): string {
  const links = pages
    .filter(({ isDecision }) => isDecision)
    .map(({ address, title }) => `<a href="${address.slice(3)}">${escapeHtml(title)}</a>`);
  return `<p class="lead">${escapeHtml(SITE_TEXTS.en.decisionsLead)}</p>\n${list(links)}`;
}
