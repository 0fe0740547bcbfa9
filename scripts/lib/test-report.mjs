// @ts-check
/** What is reported of a run of all tests, and which files of browser tests are run once more (docs/adr/0156-a-second-try.md). */
import { writeFileSync } from 'node:fs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Sum
 * @typedef {Sum & { path: string, kind: string }} TestFile `failed`: at least one where what is around the tests failed; `kind`: its project of vitest.config.ts
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
  const file = { path: module.relativeModuleId, kind: module.project.name };
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed' || state === 'failed') sum[state]++;
    else sum.skipped++;
  }
  if (!module.ok()) sum.failed = Math.max(sum.failed, 1);
  return { ...file, ...sum };
}

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

/** So many files may fail for a reason of the moment; when more do, something is broken. */
const MOST_AGAIN = 3;

/**
 * Returns the files to run once more: those of browser tests that failed, if nothing else did and they are few.
 * @param {Report} report
 * @returns {TestFile[]}
 */
export function filesToTryAgain({ files, errors }) {
  const failed = files.filter((file) => file.failed > 0);
  const areBrowsersOnly = errors === 0 && failed.every(({ kind }) => kind === 'e2e');
  return areBrowsersOnly && failed.length <= MOST_AGAIN ? failed : [];
}

/**
 * Returns the report of both runs: what was run once more counts as it ended then.
 * @param {Report} first
 * @param {Report} second
 * @returns {Report}
 */
export function withSecondTry(first, second) {
  const tried = new Map(second.files.map((file) => [file.path, file]));
  const again = new Set(filesToTryAgain(first));
  const files = first.files.map((file) => (again.has(file) && tried.get(file.path)) || file);
  return { files, errors: second.errors };
}
