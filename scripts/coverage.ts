/**
 * `npm run coverage`: runs the tests that need no browser, and prints how much of `src` they run, part by part. Arguments go to
 * vitest: a word chooses the files whose path has it. The pages in .cache/coverage show each line.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDER = '.cache/coverage';
/** Test support isn't the subject of the coverage. */
const TESTS = [
  'src/**/*.{test,fixture}.{ts,tsx}',
  'src/**/testing.ts',
  'src/**/testing/**',
  'src/locales/**',
  '**/*.d.ts',
];

const MEASURES = ['lines', 'branches', 'functions'] as const;
type Counts = Record<(typeof MEASURES)[number], { total: number; covered: number }>;

export interface Part {
  name: string;
  files: number;
  counts: Counts;
}

const nothing = (): Counts => ({
  lines: { total: 0, covered: 0 },
  branches: { total: 0, covered: 0 },
  functions: { total: 0, covered: 0 },
});

/** Sums up files by the folder of `src` that they are in; the last part is everything. Paths are relative to the project. */
export function partsOf(files: Record<string, Counts>): Part[] {
  const parts = new Map<string, Part>();
  const all: Part = { name: 'all', files: 0, counts: nothing() };
  for (const [path, counts] of Object.entries(files)) {
    const name = /^(src\/[^/]+)\//.exec(path)?.[1] ?? 'src';
    const part = parts.get(name) ?? { name, files: 0, counts: nothing() };
    parts.set(name, part);
    for (const each of [part, all]) {
      each.files += 1;
      for (const measure of MEASURES) {
        each.counts[measure].total += counts[measure].total;
        each.counts[measure].covered += counts[measure].covered;
      }
    }
  }
  return [...[...parts.values()].sort((a, b) => a.name.localeCompare(b.name, 'en')), all];
}

/** The parts as a table in Markdown. */
export function tableOf(parts: Part[]): string {
  const percent = ({ total, covered }: { total: number; covered: number }) =>
    total === 0 ? '–' : `${((100 * covered) / total).toFixed(1)} %`;
  const rows = parts.map(
    ({ name, files, counts }) =>
      `| ${name} | ${files} | ${MEASURES.map((measure) => percent(counts[measure])).join(' | ')} |`,
  );
  return ['| part | files | lines | branches | functions |', '|---|--:|--:|--:|--:|', ...rows].join(
    '\n',
  );
}

async function measure(args: string[]): Promise<number> {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(
    process.execPath,
    [
      ...[
        vitest,
        'run',
        '--project=unit',
        '--project=db',
        '--coverage.enabled',
        '--coverage.provider=v8',
      ],
      ...[
        '--coverage.include=src/**/*.{ts,tsx}',
        ...TESTS.map((each) => `--coverage.exclude=${each}`),
      ],
      ...['--coverage.reporter=json-summary', '--coverage.reporter=html'],
      ...[`--coverage.reportsDirectory=${FOLDER}`, '--coverage.reportOnFailure', ...args],
    ],
    { cwd: ROOT, stdio: 'inherit' },
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const summary: Record<string, Counts> = JSON.parse(
    readFileSync(join(ROOT, FOLDER, 'coverage-summary.json'), 'utf8'),
  );
  const files = Object.entries(summary).filter(([path]) => path !== 'total');
  const parts = partsOf(
    Object.fromEntries(files.map(([path, counts]) => [relative(ROOT, path), counts])),
  );
  console.log(`\n${tableOf(parts)}\n\nLine by line: ${FOLDER}/index.html`);
  return code ?? 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.exitCode = await measure(process.argv.slice(2));
