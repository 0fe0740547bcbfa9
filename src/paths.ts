import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project's folder: the nearest one above this file, source or bundle, that has the migrations. */
export const ROOT = findRoot(import.meta.dirname);
export const MIGRATIONS = join(ROOT, 'migrations');
/** The sources that are served as stylesheets; their parts are beside them. */
export const SHEETS = ['src/ui/css/{citizen,console}.css', 'src/ui/css/islands/*.css'];
/** The build's stylesheets, fonts and scripts. */
export const PUBLIC = join(ROOT, 'dist', 'public');
export const DEMO_TOWN = join(ROOT, 'towns', 'vilaclara.yaml');
/** The statements that write the past of the demo town. */
export const DEMO_HISTORY = join(ROOT, 'towns', 'vilaclara', 'history.sql');

/** Finestreta's own version. */
export const VERSION: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'migrations')) && existsSync(join(folder, 'package.json')))
    return folder;
  const parent = dirname(folder);
  if (parent === folder)
    throw new Error('The folder with package.json and migrations was not found');
  return findRoot(parent);
}
