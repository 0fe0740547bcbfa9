import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createVitest } from 'vitest/node';
import { ROOT } from './basics.mjs';
import { isOutside, OUTSIDE } from './outside-tests.ts';

const files = globSync('{src,scripts,e2e}/**/*.{test,e2e}.{ts,tsx}', {
  cwd: ROOT,
  exclude: ['**/node_modules/**'],
});

test('each name stands for a file or a folder with tests, and has a reason', () => {
  for (const [name, reason] of Object.entries(OUTSIDE)) {
    expect(
      files.filter((path) => path === name || path.startsWith(name)),
      name,
    ).not.toEqual([]);
    expect(reason, name).toMatch(/^\w.{10,}\.$/);
  }
});

test('each test file belongs to one project, those that are named to `outside`', async () => {
  const vitest = await createVitest('test', { root: ROOT, watch: false, run: true, reporters: [] });
  const found = await vitest.globTestSpecifications();
  await vitest.close();
  const projects = Map.groupBy(found, ({ moduleId }) => moduleId.slice(ROOT.length + 1));
  expect([...projects.keys()].sort()).toEqual(files.sort());
  for (const [path, specifications] of projects) {
    const names = specifications.map(({ project }) => project.name);
    expect(names, path).toHaveLength(1);
    expect(names.includes('outside'), path).toBe(isOutside(path));
  }
});
