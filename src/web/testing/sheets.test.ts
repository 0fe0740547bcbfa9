import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../paths.ts';
import { sheetsOf, unstyledIn } from './sheets.ts';

const link = (name: string) => `<link rel="stylesheet" href="/assets/${name}-1a2b-3c.css"/>`;

test('a page for citizens with a part of an island needs its sheet', () => {
  const part = '<ul class="plain parts"><li class="hide">Matí</li></ul>';
  expect(unstyledIn(link('citizen') + part)).toEqual(['class parts: the island times is missing']);
  expect(unstyledIn(link('citizen') + link('times') + part)).toEqual([]);
  expect(unstyledIn(link('console') + part)).toEqual([]);
  expect(sheetsOf(link('citizen') + link('times'))).toEqual(['citizen', 'times']);
});

test('each sheet of an island has its island', () => {
  const names = globSync('src/ui/css/islands/*.css', { cwd: ROOT }).map((each) =>
    basename(each, '.css'),
  );
  expect(names).toContain('room');
  for (const each of names)
    expect(globSync(`src/islands/${each}/main.{ts,tsx}`, { cwd: ROOT }), each).toHaveLength(1);
});
