import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textFile } from './entries.ts';
import { writeChunks } from './files.ts';
import { tarOf } from './tar.ts';
import { tracked } from './tracked.ts';
import type { Version } from './version.ts';

/** Returns the name of the chart's file, as `helm package` would call it. */
export const chartName = ({ name }: Pick<Version, 'name'>): string => `finestreta-${name}.tgz`;

/** Writes the Helm chart as an archive, with the version of the program as its own. */
export async function writeChart(file: string, root: string, version: Version): Promise<void> {
  const folder = join(root, 'deploy', 'chart');
  const manifest = readFileSync(join(folder, 'Chart.yaml'), 'utf8')
    .replace(/^version: .*$/m, `version: ${version.name}`)
    .replace(/^appVersion: .*$/m, `appVersion: "${version.name}"`);
  const others = tracked(root, ['deploy/chart'])
    .map((entry) => ({ ...entry, path: entry.path.replace('deploy/chart', 'finestreta') }))
    .filter(({ path }) => !/^finestreta\/(Chart\.yaml$|rendered\/)/.test(path));
  const entries = [textFile('finestreta/Chart.yaml', manifest), ...others];
  await writeChunks(file, tarOf(entries, version), 'gzip');
}
