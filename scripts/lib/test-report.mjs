// @ts-check
/** What is reported of a run of tests, and which files of `npm run test:all` are run once more (docs/adr/0156-a-second-try.md). */
import { readFileSync, writeFileSync } from 'node:fs';
import { evidenceFolder } from './test-evidence.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Sum
 * @typedef {Sum & { path: string, mayRepeat: boolean, failures: string[] }} TestFile `failed`: at least one where what is around the tests failed; `mayRepeat`: whether it
 *   runs once more when it fails; `failures`: the whole names of the tests that failed
 * @typedef {{ files: TestFile[], errors: number }} Report `errors`: those outside any test, such as a rejection that nobody handled
 */

/** The environment variable that names the file for the report. */
export const REPORT_FILE = 'TEST_REPORT';

/** Vitest's reporter that writes a `Report`. */
export default class WrittenReport {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} errors
   */
  onTestRunEnd(modules, errors) {
    const report = { files: modules.map(fileOf), errors: errors.length };
    writeFileSync(process.env[REPORT_FILE] ?? '', JSON.stringify(report));
  }
}

/**
 * @param {import('vitest/node').TestModule} module
 * @returns {TestFile}
 */
function fileOf(module) {
  const path = module.relativeModuleId;
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed' || state === 'failed') sum[state]++;
    else sum.skipped++;
    if (state === 'failed') failures.push(test.fullName);
  }
  const hasEnded = ['passed', 'failed', 'skipped'].includes(module.state());
  if (!module.ok() || !hasEnded) sum.failed = Math.max(sum.failed, 1);
  return { path, mayRepeat: mayRepeat(readFileSync(module.moduleId, 'utf8')), failures, ...sum };
}

/**
 * Returns whether a test file runs once more when it fails: it drives a browser, and doesn't compare what was confirmed with the database.
 * @param {string} source
 */
export const mayRepeat = (source) =>
  /\/support\/browser\.ts'/.test(source) && !/\/support\/(truth|bookers)\.ts'/.test(source);

/**
 * @param {Report} report
 * @returns {Sum}
 */
export function sumOf({ files, errors }) {
  const sum = { passed: 0, failed: errors, skipped: 0 };
  for (const { passed, failed, skipped } of files) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}

/** The maximum of files that run once more; when more fail, something is broken. */
const MOST_AGAIN = 3;

/**
 * Returns the files to run once more: those that failed, if each may and they are few.
 * @param {Report} report
 * @returns {TestFile[]}
 */
export function filesToTryAgain({ files, errors }) {
  const failed = files.filter((file) => file.failed > 0);
  const mayAll = errors === 0 && failed.every((file) => file.mayRepeat);
  return mayAll && failed.length <= MOST_AGAIN ? failed : [];
}

/**
 * Returns the report of both runs: what was run once more and passed counts as passed.
 * @param {Report} first
 * @param {Report} second
 * @returns {Report & { again: string[] }} `again`: the paths of the files that passed at their second try
 */
export function withSecondTry(first, second) {
  const passed = new Map(
    second.files
      .filter((file) => file.failed === 0 && file.passed > 0)
      .map((file) => [file.path, file]),
  );
  const again = filesToTryAgain(first).flatMap(({ path }) => (passed.has(path) ? path : []));
  const files = first.files.map(
    (file) => (again.includes(file.path) && passed.get(file.path)) || file,
  );
  return { files, errors: second.errors, again };
}

/**
 * Returns what to say at the end about each test that failed: its name, the command that runs it alone, and where its pictures, traces and logs of servers lie.
 * @param {Report} report
 * @param {(folder: string) => boolean} hasEvidence
 * @returns {string[]} lines
 */
export function failuresOf({ files }, hasEvidence) {
  return files
    .filter(({ failed }) => failed > 0)
    .flatMap(({ path, failures }) => {
      const folder = evidenceFolder(path);
      return [
        ...(failures.length > 0 ? failures : ['(what is around its tests)']).flatMap((name) => [
          `FAILED ${path} > ${name}`,
          `  npm test -- ${path}${name.startsWith('(') ? '' : ` -t ${quoted(name.replaceAll(' > ', ' '))}`}`,
        ]),
        ...(hasEvidence(folder) ? [`  pictures, traces, logs: ${folder}`] : []),
      ];
    });
}

/** Returns a text as a pattern in a word of a shell. @param {string} text */
const quoted = (text) =>
  `'${text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll("'", String.raw`'\''`)}'`;
