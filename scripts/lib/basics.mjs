// @ts-check
/** Small parts that the set-up steps share. They run on any Node >= 20 with no dependency. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

/** The project's folder. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A set-up step that failed; the message is all that the user needs. */
export class SetupError extends Error {}

/** Runs a command's main function; a failed set-up ends in a plain message and exit code 1. */
export async function main(/** @type {() => Promise<number>} */ run) {
  try {
    process.exitCode = await run();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    print(`\n${error.message}`);
    process.exitCode = 1;
  }
}

export function print(/** @type {string} */ line) {
  process.stderr.write(`${line}\n`);
}

/** @param {string} command */
export function isInstalled(command) {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, command)));
}

/**
 * Installs Debian packages, as root on a Debian-like system only.
 * @param {string[]} packages
 * @returns {Promise<boolean>} whether they are there now
 */
export async function aptInstall(packages) {
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  let ok = false;
  await timed(`Installing system packages: ${packages.join(', ')}`, async () => {
    // An old list has old programs, which other programs may not drive. Without a network the old list is all there is.
    await quietly('apt-get', ['update', '-q'], env);
    const result = await quietly(
      'apt-get',
      ['install', '-y', '-q', '--no-install-recommends', ...packages],
      env,
    );
    ok = result.code === 0;
    if (!ok)
      print(`apt-get could not install them:\n${result.output.split('\n').slice(-8).join('\n')}`);
  });
  return ok;
}

/** @param {string} path */
export function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/**
 * @param {string} path
 * @param {string} text
 */
export function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/**
 * Lets one process at a time do a step in this folder.
 * @param {string} step
 * @param {() => Promise<void>} work
 */
export async function alone(step, work) {
  const file = join(ROOT, '.cache', `${step}.lock`);
  let told = false;
  while (!take(file)) {
    if (!told)
      print(`Another process (${read(file)}) is busy with the same step; waiting for it …`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function take(file) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== 'EEXIST') {
      throw new SetupError(
        `${ROOT} can't be written (${code}), and something must be installed or built in it. ` +
          'Run the command once as the owner of that folder.',
      );
    }
  }
  const owner = Number.parseInt(read(file) ?? '', 10);
  // An empty file is one being written just now.
  if (owner > 0 && !isAlive(owner)) rmSync(file, { force: true });
  return false;
}

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Says what happens, that it still happens, and how long it took.
 * @param {string} what
 * @param {() => Promise<void>} work
 */
export async function timed(what, work) {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  print(`${what} …`);
  const pulse = setInterval(() => print(`  … still at it (${seconds()})`), 10_000);
  try {
    await work();
    print(`  done in ${seconds()}`);
  } finally {
    clearInterval(pulse);
  }
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ code: number, output: string, standard: string }>} `standard`: of its output, what is no error
 */
export function quietly(file, args, env) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let standard = '';
    child.stdout.on('data', (text) => {
      standard += text;
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', (error) => resolve({ code: 127, output: String(error), standard }));
    child.once('close', (code) =>
      resolve({ code: code ?? 1, output: stripVTControlCharacters(output), standard }),
    );
  });
}
