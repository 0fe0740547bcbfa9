// @ts-check
/**
 * `npm test`: everything that the tests need, then all but those that change only with the world outside (scripts/lib/outside-tests.ts), which `npm run test:all`
 * runs too. `npm run test:unit`, `test:db` and `test:e2e` (`--kind=`): one kind, with what that kind needs. `--changed`: the files that a change reaches
 * (scripts/lib/changed-tests.ts). Other arguments go to vitest: a word chooses the files whose path has it, `--watch` runs the tests again at each change. The last line is
 * the sum: `N passed, N failed[, N skipped][, N of the files at the second try]`; before it stands each test that failed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main, print, ROOT, SetupError } from './lib/basics.mjs';
import { memoryFolder } from './lib/memory-folder.mjs';
import { ensureBuild, ensureDependencies } from './lib/setup.mjs';
import { EVIDENCE } from './lib/test-evidence.mjs';
import { ensurePrograms } from './lib/test-programs.mjs';
import {
  failuresOf,
  filesToTryAgain,
  REPORT_FILE,
  sumOf,
  withSecondTry,
} from './lib/test-report.mjs';

/** @typedef {import('./lib/test-report.mjs').Sum} Sum */
/** @typedef {import('./lib/test-report.mjs').Report} Report */
/** @typedef {{ node: string, env?: NodeJS.ProcessEnv, kinds: string[], broken?: Error }} Ready `kinds`: the projects of vitest.config.ts that can run */

/**
 * The preparations for each kind of test, and for all.
 * @type {Record<string, () => Promise<Ready>>}
 */
const PREPARE = {
  unit: () => installed('unit'),
  db: () => installed('db'),
  e2e: () => withBuild('e2e', 'outside'),
  most: () => withBuild('unit', 'db', 'e2e'),
  all: () => withBuild('unit', 'db', 'e2e', 'outside'),
};

const REPORTER = join(ROOT, 'scripts', 'lib', 'test-report.mjs');

await main(async () => {
  const { watch, isAll, isMost, since, ...asked } = readArguments(process.argv.slice(2));
  const { prepare, rest } = since === null ? asked : await onlyChanged(since, asked.rest);
  if (watch) return watchTests(await prepare(), rest);
  const sum = { passed: 0, failed: 0, skipped: 0, again: /** @type {string[]} */ ([]) };
  try {
    const ready = await prepare();
    const env = { ...(ready.env ?? process.env), ...(isMost && { TEST_MOST: '1' }) };
    if (ready.kinds.length > 0)
      Object.assign(sum, await runTests({ ...ready, env }, rest, isAll && rest.length === 0));
    if (ready.broken) throw ready.broken;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    print(`\n${error.message}`);
    sum.failed += 1;
  }
  const { passed, failed } = sum;
  const isNone = passed + failed + sum.skipped === 0;
  if (isNone && since === null) print(`\nNo test was chosen by: ${rest.join(' ')}`);
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
  for (const path of sum.again)
    process.stdout.write(`\n${path} failed at first and passed alone: why it failed is above.\n`);
  const again = sum.again.length > 0 ? `, ${sum.again.length} of the files at the second try` : '';
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped}${again}\n`);
  return failed === 0 && (passed > 0 || (isNone && since !== null)) ? 0 : 1;
});

/**
 * @param {string[]} args
 * @returns {{ prepare: () => Promise<Ready>, watch: boolean, isAll: boolean, isMost: boolean, since: string | null, rest: string[] }} `isAll`: with what only
 *   `npm run test:all` runs; `isMost`: neither that nor tests that were named, so that pages are scanned once only;
 *   `since`: the commit since which what changed is meant; `rest`: for vitest
 */
function readArguments(args) {
  const ours = /^(--kind=.*|--all|--changed(=.*)?|--watch|-w)$/;
  const rest = args.filter((each) => !ours.test(each));
  const isAll = args.includes('--all');
  // Whoever names tests means them, wherever they stand.
  const isNamed = rest.some((each) => /^[^-].*\D/.test(each));
  const all = isAll || isNamed ? 'all' : 'most';
  const kind = args.find((each) => each.startsWith('--kind='))?.slice('--kind='.length) ?? all;
  const prepare = PREPARE[kind];
  if (!prepare) {
    throw new SetupError(`--kind is one of ${Object.keys(PREPARE).join(', ')}, not “${kind}”.`);
  }
  const watch = args.some((each) => each === '--watch' || each === '-w');
  if (watch && (kind === 'most' || kind === 'all')) {
    throw new SetupError(
      '--watch is for one kind: npm run test:unit, test:db or test:e2e -- --watch',
    );
  }
  const changed = args.find((each) => /^--changed(=|$)/.test(each));
  const since = changed === undefined ? null : changed.slice('--changed='.length) || 'HEAD';
  if (since !== null && (isNamed || watch || kind !== 'most')) {
    throw new SetupError(
      '--changed is for npm test, and goes with no word; since another commit than the last: npm test -- --changed=COMMIT',
    );
  }
  return { prepare, watch, isAll, isMost: kind === 'most', since, rest };
}

/**
 * Returns the tests that a change reaches, and how to prepare them.
 * @param {string} since a commit
 * @param {string[]} rest
 * @returns {Promise<{ prepare: () => Promise<Ready>, rest: string[] }>}
 */
async function onlyChanged(since, rest) {
  const node = await ensureDependencies('all');
  const script = join(ROOT, 'scripts', 'changed-tests.ts');
  const found = spawnSync(node, [script, since], { encoding: 'utf8', cwd: ROOT });
  process.stderr.write(found.stderr);
  const paths = found.stdout.split('\n').filter(Boolean);
  if (found.status !== 0) throw new SetupError(`What changed since ${since} can’t be told.`);
  if (paths.length === 0) return { prepare: async () => ({ node, kinds: [] }), rest };
  const isBrowser = paths.some((path) => path.startsWith('e2e/'));
  return {
    prepare: isBrowser
      ? () => withBuild('unit', 'db', 'e2e', 'outside')
      : () => installed('unit', 'db'),
    rest: [...paths, ...rest],
  };
}

/**
 * Prepares what needs no build.
 * @param {string[]} kinds
 * @returns {Promise<Ready>}
 */
async function installed(...kinds) {
  return { node: await ensureDependencies('all'), kinds };
}

/**
 * Prepares everything, the build and the programs of the system too. Without a build there is nothing for a browser to see,
 * but the rules can still be tested.
 * @param {string[]} kinds
 * @returns {Promise<Ready>}
 */
async function withBuild(...kinds) {
  const node = await ensureDependencies('all');
  const broken = await ensureBuild(node).catch((error) => error);
  const env = await ensurePrograms();
  if (!broken) return { node, env, kinds };
  return { node, env, kinds: kinds.filter((kind) => kind === 'unit' || kind === 'db'), broken };
}

/**
 * @param {Ready} ready
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
function watchTests(ready, args) {
  if (ready.broken) throw ready.broken;
  return vitest(ready, ['watch', ...args]);
}

/**
 * Runs tests in this terminal, and reads their sum. In a run of all of them, most browser tests that fail run once more, alone.
 * @param {Ready} ready
 * @param {string[]} args
 * @param {boolean} isTriedAgain whether browser tests that failed run once more
 * @returns {Promise<Sum & { again: string[] }>} `again`: the files that passed at their second try
 */
async function runTests(ready, args, isTriedAgain) {
  rmSync(join(ROOT, EVIDENCE), { recursive: true, force: true });
  const filtered = args.length > 0 ? ['--passWithNoTests'] : [];
  const first = await reportOf(ready, [...filtered, ...args]);
  const failed = isTriedAgain ? filesToTryAgain(first) : [];
  if (failed.length === 0) return { ...said(first), again: [] };
  const paths = failed.map(({ path }) => path);
  print(`\nFailed, and run once more, alone: ${paths.join(', ')}`);
  const second = await reportOf({ ...ready, kinds: ['e2e', 'outside'] }, [
    ...paths,
    '--maxWorkers=1',
  ]);
  const both = withSecondTry(first, second);
  return { ...said(both), again: both.again };
}

/**
 * Says what failed. Returns the sum.
 * @param {Report} report
 */
function said(report) {
  const lines = failuresOf(report, (folder) => existsSync(join(ROOT, folder)));
  if (lines.length > 0) process.stdout.write(`\n${lines.join('\n')}\n`);
  return sumOf(report);
}

/**
 * Runs tests in this terminal and reads the report of them.
 * @param {Ready} ready
 * @param {string[]} args
 * @returns {Promise<Report>}
 */
async function reportOf(ready, args) {
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-test-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', `--reporter=${REPORTER}`];
  const env = { ...(ready.env ?? process.env), [REPORT_FILE]: file };
  const code = await vitest({ ...ready, env }, ['run', ...reporters, ...args]);
  /** @type {Report} */
  const report = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { files: [], errors: 0 };
  rmSync(folder, { recursive: true, force: true });
  if (code > 1 || (code !== 0 && sumOf(report).failed === 0)) report.errors++;
  return report;
}

/**
 * Runs vitest in this terminal until it ends.
 * @param {Ready} ready
 * @param {string[]} args
 * @returns {Promise<number>} its exit code; 2 when a signal ended it
 */
function vitest({ node, env = process.env, kinds }, args) {
  const program = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const projects = kinds.map((kind) => `--project=${kind}`);
  const folder = kinds.every((kind) => kind === 'unit') ? null : memoryFolder();
  const child = spawn(node, [program, ...args, ...projects], {
    cwd: ROOT,
    env: folder === null ? env : { ...env, TMPDIR: folder },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
      resolve(code ?? 2);
    });
  });
}
