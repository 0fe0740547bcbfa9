import { cpSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { InlineConfig } from 'vite';
import { SHEETS } from '../src/paths.ts';
import { build } from './lib/vite.ts';

/**
 * The files for browsers: the stylesheets, the font and the islands. `dist/public/manifest.json` names them.
 */
const entries = (root: string): string[] =>
  globSync([...SHEETS, 'src/islands/*/main.{ts,tsx}'], { cwd: root }).map((path) =>
    path.replaceAll('\\', '/'),
  );

/** Scripts with a permanent address, each in one file: other sites' pages and browsers use that address. */
const SCRIPTS = {
  'embed.js': 'src/islands/embed/script.ts',
  'sw.js': 'src/islands/offline/worker.ts',
};

/** Builds everything that is served as a file into dist/public: hashed under assets/, the icon at the root. */
export async function buildAssets(root: string): Promise<void> {
  const config: InlineConfig = {
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: 'src/ui/public',
    build: {
      outDir: 'dist/public',
      emptyOutDir: true,
      assetsInlineLimit: 0,
      manifest: 'manifest.json',
      cssMinify: 'lightningcss',
      cssTarget: ['chrome111', 'firefox113', 'safari16.2'],
      rolldownOptions: { input: entries(root) },
      modulePreload: { polyfill: false },
    },
    worker: { format: 'es' },
  };
  await build(config);
  for (const [name, input] of Object.entries(SCRIPTS)) await buildScript(root, name, input);
  copyForPdf(root);
}

/**
 * Copies the files that the PDF viewer loads by name: the two symbol fonts that a PDF may omit, and the
 * decoder for scans without WebAssembly.
 */
function copyForPdf(root: string): void {
  const from = join(root, 'node_modules/pdfjs-dist');
  const { version } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  const to = join(root, 'dist/public/assets', `pdf-${version}`);
  mkdirSync(to);
  const wanted = ['standard_fonts/Foxit{Symbol,Dingbats}.pfb', 'wasm/*_nowasm_fallback.js'];
  for (const each of globSync(wanted, { cwd: from }))
    cpSync(join(from, each), join(to, basename(each)));
}

async function buildScript(root: string, name: string, input: string): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: 'dist/public',
      emptyOutDir: false,
      target: ['chrome111', 'firefox113', 'safari16.2'],
      modulePreload: { polyfill: false },
      rolldownOptions: { input, output: { format: 'iife', entryFileNames: name } },
    },
  });
}
