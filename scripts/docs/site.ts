import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative as pathTo } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { Eleventy, type EleventyConfig } from '../lib/eleventy.ts';
import type { SiteLanguage } from './contents.ts';
import { copyFiles, type SiteFiles } from './files.ts';
import { type Frame, frameOf } from './frame.ts';
import { madePages } from './made.ts';
import { type Around, amendMarkdown } from './markdown.ts';
import { readPages, type SitePage } from './pages.ts';
import { SITE_TEXTS } from './texts.ts';

/** Where the site is made from and to. */
export interface SiteOptions {
  /** The project's folder. */
  root: string;
  /** The folder that is written anew. */
  to: string;
}

/** Makes the documentation's pages from Markdown. Returns the addresses of the pages. */
export async function makeSite({ root, to }: SiteOptions): Promise<string[]> {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const pages = readPages(root);
  const files = copyFiles(root, to, pages);
  const all = [...pages, ...madePages(pages)];
  const eleventy = new Eleventy(
    pathTo(process.cwd(), join(import.meta.dirname, 'theme')),
    pathTo(process.cwd(), to),
    {
      quietMode: true,
      configPath: false,
      config: (settings) => configure(settings, { root, all, files }),
    },
  );
  await eleventy.write();
  pack(to);
  return all.map(({ address }) => address);
}

/** Writes the packed form of each text beside it, so that the service need not pack it for each reader. */
function pack(folder: string): void {
  for (const each of globSync('**/*.{html,css,js,svg}', { cwd: folder })) {
    const bytes = readFileSync(join(folder, each));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
    writeFileSync(join(folder, `${each}.br`), brotliCompressSync(bytes, { params }));
  }
}

interface Site {
  root: string;
  all: readonly SitePage[];
  files: SiteFiles;
}

function configure(settings: EleventyConfig, { root, all, files }: Site): void {
  const addresses = new Map([
    ...all.map(({ source, address }) => [source, address] as const),
    ...files.pictures.entries().map(([path, { address }]) => [path, address] as const),
  ]);
  const byAddress = new Map(all.map((each) => [each.address, each]));
  settings.setUseGitIgnore(false);
  settings.addFilter('beforeParts', (html) => html.slice(0, partsAt(html)));
  settings.addFilter('fromParts', (html) => html.slice(partsAt(html)));
  settings.amendLibrary('md', (markdown) =>
    amendMarkdown(markdown, ({ address }) => aroundOf(byAddress.get(address), addresses, files)),
  );
  for (const page of all) {
    const frame: Frame = frameOf(page, all, files, root);
    settings.addTemplate(`${page.address.replaceAll('/', '-')}.md`, page.text, {
      ...frame,
      address: page.address,
      layout: 'page.njk',
      permalink: `/${page.address}`,
      templateEngineOverride: 'md',
    });
  }
}

/** Where the first part with a heading of its own begins. */
const partsAt = (html: string): number => {
  const at = html.indexOf('<h2 ');
  return at < 0 ? html.length : at;
};

function aroundOf(
  page: SitePage | undefined,
  addresses: ReadonlyMap<string, string>,
  { pictures }: SiteFiles,
): Around {
  if (!page) throw new Error('A page is rendered that the contents do not name.');
  const language: SiteLanguage = page.language;
  return {
    source: page.source,
    address: page.address,
    addresses,
    sizes: pictures,
    tableName: (name) => SITE_TEXTS[language].table.replace('{name}', name),
    columnName: (isFirst) => SITE_TEXTS[language].columns[isFirst ? 'first' : 'other'],
  };
}
