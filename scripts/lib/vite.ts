import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Vite as this build uses it: from node_modules, or from the folder that set-up has installed for this build alone. */
const folder = process.env.BUILD_TOOLS;
const name = folder
  ? pathToFileURL(join(folder, 'node_modules', 'vite', 'dist', 'node', 'index.js')).href
  : 'vite';

export const { build }: typeof import('vite') = await import(name);
