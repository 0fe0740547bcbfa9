// @ts-check
/**
 * How the build's program is loaded: as one script, with what V8 made of it when it was built. The build copies this file beside the program, and runs
 * it there to keep that: `node load.js PROGRAM`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/** What V8 made of this very program: its name has its hash. V8 refuses what another V8 made, or one with other flags, and begins anew. */
const compiledOf = (/** @type {string} */ file) => `${file}.${process.arch}.compiled`;

/** Its letters have one byte each. */
const read = (/** @type {string} */ file) => readFileSync(file, 'latin1');

/**
 * Loads a program of the build.
 * @param {string} url its file
 * @returns {any} what it exports
 */
export function load(url) {
  const file = fileURLToPath(url);
  const compiled = compiledOf(file);
  const cachedData = existsSync(compiled) ? readFileSync(compiled) : undefined;
  const script = new Script(read(file), { filename: url, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

const [, self, program] = process.argv;
if (program && self === fileURLToPath(import.meta.url)) {
  // Without running it, and under no path: the same program gives the same bytes.
  const script = new Script(read(program), { filename: 'program' });
  writeFileSync(compiledOf(program), script.createCachedData());
}
