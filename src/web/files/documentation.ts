import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Context } from 'hono';
import {
  isLanguage,
  LANGUAGES,
  type Language,
  preferredLanguage,
} from '../../lib/i18n/languages.ts';
import { contentSecurityPolicy } from '../security.ts';

/** The pages of docs/, as `npm run docs` makes them (docs/adr/0130). */
export interface Documentation {
  /**
   * Returns the address of a page by its name, in a language or else in English, in which alone many are; without a name, of the first
   * page. Null: this build has no such page.
   */
  page(language: Language, name?: string): string | null;
  /** Answers `/docs` and the addresses below it; null: there is nothing. */
  answer(c: Context): Promise<Response | null>;
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const ROOT = '/docs';
const POLICY = contentSecurityPolicy({ script: true });

/** Opens the pages in a folder, which is read once; each file is read when it is asked for. */
export function openDocumentation(folder: string): Documentation {
  const files = filesIn(folder);
  const pageOf: Documentation['page'] = (language, name = 'index') => {
    const found = [language, 'en']
      .map((each) => `${each}/${name}.html`)
      .find((each) => files.has(each));
    return found ? `${ROOT}/${found}` : null;
  };
  return {
    page: pageOf,
    answer: async (c) => {
      const isReading = c.req.method === 'GET' || c.req.method === 'HEAD';
      if (!isReading || !/^\/docs(\/|$)/.test(c.req.path)) return null;
      const name = c.req.path.slice(ROOT.length + 1);
      const first = firstPage(c, name, pageOf);
      if (first) return c.redirect(first, 302);
      return files.has(name) ? send(c, join(folder, name), name) : null;
    },
  };
}

/** Where `/docs`, `/docs/ca` and `/docs/ca/` lead; null: they are other addresses. */
function firstPage(c: Context, name: string, pageOf: Documentation['page']): string | null {
  const asked = name.replace(/\/$/, '');
  if (asked === '') {
    c.header('Vary', 'Accept-Language');
    return pageOf(preferredLanguage(c.req.header('Accept-Language'), LANGUAGES));
  }
  return isLanguage(asked) ? pageOf(asked) : null;
}

async function send(c: Context, path: string, name: string): Promise<Response> {
  const accepted = (c.req.header('Accept-Encoding') ?? '').split(/\s*,\s*/);
  const isPacked = /\.(html|css|js|svg)$/.test(name);
  const encoded = isPacked && accepted.includes('br');
  const bytes = new Uint8Array(await readFile(encoded ? `${path}.br` : path));
  const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  c.header('ETag', tag);
  c.header(
    'Cache-Control',
    // The names of these files change with what is in them.
    name.startsWith('files/') ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
  );
  if (isPacked) c.header('Vary', 'Accept-Encoding');
  const known = (c.req.header('If-None-Match') ?? '').split(',').map((each) => each.trim());
  if (known.some((each) => each.replace(/^W\//, '') === tag)) return c.body(null, 304);
  c.header('Content-Security-Policy', POLICY);
  c.header('Content-Type', TYPES[extname(name)] ?? 'application/octet-stream');
  if (encoded) c.header('Content-Encoding', 'br');
  return c.body(bytes);
}

/** The names of the files, without their packed forms; an empty set without a build. */
function filesIn(folder: string): ReadonlySet<string> {
  try {
    const all = readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((each) => each.isFile() && !each.name.endsWith('.br'))
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
    return new Set(all.map((each) => each.replaceAll('\\', '/')));
  } catch {
    return new Set();
  }
}
