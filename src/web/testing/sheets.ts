import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../../paths.ts';
import { readSheet } from '../assets.ts';

const CSS = join(ROOT, 'src/ui/css');
const citizen = readSheet(join(CSS, 'citizen.css'));
/** The sheets that citizens' pages link, by their names. */
const sheets = new Map([
  ['citizen', citizen],
  ...globSync('islands/*.css', { cwd: CSS }).map(
    (path) => [basename(path, '.css'), readSheet(join(CSS, path))] as const,
  ),
]);

/** Returns the names of the sheets that a page for citizens links; none for other pages. */
export const sheetsOf = (html: string): string[] =>
  [...sheets.keys()].filter((each) =>
    html.includes(`<link rel="stylesheet" href="/assets/${each}-`),
  );

const classesIn = (css: string): Set<string> =>
  new Set(
    [...css.replaceAll(/\/\*.*?\*\/|"[^"]*"/gs, '').matchAll(/\.([a-z][\w-]*)/g)].map(
      ([, name = '']) => name,
    ),
  );
const common = classesIn(citizen);
const own = new Map([...sheets].map(([name, css]) => [name, classesIn(css).difference(common)]));

/** Returns the classes of a page for citizens that only the sheet of an island has, where the page lacks the island. */
export function unstyledIn(html: string): string[] {
  const linked = sheetsOf(html);
  if (!linked.includes('citizen')) return [];
  const used = new Set(
    [...html.matchAll(/ class="([^"]*)"/g)].flatMap(([, names = '']) => names.split(' ')),
  );
  return [...own]
    .filter(([name]) => !linked.includes(name))
    .flatMap(([name, classes]) =>
      [...classes.intersection(used)].map((each) => `class ${each}: the island ${name} is missing`),
    );
}

/** As the build does it, but for a hundredth: without comments, and without spaces between signs. */
const minified = (css: string): string =>
  css
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{}:;,>]) ?/g, '$1');

/** Returns the bytes of some sheets as they are sent. */
export const sheetBytes = (names: readonly string[]): number =>
  names
    .map((each) => gzipSync(minified(sheets.get(each) ?? ''), { level: 9 }).length)
    .reduce((a, b) => a + b, 0);
