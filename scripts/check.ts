/** `npm run check`: format, lint, types, structure, secrets, the API since the last release. With --write it formats. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from './check/imports.ts';
import { checkTreeForSecrets } from './check/staged.ts';
import { checkStructure } from './check/structure.ts';
import { checkApi, checkMigrations } from './release/releases.ts';

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

function found(name: string, findings: Finding[]): Result {
  const lines = findings.map(({ path, line, message }) => `${path}:${line}: ${message}`);
  return { name, ok: findings.length === 0, output: lines.join('\n') };
}

function secrets(): Result {
  const findings = checkTreeForSecrets(ROOT);
  return findings
    ? found('secrets', findings)
    : found('secrets: not looked for, since this folder is no git repository', []);
}

async function api(): Promise<Result> {
  // Vite takes seconds to load, and is needed only once there is a release.
  const current = async () => (await import('./api/current.ts')).currentDocument(ROOT);
  const { findings, about } = await checkApi(ROOT, current);
  return found(`API (${about})`, findings);
}

const write = process.argv.includes('--write');
// tsc reads only the .mjs files that ask for it with @ts-check.
const types = tool('types', 'typescript/bin/tsc', ['-p', '.', '--allowJs']);
const style = await tool('format and lint', '@biomejs/biome/bin/biome', [
  'check',
  ...['--error-on-warnings', '--colors=off', '--max-diagnostics=50'],
  ...(write ? ['--write'] : []),
]);
const results = [
  style,
  await types,
  found('structure', [...checkStructure(ROOT), ...checkMigrations(ROOT)]),
  secrets(),
  await api(),
];
for (const { name, ok, output } of results) {
  if (!ok) console.log(`${output.trim()}\n`);
  console.log(`${ok ? 'ok      ' : 'FAILED  '}${name}`);
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
