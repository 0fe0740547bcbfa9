import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  AUDIENCES,
  type Audience,
  DECISIONS,
  GUIDES,
  PAGES,
  SITE_LANGUAGES,
  type SiteLanguage,
} from './contents.ts';

/** A page of the site. */
export interface SitePage {
  /** The path of its text in the project. */
  source: string;
  /** The path of its file in the site: `ca/calls.html`. */
  address: string;
  language: SiteLanguage;
  audience: Audience;
  title: string;
  /** Markdown. */
  text: string;
  /** Whether it is one of the decisions, which only their list names. */
  isDecision: boolean;
}

/** Returns all pages that the contents name, in their order. @throws when a file isn't there */
export function readPages(root: string): SitePage[] {
  const guides = SITE_LANGUAGES.flatMap((language) =>
    AUDIENCES.flatMap((audience) =>
      (GUIDES[audience] ?? []).map((name) => {
        const source = `docs/guides/${language}/${name}.md`;
        return pageOf(root, source, { language, audience, address: `${language}/${name}.html` });
      }),
    ),
  );
  const others = AUDIENCES.flatMap((audience) =>
    (PAGES[audience] ?? []).map((source) =>
      pageOf(root, source, { language: 'en', audience, address: addressOf(source) }),
    ),
  );
  const decisions = globSync(`${DECISIONS}/*.md`, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((source) => {
      const address = `en/adr/${basename(source, '.md')}.html`;
      const page = pageOf(root, source, { language: 'en', audience: 'developers', address });
      return { ...page, isDecision: true };
    });
  return [...guides, ...others, ...decisions];
}

/** `docs/dossier/ens.md` becomes `en/dossier-ens.html`, and `SECURITY.md` becomes `en/project-security.html`. */
const addressOf = (source: string): string => {
  const plain = source
    .replace(/^(?!docs\/)/, 'project-')
    .replace(/^docs\//, '')
    .replace(/\.md$/, '');
  const name = plain.replace(/\/README$/, '').replaceAll('/', '-');
  return `en/${name.toLowerCase()}.html`;
};

interface Placed {
  language: SiteLanguage;
  audience: Audience;
  address: string;
}

function pageOf(root: string, source: string, placed: Placed): SitePage {
  const file = join(root, source);
  if (!existsSync(file)) throw new Error(`${source} is not there, but the contents name it.`);
  const text = readFileSync(file, 'utf8');
  const title = /^# (.+)$/m.exec(text)?.[1];
  if (!title) throw new Error(`${source} has no title.`);
  return { source, ...placed, title: plainOf(title), text, isDecision: false };
}

/** Takes the marks of Markdown out of a line. */
export const plainOf = (line: string): string =>
  line
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[*`]/g, '')
    .trim();

/** Returns the anchors of headings as code hosts make them; the second of the same name gets `-1`. */
export function anchors(): (heading: string) => string {
  const seen = new Map<string, number>();
  return (heading) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    const before = seen.get(slug);
    seen.set(slug, (before ?? -1) + 1);
    return before === undefined ? slug : `${slug}-${before + 1}`;
  };
}
