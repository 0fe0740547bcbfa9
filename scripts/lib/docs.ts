import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** A page of documentation: its path from the project's folder, and its text. */
export interface Page {
  path: string;
  text: string;
}

const ROOTS = 'src|e2e|scripts|migrations|docs|towns|bench';
const CODE_PATH = new RegExp(`\`((?:${ROOTS})/[\\w./-]*\\w)\``, 'g');
const LINK = /\[([^\]]*)\]\(([^()\s]+)\)/g;

/** The text without blocks of code, where a path or a link is an example. */
const prose = (text: string) => text.replaceAll(/^```[\s\S]*?^```$/gm, '');

/**
 * Returns the parts of a page that don't match the tree of `root`: paths, links to files and headings,
 * and names of the code.
 */
export function checkPage(root: string, { path, text }: Page): string[] {
  const paths = [...prose(text).matchAll(CODE_PATH)].map((match) => match[1] ?? '');
  return [
    ...paths.filter((each) => !isThere(root, each)).map((each) => `${path}: ${each} is not there`),
    ...[...prose(text).matchAll(LINK)].flatMap((match) => {
      const mistake = mistakeOfLink(root, path, match[1] ?? '', match[2] ?? '');
      return mistake ? [`${path}: ${mistake}`] : [];
    }),
  ];
}

const isThere = (root: string, path: string) => existsSync(join(root, path));

function mistakeOfLink(root: string, from: string, label: string, target: string): string | null {
  if (/^[a-z]+:/.test(target)) return null;
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : posix.join(dirname(from), file);
  if (!isThere(root, path)) return `the link to ${target} leads nowhere`;
  if (statSync(join(root, path)).isDirectory()) return null;
  const text = readFileSync(join(root, path), 'utf8');
  if (anchor !== undefined && !headingsOf(text).has(anchor))
    return `${path} has no heading #${anchor}`;
  const name = /^`([\w$]+)(?:\(\))?`$/.exec(label)?.[1];
  if (name && /\.(?:tsx?|mjs|sql)$/.test(path) && !declares(text, name))
    return `${path} declares no ${name}`;
  return null;
}

/** The anchors of a page's headings, as code hosts make them. */
function headingsOf(text: string): Set<string> {
  const headings = [...prose(text).matchAll(/^#+ (.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

/** Whether a source file declares a name: a function, a constant, a type, a method, or a function or table of SQL. */
export function declares(text: string, name: string): boolean {
  const declared = [
    `\\b(?:function\\*?|const|let|class|interface|type|enum) ${name}\\b`,
    `^ *(?:readonly |async |static )*${name}\\??(?:\\(|:|<)`,
    `\\b(?:function|procedure|table|view) (?:if not exists )?(?:public\\.)?${name}\\b`,
  ];
  return new RegExp(declared.join('|'), 'm').test(text);
}

/** A recipe of docs/changing.md: its heading, the files that it lists, and how files that belong to it are found. */
export interface Recipe {
  title: string;
  listed: string[];
  search: { form: RegExp; globs: string[] } | null;
}

/**
 * Reads the recipes of a page. Each is a section with a list of files and a comment that says how they are found:
 * `<!-- files with /FORM/ in GLOB, GLOB -->`.
 */
export function recipesIn(text: string): Recipe[] {
  const sections = text.split(/^## /m).slice(1);
  return sections.map((section) => {
    const search = /<!-- files with \/(.+)\/ in (.+?) -->/.exec(section);
    const paths = [...section.matchAll(/^(?:\||-) *`([\w./-]+)`/gm)].map((match) => match[1] ?? '');
    return {
      title: section.split('\n')[0] ?? '',
      listed: paths,
      search: search && {
        form: new RegExp(search[1] ?? '', 'm'),
        globs: (search[2] ?? '').split(', '),
      },
    };
  });
}

const TEST = /\.(?:test|fixture)\.tsx?$|(?:^|\/)testing(?:\.ts$|\/)/;

/** Returns the mistakes in a recipe's list: forgotten files, and missing files. Tests need not be listed. */
export function checkRecipe(root: string, { title, listed, search }: Recipe): string[] {
  if (!search) return [`${title}: has no comment that says how its files are found`];
  const found = globSync(search.globs, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !TEST.test(path))
    .filter((path) => search.form.test(readFileSync(join(root, path), 'utf8')))
    .sort();
  if (found.length === 0) return [`${title}: no file matches ${search.form}`];
  return [
    ...found
      .filter((path) => !listed.includes(path))
      .map((path) => `${title}: ${path} belongs to the list`),
    ...listed
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${title}: ${path} is not there`),
  ];
}
