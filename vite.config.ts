import { readFileSync } from 'node:fs';
import type { Plugin, UserConfig } from 'vite';

/** Packages that stay in node_modules: they read files beside their own, or are loaded by few towns and are large. */
const APART = ['@aws-sdk/client-s3', 'imapflow', 'koffi', 'pdfkit'];

/**
 * Writes every other character as an escape, so that V8 keeps the program in one byte a letter. In what is generated such characters stand in texts, templates
 * and patterns alone, where an escape means the same.
 */
const inAscii: Plugin = {
  name: 'in-ascii',
  renderChunk(code, _chunk, _options, { magicString }) {
    const slip = /\\[^\0-\x7f]|String\.raw/.exec(code);
    if (slip) this.error(`An escape would mean something else here: ${slip[0]}`);
    const text = magicString!;
    for (const { 0: found, index } of code.matchAll(/[^\0-\x7f]+/g))
      text.update(index, index + found.length, escaped(found));
    return text;
  },
};

const escaped = (text: string): string =>
  Array.from(
    { length: text.length },
    (_, nth) => `\\u${text.charCodeAt(nth).toString(16).padStart(4, '0')}`,
  ).join('');

/** Writes the two commands beside the program that has both. */
const commands: Plugin = {
  name: 'commands',
  generateBundle(_options, bundle) {
    const program = Object.keys(bundle).find((name) => name.endsWith('.js'));
    const emit = (fileName: string, source: string | Buffer) =>
      this.emitFile({ type: 'asset', fileName, source });
    for (const [file, name] of Object.entries({ 'main.js': 'server', 'cli.js': 'command' }))
      emit(
        file,
        `import { load } from './load.js';\nawait load(new URL('${program}', import.meta.url).href).${name}();\n`,
      );
    emit('load.js', readFileSync(new URL('scripts/lib/load.mjs', import.meta.url)));
  },
};

/**
 * The server and the operator's command as one program with its packages, in the form that scripts/lib/load.mjs reads: one file is loaded in a quarter of the
 * time of the 1,800 that it is made of (docs/adr/0150).
 */
export default {
  ssr: { noExternal: true, external: APART },
  plugins: [inAscii, commands],
  build: {
    ssr: true,
    outDir: 'dist/server',
    target: 'node26',
    sourcemap: true,
    rolldownOptions: {
      input: { program: 'src/main.ts' },
      experimental: { nativeMagicString: true },
      output: {
        format: 'cjs',
        strict: true,
        entryFileNames: '[name]-[hash].js',
        codeSplitting: false,
        dynamicImportInCjs: false,
        minify: false,
        comments: false,
        sourcemapExcludeSources: true,
        postBanner: '(function (exports, require, module, __filename, __dirname) {',
        postFooter: '})',
      },
    },
  },
} satisfies UserConfig;
