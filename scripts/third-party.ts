/** The packages that the service needs to run, by licence: writes them into docs/third-party.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Locked, runtimePaths } from './lib/runtime.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PAGE = join(ROOT, 'docs', 'third-party.md');
const BEGIN = '<!-- packages -->';
const END = '<!-- end of packages -->';

export type Lockfile = { packages: Record<string, Locked> };

export interface Package {
  name: string;
  version: string;
  license: string;
}

/**
 * Licences under which a work may be part of one under EUPL-1.2: permissive ones, and those whose terms reach only the files
 * that are under them (MPL, OFL for fonts, CC-BY for data). Another one needs somebody to read it first.
 */
export const ACCEPTED: ReadonlySet<string> = new Set([
  ...['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'PSF-2.0'],
  ...['Unlicense', 'BlueOak-1.0.0', 'MPL-2.0', 'OFL-1.1', 'CC0-1.0', 'CC-BY-3.0', 'CC-BY-4.0'],
]);

/** Packages whose licence name isn't machine-readable; a person has read the text in the package. */
export const READ: Readonly<Record<string, string>> = { 'png-js 2.0.0': 'MIT' };

/** Whether every licence of an expression is accepted, or one where it gives a choice. */
export function isAccepted(license: string): boolean {
  const names = (text: string) => text.replaceAll(/[()]/g, ' ').trim();
  return names(license)
    .split(/ AND /i)
    .every((part) => part.split(/ OR /i).some((each) => ACCEPTED.has(each.trim())));
}

/** Returns the production packages, direct or not, from the lockfile, on every platform. */
export function runtimePackages({ packages }: Lockfile): Package[] {
  const found = [...runtimePaths(packages)].map((path) => {
    const { version = '', license } = packages[path]!;
    const name = path.replace(/^.*node_modules\//, '');
    return { name, version, license: license ?? READ[`${name} ${version}`] ?? 'none' };
  });
  const all = new Map(found.map((each) => [`${each.name} ${each.version}`, each]));
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The list as it stands in the page. */
export function packageList(packages: readonly Package[]): string {
  const licenses = [...new Set(packages.map(({ license }) => license))].sort();
  return licenses
    .map((license) => {
      const those = packages.filter((each) => each.license === license);
      return `**${license}**: ${those.map(({ name, version }) => `${name} ${version}`).join(', ')}.`;
    })
    .join('\n\n');
}

/** The page with its list made anew. */
export function pageWith(page: string, list: string): string {
  const [before, rest = ''] = page.split(BEGIN ?? '');
  return `${before}${BEGIN}\n\n${list}\n\n${END}${rest.split(END ?? '')[1] ?? ''}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lockfile;
  writeFileSync(PAGE, pageWith(readFileSync(PAGE, 'utf8'), packageList(runtimePackages(lock))));
}
