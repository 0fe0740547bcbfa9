/**
 * `node scripts/run.mjs scripts/package/rendered.ts`: renders the chart anew into deploy/chart/rendered, with Go's templates and Kubernetes'
 * own types, after each change of the chart. testing/render/main.go names the packages of Debian that it needs.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const CHART = join(ROOT, 'deploy', 'chart');

/** What the example values give, as it is kept in the repository. */
export const RENDERED = join(CHART, 'rendered', 'example.yaml');

/** Returns the line by which a rendered file says of which chart it is: the SHA-256 of what was rendered. */
export function chartSum(): string {
  const hash = createHash('sha256');
  const names = globSync(['Chart.yaml', 'values.yaml', 'values.example.yaml', 'templates/*'], {
    cwd: CHART,
  });
  for (const name of names.sort()) hash.update(`${name}\0${readFileSync(join(CHART, name))}\0`);
  return `# scripts/package/rendered.ts made this of the chart ${hash.digest('hex')}.\n`;
}

/** Returns the chart with values, as Helm renders it. @throws what is wrong with it */
export const renderChart = (values = join(CHART, 'values.example.yaml')): string =>
  execFileSync('go', ['run', join(ROOT, 'scripts/package/testing/render/main.go'), CHART, values], {
    encoding: 'utf8',
    env: { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '-p=2' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(RENDERED, `${chartSum()}${renderChart()}`);
