import { expect, test } from 'vitest';
import { reachedBy } from './changed-tests.ts';

const imports = new Map([
  ['src/a/rules.ts', []],
  ['src/a/service.ts', ['src/a/rules.ts']],
  ['src/a/island/main.ts', []],
  ['src/a/rules.test.ts', ['src/a/rules.ts']],
  ['src/b/pages.test.tsx', ['src/a/service.ts']],
  ['src/c/alone.test.ts', ['src/c/alone.ts']],
  ['src/c/alone.ts', ['src/context.ts']],
  ['src/context.ts', ['src/a/service.ts']],
  ['e2e/story.e2e.ts', ['src/context.ts']],
]);

test('a change reaches the tests that import it, also through others', () => {
  const { tests } = reachedBy(['src/a/rules.ts'], imports);
  expect(tests).toEqual(['src/a/rules.test.ts', 'src/b/pages.test.tsx']);
});

test('and those in its folder, but none through the wiring', () => {
  expect(reachedBy(['src/a/service.ts'], imports).tests).toEqual([
    'src/a/rules.test.ts',
    'src/b/pages.test.tsx',
  ]);
  expect(reachedBy(['src/context.ts'], imports).tests).toEqual([
    'e2e/story.e2e.ts',
    'src/c/alone.test.ts',
  ]);
});

test('what no test is reached from is named, and a test that changed is reached', () => {
  expect(reachedBy(['README.md', 'src/a/island/main.ts', 'e2e/story.e2e.ts'], imports)).toEqual({
    tests: ['e2e/story.e2e.ts'],
    unreached: ['README.md', 'src/a/island/main.ts'],
  });
});
