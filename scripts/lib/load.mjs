// @ts-check
/**
 * How the build's program is loaded: as one script, with what V8 made of it when it was built. The build copies this file beside the program, and runs
 * it there to keep that: `node load.js PROGRAM`.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** Where it is kept what V8 made of this very program: its name has its hash. */
const compiledOf = (/** @type {string} */ file) => `${file}.${process.arch}.compiled`;
const SUM_BYTES = 4;

/**
 * Returns what V8 made of a program; nothing where there is none, or it is not whole. V8 refuses what another V8 made, or one with other flags, and begins
 * anew, but it would run what a disk has damaged: a sum of both stands at its end.
 * @param {string} file
 * @param {string} text
 */
function readCompiled(file, text) {
  if (!existsSync(compiledOf(file))) return undefined;
  const kept = readFileSync(compiledOf(file));
  if (kept.length <= SUM_BYTES) return undefined;
  const compiled = kept.subarray(0, -SUM_BYTES);
  return sumOf(text, compiled) === kept.readUInt32BE(compiled.length) ? compiled : undefined;
}

/**
 * @param {string} text
 * @param {Buffer} compiled
 */
const sumOf = (text, compiled) => crc32(compiled, crc32(Buffer.from(text, 'latin1')));

/**
 * Keeps what V8 makes of a program, without running it, and under no path: the same program gives the same bytes.
 * @param {string} file
 */
function keepCompiled(file) {
  const text = read(file);
  const compiled = new Script(text, { filename: 'program' }).createCachedData();
  const sum = Buffer.alloc(SUM_BYTES);
  sum.writeUInt32BE(sumOf(text, compiled));
  const unfinished = `${compiledOf(file)}-unfinished`;
  const handle = openSync(unfinished, 'w');
  writeFileSync(handle, Buffer.concat([compiled, sum]));
  fsyncSync(handle);
  closeSync(handle);
  renameSync(unfinished, compiledOf(file));
}

/**
 * @param {string} url
 * @returns {{ script: Script, file: string }}
 */
function compile(url) {
  const file = fileURLToPath(url);
  const text = read(file);
  return {
    script: new Script(text, { filename: url, cachedData: readCompiled(file, text) }),
    file,
  };
}

/** Its letters have one byte each. */
const read = (/** @type {string} */ file) => readFileSync(file, 'latin1');

/**
 * Returns whether V8 takes what was kept of a program, as one with these flags.
 * @param {string} url its file
 */
export const isCompiled = (url) => compile(url).script.cachedDataRejected === false;

/**
 * Loads a program of the build.
 * @param {string} url its file
 * @returns {any} what it exports
 */
export function load(url) {
  const { script, file } = compile(url);
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

const [, self = '', program] = process.argv;
if (program && realpathSync(self) === realpathSync(fileURLToPath(import.meta.url)))
  keepCompiled(program);
