// @ts-check
/**
 * `npm run sbom [FILE]`: the software bill of materials of what runs, as CycloneDX 1.5 in JSON, on the screen or in a file.
 * npm makes it of the lockfile, so nothing needs to be installed. What runs is chosen here: npm's own --omit=dev loses packages that
 * run and are an optional peer of a development package besides.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { main, ROOT, SetupError } from './lib/basics.mjs';
import { runtimePaths } from './lib/runtime.mjs';
import { npm } from './lib/setup.mjs';

/** @typedef {{ 'bom-ref': string, name: string, version: string, purl: string }} Component */

/** @returns {Promise<string>} the document */
async function sbom() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const { code, output, words } = await npm([
    ...['sbom', '--sbom-format=cyclonedx', '--sbom-type=application'],
    '--package-lock-only',
  ]);
  if (code !== 0) throw new SetupError(`npm could not make the bill of materials:\n${words}`);
  const bom = JSON.parse(output);
  // npm names it after its folder.
  bom.metadata.component.name = packages[''].name;
  const runs = new Set(
    [...runtimePaths(packages)].map(
      (path) => `${path.replace(/^.*node_modules\//, '')}@${packages[path].version}`,
    ),
  );
  const isNeeded = (/** @type {Component} */ { name, version }) => runs.has(`${name}@${version}`);
  bom.components = bom.components.filter(isNeeded);
  const kept = new Set(bom.components.map((/** @type {Component} */ each) => each['bom-ref']));
  kept.add(bom.metadata.component['bom-ref']);
  bom.dependencies = bom.dependencies
    .filter((/** @type {{ ref: string }} */ { ref }) => kept.has(ref))
    .map((/** @type {{ ref: string, dependsOn?: string[] }} */ { ref, dependsOn = [] }) => ({
      ref,
      dependsOn: dependsOn.filter((each) => kept.has(each)),
    }));
  return `${JSON.stringify(bom, null, 2)}\n`;
}

await main(async () => {
  const [file] = process.argv.slice(2);
  const text = await sbom();
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(resolve(process.env.INIT_CWD ?? '.', file), text);
  return 0;
});
