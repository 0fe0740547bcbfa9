import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Lockfile, runtimePackages } from './third-party.ts';

interface Component {
  'bom-ref': string;
  name: string;
  version: string;
  purl: string;
  hashes: { alg: string; content: string }[];
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile;
const nameOf = ({ name, version }: { name: string; version: string }) => `${name}@${version}`;

test('the bill of materials has all production packages and nothing else, as CycloneDX 1.5', () => {
  const { status, stdout, stderr } = spawnSync('node', ['scripts/sbom.mjs'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const bom = JSON.parse(stdout);
  expect(bom).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', name: 'finestreta' } },
  });
  expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
  expect(bom.metadata.timestamp).toMatch(/^\d{4}-\d\d-\d\dT/);

  const components: Component[] = bom.components;
  expect(components.map(nameOf).sort()).toEqual(runtimePackages(lock).map(nameOf).sort());
  expect(components.map(({ name }) => name)).not.toContain('vitest');
  for (const { name, version, purl, hashes } of components) {
    // An alias has the name of its real package (package.json, overrides).
    const real = name === '@napi-rs/canvas' ? 'noop' : name.replace('@', '%40');
    expect(purl).toBe(`pkg:npm/${real}@${version}`);
    expect(hashes[0]?.alg).toBe('SHA-512');
  }

  // Every reference has a target, and no registry is named: each installation has its own.
  const refs = new Set([
    bom.metadata.component['bom-ref'],
    ...components.map((each) => each['bom-ref']),
  ]);
  const mentioned: string[] = bom.dependencies.flatMap(
    ({ ref, dependsOn = [] }: { ref: string; dependsOn?: string[] }) => [ref, ...dependsOn],
  );
  expect(mentioned.filter((each) => !refs.has(each))).toEqual([]);
  expect(stdout).not.toContain('registry');
});
