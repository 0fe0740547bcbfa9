/** `npm run check`: format, lint, types, structure. With --write it formats. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkStructure } from './check/structure.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

interface Result {
  name: string;
  ok: boolean;
  output: string;
}

/** Runs a tool that npm installed. */
function tool(name: string, script: string, args: string[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', script), ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ name, ok: code === 0, output }));
  });
}

function structure(): Result {
  const findings = checkStructure(ROOT);
  const lines = findings.map(({ path, line, message }) => `${path}:${line}: ${message}`);
  return { name: 'structure', ok: findings.length === 0, output: lines.join('\n') };
}

const write = process.argv.includes('--write');
// tsc reads only the .mjs files that ask for it with @ts-check.
const types = tool('types', 'typescript/bin/tsc', ['-p', '.', '--allowJs']);
const style = await tool('format and lint', '@biomejs/biome/bin/biome', [
  'check',
  ...['--error-on-warnings', '--colors=off', '--max-diagnostics=50'],
  ...(write ? ['--write'] : []),
]);
const results = [style, await types, structure()];
for (const { name, ok, output } of results) {
  if (!ok) console.log(`${output.trim()}\n`);
  console.log(`${ok ? 'ok      ' : 'FAILED  '}${name}`);
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
