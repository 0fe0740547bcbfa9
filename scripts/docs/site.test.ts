import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import { runInNewContext } from 'node:vm';
import { HtmlValidate } from 'html-validate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { translateTo } from '../../src/lib/i18n/translate.ts';
import { CITIZEN_GUIDES, type ExplainedPage, LINKED_GUIDES } from '../../src/web/files/guides.ts';
import { AUDIENCES, GUIDES, SITE_LANGUAGES } from './contents.ts';
import { pictureFiles } from './pictures.ts';
import { references } from './references.ts';
import { folded, type Part } from './search-index.ts';
import { makeSite } from './site.ts';

const ROOT = join(import.meta.dirname, '..', '..');
let site = '';
let pages: string[] = [];
const read = (address: string) => readFileSync(join(site, address), 'utf8');

beforeAll(async () => {
  site = mkdtempSync(join(tmpdir(), 'finestreta-site-'));
  pages = await makeSite({ root: ROOT, to: site });
}, 120_000);
afterAll(() => rmSync(site, { recursive: true, force: true }));

test('every document has a page, and every page its packed form', () => {
  const documents = globSync(['docs/**/*.md', 'README.md', 'CONTRIBUTING.md'], { cwd: ROOT });
  expect(pages.length).toBeGreaterThan(documents.length);
  for (const each of pages) expect(existsSync(join(site, `${each}.br`))).toBe(true);
  expect(read('en/operating.html')).toContain('<h1 id="operating-finestreta">');
  const shown = new Set(pages.map((each) => basename(each, '.html')));
  const nameOf = (path: string) => basename(path, '.md').toLowerCase();
  const missing = documents.filter(
    (path) => ![...shown].some((each) => each.endsWith(nameOf(path)) || nameOf(path) === 'readme'),
  );
  expect(missing).toEqual([]);
});

test('each audience of those who read no code has its guides in each language', () => {
  for (const audience of ['helpers', 'agents', 'coordinators', 'administrators'] as const)
    for (const name of GUIDES[audience] ?? [])
      for (const language of SITE_LANGUAGES) {
        const html = read(`${language}/${name}.html`);
        expect(html).toContain(`<html lang="${language}">`);
        for (const other of SITE_LANGUAGES) expect(html).toContain(`hreflang="${other}" href="`);
      }
  for (const language of SITE_LANGUAGES)
    for (const audience of AUDIENCES)
      expect(read(`${language}/index.html`)).toMatch(
        new RegExp(`<section aria-labelledby="${audience}">.*?<li>`, 's'),
      );
});

test('each page of the service that links to a guide has it in every language, under its title', () => {
  const guides = Object.values(GUIDES).flat();
  for (const each of guides) expect(LINKED_GUIDES).toContain(each);
  for (const each of LINKED_GUIDES)
    for (const language of guides.includes(each) ? SITE_LANGUAGES : (['en'] as const))
      expect(pages).toContain(`${language}/${each}.html`);
  for (const [page, guide] of Object.entries(CITIZEN_GUIDES))
    for (const language of SITE_LANGUAGES) {
      const [, title = ''] = /<h1[^>]*>([^<]+)/.exec(read(`${language}/${guide}.html`)) ?? [];
      const link = translateTo(language)(`guide.${page as ExplainedPage}`);
      expect(link.toLowerCase()).toMatch(new RegExp(`: ${title.toLowerCase()}$`));
    }
});

test('every link leads to a file of the site, and to a part that it has', () => {
  const ids = new Map(
    pages.map((each) => [
      each,
      new Set([...read(each).matchAll(/ id="([^"]+)"/g)].map((match) => match[1])),
    ]),
  );
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/ (?:href|src|action)="([^"]+)"/g)].flatMap((match) => {
      const [file = '', anchor] = (match[1] ?? '').split('#');
      if (/^(https?|mailto|tel):|^\/(api|demo)?$/.test(match[1] ?? '')) return [];
      const target = file === '' ? page : posix.join(dirname(page), file);
      const isThere = existsSync(join(site, target)) && statSync(join(site, target)).isFile();
      const hasPart = anchor === undefined || ids.get(target)?.has(decodeURIComponent(anchor));
      return isThere && hasPart ? [] : [`${page}: ${match[1]}`];
    }),
  );
  expect(broken).toEqual([]);
});

test('each picture is one of the list, small, and says what it shows', () => {
  const known = new Map(pictureFiles().map(({ path, shows }) => [path, shows]));
  const there = globSync('docs/images/**/*.*', { cwd: ROOT }).map((each) =>
    each.replaceAll('\\', '/'),
  );
  expect(there.sort()).toEqual([...known.keys()].sort());
  const sizes = there.map((each) => statSync(join(ROOT, each)).size);
  expect(Math.max(...sizes)).toBeLessThan(120_000);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3_000_000);
  const used = new Set<string>();
  for (const path of ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT })])
    for (const [, alt, target = ''] of readFileSync(join(ROOT, path), 'utf8').matchAll(
      /!\[([^\]]*)\]\(([^)]+)\)/g,
    )) {
      const picture = posix.join(dirname(path), target);
      expect([path, alt]).toEqual([path, known.get(picture)]);
      used.add(picture);
    }
  expect([...used].sort()).toEqual([...known.keys()].sort());
});

test('the HTML of every page is valid', async () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended', 'html-validate:document'],
    rules: {
      // What the generator writes is not a matter of style.
      'attr-quotes': 'off',
      'no-trailing-whitespace': 'off',
      'void-style': 'off',
      'long-title': 'off',
      'no-inline-style': 'off',
      // Tables and listings that scroll can be reached by the keyboard.
      'prefer-native-element': 'off',
      // Typographic marks are written as they are.
      'no-raw-characters': 'off',
      // Files of the same site, from the same place as the page.
      'require-sri': 'off',
      // Anchors are those that code hosts make, so that a link works in both.
      'valid-id': ['error', { relaxed: true }],
    },
  });
  const mistakes: string[] = [];
  // Decisions are alike: the newest have all that the others have.
  const decisions = pages.filter((each) => each.includes('/adr/')).slice(-8);
  const others = pages.filter((each) => !each.includes('/adr/'));
  for (const page of [...others, ...decisions]) {
    const { results } = await validator.validateString(read(page));
    for (const { messages } of results)
      for (const { ruleId, message, line } of messages)
        mistakes.push(`${page}:${line} ${ruleId}: ${message}`);
  }
  expect(mistakes).toEqual([]);
}, 240_000);

test('pages have nothing that the policy of the service forbids', () => {
  for (const page of pages) {
    expect(read(page)).not.toMatch(/ style="| on\w+="|<style|javascript:/);
    for (const [, inside] of read(page).matchAll(/<script[^>]*>([^<]*)/g)) expect(inside).toBe('');
  }
});

describe('the labels that a guide names', () => {
  const textsOf = (language: string): Set<string> =>
    new Set(
      globSync(`src/locales/${language}/*.json`, { cwd: ROOT }).flatMap((path) =>
        Object.values(JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as object),
      ),
    );

  test.each(SITE_LANGUAGES)('are those of the pages (%s)', (language) => {
    const texts = textsOf(language);
    const unknown = globSync(`docs/guides/${language}/*.md`, { cwd: ROOT }).flatMap((path) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(/\*\*([^*]+)\*\*/g)].flatMap((match) =>
        texts.has(match[1] ?? '') ? [] : [`${path}: ${match[1]}`],
      ),
    );
    expect(unknown).toEqual([]);
  });

  test('commands are those of the command line', () => {
    const named = globSync('docs/guides/*/*.md', { cwd: ROOT }).flatMap((path) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(/`finestreta (\w+)/g)].map(
        (match) => match[1] ?? '',
      ),
    );
    expect(named.length).toBeGreaterThan(0);
    for (const each of named) expect(Object.keys(COMMANDS)).toContain(each);
  });
});

test.each(Object.entries(references(ROOT)))('%s is as `npm run docs` writes it', (path, text) => {
  expect(readFileSync(join(ROOT, path), 'utf8') === text).toBe(true);
});

/** Runs the page of search with a word, in as much of a browser as it asks for. */
function search(language: string, word: string): { found: Part[]; said: string } {
  const html = read(`${language}/search.html`);
  const scripts = [...html.matchAll(/<script src="([^"]+)"/g)].map((match) => match[1] ?? '');
  const element = () => ({
    value: '',
    hidden: false,
    textContent: '',
    href: '',
    className: '',
    dataset: { found: '{count}', none: 'none' },
    children: [] as unknown[],
    append(...more: unknown[]) {
      this.children.push(...more);
    },
    replaceChildren(...more: unknown[]) {
      this.children = more;
    },
    addEventListener() {},
  });
  const elements = new Map(['q', 'found', 'count', 'index', 'find'].map((id) => [id, element()]));
  const context = {
    URLSearchParams,
    location: { search: `?q=${encodeURIComponent(word)}`, href: 'http://localhost/' },
    document: { getElementById: (id: string) => elements.get(id), createElement: element },
  };
  const sources = scripts.map((each) =>
    readFileSync(join(site, posix.join(language, each)), 'utf8'),
  );
  runInNewContext(`${sources.join('\n')}`, context);
  const items = (elements.get('found')?.children ?? []) as ReturnType<typeof element>[];
  return {
    found: items.map((each) => each.children[0] as unknown as Part),
    said: elements.get('count')?.textContent ?? '',
  };
}

describe('the search', () => {
  test('finds a part by its words, without accents', () => {
    const { found } = search('ca', 'llista despera'.replace('despera', 'd’espera'));
    expect(found[0]?.href).toContain('../ca/book-for-somebody.html');
    expect(
      search('en', 'coturn')
        .found.map(({ href }) => href)
        .join(),
    ).toContain('operating');
    expect(search('es', 'videollamada').found[0]?.href).toContain('../es/');
    expect(search('eu', 'itxaron-zerrenda').found[0]?.href).toContain('../eu/');
  });

  test('says that it found nothing', () => {
    expect(search('en', 'xyzzyplugh')).toEqual({ found: [], said: 'none' });
  });

  test('has the list from A to Z without scripts', () => {
    const html = read('en/search.html');
    expect(html).toContain('>Backing up and restoring</a>');
    expect(html).toMatch(/id="letter-b"/);
  });

  test('folds as the index does', () => {
    expect(folded('Avís ÀÇ')).toBe('avis ac');
  });
});
