import { createHash } from 'node:crypto';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Context, Next } from 'hono';
import type { Language } from '../lib/i18n/languages.ts';
import { PUBLIC, ROOT, SHEETS } from '../paths.ts';
import { openDocumentation } from './files/documentation.ts';

/** The files of the build, by the names that pages use. */
export interface Assets {
  /** The sheet of every page for citizens. */
  citizenCss: string;
  /** Returns the address of the sheet that citizens' pages with this island have besides; null: the island has none. */
  islandCss(name: string): string | null;
  consoleCss: string;
  /**
   * Returns the address of an island's module by its name; null without a build: the page then works as in a
   * browser without scripts.
   */
  island(name: string): string | null;
  /** Returns the address of a page of the documentation by its name, without one of its first page; null: this build has none. */
  documentation(language: Language, name?: string): string | null;
  /** Returns whether `serve` has a file for this path. */
  has(path: string): boolean;
  /** Serves `/assets/*`, files at the root (`/icon.svg`) and `/docs`; passes other requests on. */
  serve(c: Context, next: Next): Promise<Response | undefined>;
}

/** Returns the same files without one island. */
export const without = (island: string, assets: Assets): Assets => ({
  ...assets,
  island: (name) => (name === island ? null : assets.island(name)),
});

type Bytes = Uint8Array<ArrayBuffer>;

interface File {
  bytes: Bytes;
  /** Compressed forms, the best first; none for compressed formats. Made at the first request. */
  packed(): { encoding: string; bytes: Bytes }[];
  type: string;
  cache: string;
}

type Manifest = Record<string, { file: string }>;

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
/**
 * A worker has its own policy. The reader of citizens' PDFs loads our scripts and makes no other requests.
 */
const WORKER = /^\/assets\/worker-[\w-]+\.js$/;
const WORKER_POLICY = "default-src 'none'; script-src 'self'";
const FOREVER = 'public, max-age=31536000, immutable';
const A_DAY = 'public, max-age=86400';
const NOT_KEPT = 'no-cache';

let shared: Assets | null = null;

/** Returns the files of this build, which are read once for all towns of the process. */
export const sharedAssets = (): Assets => (shared ??= openAssets(PUBLIC));

/** Returns the build's files from `publicDir`; without a build, the sources. */
export function openAssets(publicDir: string): Assets {
  const built = readBuild(publicDir);
  const { files, nameOf } = built ?? readSources();
  const documentation = openDocumentation(join(publicDir, '..', 'docs'));
  const named = (source: string): string => {
    const name = nameOf(source);
    if (name === null) throw new Error(`${source} is not in the build: npm run build`);
    return name;
  };
  return {
    citizenCss: named('src/ui/css/citizen.css'),
    islandCss: (name) => nameOf(`src/ui/css/islands/${name}.css`),
    consoleCss: named('src/ui/css/console.css'),
    island: (name) => (built ? named(`src/islands/${name}/main.ts`) : null),
    documentation: documentation.page,
    has: (path) => files.has(path),
    serve: async (c, next) => {
      const page = await documentation.answer(c);
      if (page) return page;
      const file = files.get(c.req.path);
      if (!file || (c.req.method !== 'GET' && c.req.method !== 'HEAD')) {
        await next();
        return undefined;
      }
      c.header('Content-Type', file.type);
      c.header('Cache-Control', file.cache);
      if (WORKER.test(c.req.path)) c.header('Content-Security-Policy', WORKER_POLICY);
      c.header('Vary', 'Accept-Encoding');
      const accepted = (c.req.header('Accept-Encoding') ?? '').split(/\s*,\s*/);
      const packed = file.packed().find((each) => accepted.includes(each.encoding));
      if (packed) c.header('Content-Encoding', packed.encoding);
      return c.body(packed?.bytes ?? file.bytes);
    },
  };
}

interface Read {
  files: Map<string, File>;
  /** Returns the address of a source as it is served; null: there is no such source. */
  nameOf(source: string): string | null;
}

function fileOf(name: string, bytes: Bytes, cache: string): File {
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  let packed: ReturnType<File['packed']> | null = /^text|svg/.test(type) ? null : [];
  return { bytes, type, cache, packed: () => (packed ??= pack(bytes)) };
}

/** Above this number of bytes the best compression takes seconds. */
const LARGE = 200_000;

function pack(bytes: Bytes): ReturnType<File['packed']> {
  const quality = bytes.length > LARGE ? 5 : constants.BROTLI_MAX_QUALITY;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  return [
    { encoding: 'br', bytes: new Uint8Array(brotliCompressSync(bytes, { params })) },
    { encoding: 'gzip', bytes: new Uint8Array(gzipSync(bytes, { level: 9 })) },
  ];
}

const readFile = (path: string, cache: string): File =>
  fileOf(path, new Uint8Array(readFileSync(path)), cache);

function readBuild(publicDir: string): Read | null {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(join(publicDir, 'manifest.json'), 'utf8')) as Manifest;
  } catch {
    return null;
  }
  const files = new Map<string, File>();
  for (const each of readdirSync(publicDir, { withFileTypes: true, recursive: true })) {
    if (!each.isFile() || each.name === 'manifest.json') continue;
    const path = join(each.parentPath, each.name);
    const url = path.slice(publicDir.length).replaceAll('\\', '/');
    files.set(url, readFile(path, url.startsWith('/assets/') ? FOREVER : A_DAY));
  }
  return {
    files,
    nameOf: (source) => {
      const entry = manifest[source];
      return entry ? `/${entry.file}` : null;
    },
  };
}

/** Without a build (tests, `npm run dev`): reads each stylesheet with its imports inlined, unhashed. */
function readSources(): Read {
  const files = new Map<string, File>([
    ['/icon.svg', readFile(join(ROOT, 'src/ui/public/icon.svg'), NOT_KEPT)],
    ['/assets/font.woff2', readFile(join(ROOT, 'src/ui/fonts/face.woff2'), NOT_KEPT)],
  ]);
  const names = new Map<string, string>();
  for (const source of globSync(SHEETS, { cwd: ROOT })) {
    const bytes = new TextEncoder().encode(readSheet(join(ROOT, source)));
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
    const url = `/assets/${basename(source, '.css')}-${hash}.css`;
    files.set(url, fileOf(url, bytes, NOT_KEPT));
    names.set(source.replaceAll('\\', '/'), url);
  }
  return { files, nameOf: (source) => names.get(source) ?? null };
}

/** Returns a stylesheet's text with its imports in their places. */
export const readSheet = (path: string): string =>
  readFileSync(path, 'utf8')
    .replaceAll(/@import "([\w./-]+\.css)";/g, (_, part: string) =>
      readSheet(join(dirname(path), part)),
    )
    .replace('../fonts/face.woff2', '/assets/font.woff2');
