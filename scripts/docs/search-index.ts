import type { SiteLanguage } from './contents.ts';
import { anchors, plainOf, type SitePage } from './pages.ts';

/** A part of a page: what the search finds. */
export interface Part {
  /** Its address beside the page of search. */
  href: string;
  title: string;
  /** The title of its page; empty for the page itself. */
  page: string;
  /** The words in it, each once, without accents and in small letters. */
  words: string;
}

/** Returns the parts of the guides of a language; `common`: of the pages that are only in English. */
export function searchIndex(pages: readonly SitePage[], which: SiteLanguage | 'common'): Part[] {
  return pages
    .filter((each) =>
      which === 'common' ? isOnlyEnglish(each) : each.language === which && !isOnlyEnglish(each),
    )
    .flatMap(partsOf);
}

/** Whether a page is in English in the other languages too: all but guides. */
export const isOnlyEnglish = ({ language, source }: SitePage): boolean =>
  language === 'en' && !source.startsWith('docs/guides/');

function partsOf(page: SitePage): Part[] {
  const slugOf = anchors();
  const href = `../${page.address}`;
  const parts: (Part & { text: string })[] = [];
  const add = (part: Omit<Part, 'words'>) => parts.push({ ...part, text: part.title, words: '' });
  for (const line of withoutCode(page.text).split('\n')) {
    const [, marks = '', heading = ''] = /^(#+) (.+)$/.exec(line) ?? [];
    const title = plainOf(heading);
    const slug = title && slugOf(title);
    const last = parts.at(-1);
    if (marks === '#') add({ href, title, page: '' });
    else if ((marks === '##' || marks === '###') && !page.isDecision)
      add({ href: `${href}#${slug}`, title, page: page.title });
    else if (last) last.text += ` ${line}`;
  }
  return parts.map(({ text, ...each }) => ({ ...each, words: wordsOf(plainOf(text)) }));
}

const withoutCode = (text: string): string => text.replaceAll(/^```[\s\S]*?^```$/gm, '');

/** Folds a text as the search does: small letters without accents. */
export const folded = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

const wordsOf = (text: string): string =>
  [...new Set(folded(text).match(/[\p{L}\p{N}_.-]{3,}/gu) ?? [])].join(' ');

/** A heading of the page, for the list of what is on it. */
export function headingsOf({ text }: SitePage): { id: string; title: string }[] {
  const slugOf = anchors();
  return [...withoutCode(text).matchAll(/^(#+) (.+)$/gm)].flatMap(([, marks, heading = '']) => {
    const title = plainOf(heading);
    const id = slugOf(title);
    return marks === '##' ? [{ id, title }] : [];
  });
}
