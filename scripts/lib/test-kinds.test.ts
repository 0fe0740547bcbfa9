import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { databaseTests } from './test-kinds.ts';

const DATABASE = {
  'src/context.ts': '',
  'src/lib/db/database.ts': '',
  'src/lib/db/embedded.ts': '',
  'src/lib/db/testing.ts': '',
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'finestreta-kinds-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function project(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

test('a test that imports the tests’ database, itself or through a helper, needs it', () => {
  project({
    ...DATABASE,
    'src/a/own.test.ts': `import { testDatabase } from '../lib/db/testing.ts';`,
    'src/a/helped.test.tsx': `import { testOffice } from './testing.ts';`,
    'src/a/testing.ts': `import {\n  testDatabase,\n} from '../lib/db/testing.ts';`,
    'src/a/late.test.ts': `const { testOffice } = await import('./testing.ts');`,
  });
  expect(databaseTests(root)).toEqual([
    'src/a/helped.test.tsx',
    'src/a/late.test.ts',
    'src/a/own.test.ts',
  ]);
});

test('so does one that opens a database itself, or whose helper does', () => {
  project({
    ...DATABASE,
    'src/a/own.test.ts': `import { startEmbedded } from '../lib/db/embedded.ts';`,
    'src/a/helped.test.ts': `import { world } from './testing/world.ts';`,
    'src/a/testing/world.ts': `import { openContext } from '../../context.ts';`,
  });
  expect(databaseTests(root)).toEqual(['src/a/helped.test.ts', 'src/a/own.test.ts']);
});

test('a unit test may import code that could open one, and the types of a database', () => {
  project({
    ...DATABASE,
    'src/a/rules.test.ts': `import { rules } from './service.ts';\nimport type { TestDatabase } from '../lib/db/testing.ts';`,
    'src/a/service.ts': `import { within } from '../lib/db/database.ts';`,
  });
  expect(databaseTests(root)).toEqual([]);
});

test('a moved marker module is reported', () => {
  const { 'src/lib/db/testing.ts': _, ...moved } = DATABASE;
  project(moved);
  expect(() => databaseTests(root)).toThrow('src/lib/db/testing.ts');
});
