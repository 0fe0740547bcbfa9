import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const PAGE = 'docs/security.md';
const page = readFileSync(PAGE, 'utf8');
const NAMED = /`((?:src|e2e|scripts|migrations|docs)\/[\w./-]+)`/g;

test('every file that the page on security names is there', () => {
  const paths = [...page.matchAll(NAMED)].map((match) => match[1] ?? '');
  expect(paths.length).toBeGreaterThan(30);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});

test('every link of the page leads to a page', () => {
  const links = [...page.matchAll(/\]\(([^)#]+)(?:#[\w-]+)?\)/g)].map((match) => match[1] ?? '');
  expect(links.filter((link) => !existsSync(join(dirname(PAGE), link)))).toEqual([]);
});

test('no table of the page has a cell too many or too few', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('|'));
  let wanted = 0;
  const wrong = rows.filter((row, index) => {
    const cells = row.replaceAll(/`[^`]*`/g, '').split('|').length;
    if (rows[index + 1]?.startsWith('|--') || rows[index + 1]?.startsWith('|---')) wanted = cells;
    return cells !== wanted;
  });
  expect(wrong).toEqual([]);
});
