/** `node scripts/run.mjs scripts/changed-tests.ts [commit]`: prints the test files that a change reaches, one a line, and to people what it leaves out. */
import { ROOT } from './lib/basics.mjs';
import { changedSince, importsIn, reachedBy } from './lib/changed-tests.ts';

const commit = process.argv[2] ?? 'HEAD';
const changed = changedSince(ROOT, commit);
const { tests, unreached } = reachedBy(changed, importsIn(ROOT));
process.stderr.write(
  `Changed since ${commit}: ${changed.length} files, which ${tests.length} test files reach by imports or stand beside; npm test runs all.\n`,
);
if (unreached.length > 0)
  process.stderr.write(`No test is reached from: ${unreached.slice(0, 20).join(', ')}\n`);
process.stdout.write(tests.map((each) => `${each}\n`).join(''));
