/**
 * The entry of the git hooks in .githooks: `pre-commit`, or `commit-msg FILE`. Ends with 1 when
 * something needs a correction.
 */
import { readFileSync } from 'node:fs';
import { mistakesIn } from './check/commit-message.ts';
import { checkStaged } from './check/staged.ts';

const [hook, file] = process.argv.slice(2);
const findings = hook === 'commit-msg' ? mistakesIn(readFileSync(file ?? '', 'utf8')) : staged();
if (findings.length > 0) {
  console.error(findings.join('\n'));
  console.error('\nNothing was committed. CONTRIBUTING.md says more; --no-verify goes past this.');
  process.exitCode = 1;
}

function staged(): string[] {
  return checkStaged(process.cwd()).map(({ path, line, message }) => `${path}:${line}: ${message}`);
}
