// @ts-check
/** Where browser tests that fail leave what shows how it was. It runs on any Node >= 20. */

/** The folder of all of it, in the project's folder; a run begins with none. */
export const EVIDENCE = '.cache/failed-tests';

/**
 * Returns the folder for a test file, from the project's folder.
 * @param {string} path of the test file, likewise
 */
export const evidenceFolder = (path) =>
  `${EVIDENCE}/${path.replace(/\.\w+\.tsx?$/, '').replaceAll('/', '-')}`;
