import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  isAccepted,
  type Lockfile,
  packageList,
  pageWith,
  READ,
  runtimePackages,
} from './third-party.ts';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile;
const packages = runtimePackages(lock);

test('the licences of production packages are compatible with EUPL-1.2', () => {
  expect(packages.length).toBeGreaterThan(50);
  expect(packages.filter(({ license }) => !isAccepted(license))).toEqual([]);
});

test('docs/third-party.md lists them (node scripts/run.mjs scripts/third-party.ts writes it anew)', () => {
  const page = readFileSync('docs/third-party.md', 'utf8');
  expect(page).toBe(pageWith(page, packageList(packages)));
});

test('the lockfile has the licences of the packages themselves', () => {
  for (const { name, version, license } of packages) {
    const file = join('node_modules', name, 'package.json');
    if (!existsSync(file) || READ[`${name} ${version}`]) continue;
    expect(JSON.parse(readFileSync(file, 'utf8')).license).toBe(license);
  }
});

test('a package without a licence name has its text beside it', () => {
  for (const [which, license] of Object.entries(READ)) {
    const folder = join('node_modules', which.split(' ')[0] ?? '');
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toContain(`${license} License`);
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).license).toBeUndefined();
  }
});

test('an unknown licence is refused', () => {
  expect(
    ['MIT', '(MIT OR GPL-3.0)', '(ISC AND CC-BY-3.0)', 'GPL-3.0', '(MIT AND SSPL-1.0)', 'none'].map(
      isAccepted,
    ),
  ).toEqual([true, true, true, false, false, false]);
});

test('production dependencies are followed through the tree, and development ones are left out', () => {
  const small: Lockfile = {
    packages: {
      '': { dependencies: { a: '1' }, optionalDependencies: { p: '1' } },
      'node_modules/a': { version: '1', license: 'MIT', dependencies: { b: '2' } },
      'node_modules/a/node_modules/b': { version: '2', license: 'ISC' },
      'node_modules/b': { version: '1', license: 'GPL-3.0' },
      'node_modules/p': {
        version: '1',
        license: '0BSD',
        peerDependencies: { q: '1', r: '1' },
        peerDependenciesMeta: { r: { optional: true } },
      },
      'node_modules/q': { version: '1', license: 'MIT' },
      'node_modules/r': { version: '1', license: 'GPL-3.0' },
    },
  };
  expect(runtimePackages(small).map(({ name, version }) => `${name} ${version}`)).toEqual([
    'a 1',
    'b 2',
    'p 1',
    'q 1',
  ]);
});
