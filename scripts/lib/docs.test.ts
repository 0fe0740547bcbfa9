import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkPage, checkRecipe, declares, recipesIn } from './docs.ts';

const PAGES = [
  ...globSync('docs/{*,{dossier,reference,guides/*}/*}.md'),
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
].sort();

test.each(PAGES)('%s names only files, headings and names that are there', (path) => {
  expect(checkPage('.', { path, text: readFileSync(path, 'utf8') })).toEqual([]);
});

test('the links between decisions lead to existing files', () => {
  const links = globSync('docs/adr/*.md').flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\[[^\]]*\]\([^)]+\)/g)].map(([text]) => ({
      path,
      text,
    })),
  );
  expect(links.flatMap((link) => checkPage('.', link))).toEqual([]);
});

test.each(recipesIn(readFileSync('docs/changing.md', 'utf8')))(
  'the recipe “$title” lists the files that it changes',
  (recipe) => {
    expect(checkRecipe('.', recipe)).toEqual([]);
  },
);

describe('a made tree', () => {
  let root: string;
  const write = (path: string, text: string) => {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'finestreta-docs-'));
    write('src/a.ts', 'export const book = 1;\nexport const BUFFER = 5;\n');
    write('src/b.ts', 'import { BUFFER } from "./a.ts";\n');
    write('src/b.test.ts', 'expect(BUFFER);\n');
    write('docs/other.md', '# Other\n\n## The `first` part, of two\n');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const mistakes = (text: string) => checkPage(root, { path: 'docs/page.md', text });

  test('checks a page’s paths, links and names', () => {
    const text = [
      'See `src/a.ts`, [`book`](../src/a.ts), [other](other.md#the-first-part-of-two), [here](#page),',
      '[elsewhere](https://example.org/none.md) and the folder [src](../src).',
      '# Page',
      '```\nsee `src/none.ts`\n```',
    ].join('\n');
    write('docs/page.md', text);
    expect(mistakes(text)).toEqual([]);
  });

  test.each([
    ['`src/none.ts`', 'src/none.ts is not there'],
    ['[x](none.md)', 'the link to none.md leads nowhere'],
    ['[x](other.md#second)', 'docs/other.md has no heading #second'],
    ['[x](#nothing)', 'docs/page.md has no heading #nothing'],
    ['[`cancel`](../src/a.ts)', 'src/a.ts declares no cancel'],
    ['[`BUFFER()`](../src/b.ts)', 'src/b.ts declares no BUFFER'],
  ])('finds the mistake in %s', (text, mistake) => {
    write('docs/page.md', text);
    expect(mistakes(text)).toEqual([`docs/page.md: ${mistake}`]);
  });

  const recipe = (...lines: string[]) =>
    recipesIn(['# Recipes', '## Change it', ...lines].join('\n')).flatMap((each) =>
      checkRecipe(root, each),
    );
  const SEARCH = '<!-- files with /\\bBUFFER\\b/ in src/**/*.ts, docs/*.md -->';

  test('compares a recipe with the files that a search finds', () => {
    expect(recipe(SEARCH, '| `src/a.ts` | one |', '- `src/b.ts`: two')).toEqual([]);
    expect(recipe(SEARCH, '| `src/a.ts` | one |')).toEqual([
      'Change it: src/b.ts belongs to the list',
    ]);
    expect(recipe(SEARCH, '- `src/a.ts`', '- `src/b.ts`', '- `src/c.ts`')).toEqual([
      'Change it: src/c.ts is not there',
    ]);
    expect(recipe('- `src/a.ts`')).toEqual([
      'Change it: has no comment that says how its files are found',
    ]);
    expect(recipe('<!-- files with /NOTHING/ in src/*.ts -->')).toEqual([
      'Change it: no file matches /NOTHING/m',
    ]);
  });
});

test.each([
  ['export async function book(', 'book'],
  ['export const book = (', 'book'],
  ['export interface Unit<V> {', 'Unit'],
  ['    async find(code) {', 'find'],
  ['  record(action: string): void;', 'record'],
  ['  readonly tx: Tx;', 'tx'],
  ['create or replace function book_appointment(', 'book_appointment'],
  ['create table appointment (', 'appointment'],
])('%s declares %s', (text, name) => {
  expect(declares(text, name)).toBe(true);
  expect(declares(text, `${name}s`)).toBe(false);
  expect(declares(`import { ${name} } from './x.ts';`, name)).toBe(false);
});
