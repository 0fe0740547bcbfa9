import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { type Dimensions, type Measured, sizeOf } from '../../src/lib/picture-size.ts';
import type { SiteLanguage } from './contents.ts';
import type { SitePage } from './pages.ts';
import { searchIndex } from './search-index.ts';

/** The files beside the pages, by their addresses in the site. Their names change with what is in them. */
export interface SiteFiles {
  css: string;
  icon: string;
  search: string;
  index: Record<SiteLanguage | 'common', string>;
  /** By the path of the picture in the project. */
  pictures: ReadonlyMap<string, Dimensions & { address: string }>;
}

/** Writes stylesheet, font, scripts and pictures. */
export function copyFiles(root: string, to: string, pages: readonly SitePage[]): SiteFiles {
  const write = (name: string, bytes: string | Buffer): string => {
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
    const kind = extname(name);
    const address = `files/${basename(name, kind)}-${hash}${kind}`;
    mkdirSync(dirname(join(to, address)), { recursive: true });
    writeFileSync(join(to, address), bytes);
    return address;
  };
  const source = (path: string) => readFileSync(join(root, path));
  const font = write('face.woff2', source('src/ui/fonts/face.woff2'));
  const css = ['src/ui/css/tokens.css', 'src/ui/css/base.css', 'scripts/docs/theme/site.css']
    .map((path) => source(path).toString())
    .join('\n')
    .replace('../fonts/face.woff2', basename(font));
  const indexOf = (which: SiteLanguage | 'common') =>
    write(
      `index-${which}.js`,
      `globalThis.FINESTRETA_INDEX = (globalThis.FINESTRETA_INDEX ?? []).concat(${JSON.stringify(searchIndex(pages, which))});\n`,
    );
  return {
    css: write('site.css', css),
    icon: write('icon.svg', source('src/ui/public/icon.svg')),
    search: write('search.js', source('scripts/docs/theme/search.js')),
    index: {
      ca: indexOf('ca'),
      es: indexOf('es'),
      en: indexOf('en'),
      eu: indexOf('eu'),
      common: indexOf('common'),
    },
    pictures: new Map(
      picturesOf(root).map((path) => {
        const bytes = source(path);
        const size = sizeOf(extname(path).slice(1) as Measured, bytes);
        if (!size) throw new Error(`${path} is no picture.`);
        return [path, { ...size, address: write(basename(path), bytes) }];
      }),
    ),
  };
}

const picturesOf = (root: string): string[] =>
  globSync('docs/images/**/*.{png,jpg,webp}', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
