import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT, VERSION } from '../paths.ts';

/** The information about the program for its users. */
export interface Software {
  name: string;
  version: string;
  /** The result of `git describe` at the build; null when it is unknown. */
  revision: string | null;
  /** The address of its source, from publiccode.yml. */
  source: string;
  license: { name: string; url: string };
  /** The largest dependencies, each with its licence. */
  parts: readonly Part[];
}

interface Part {
  name: string;
  license: string;
  /** Its name on npm, for its licence in package-lock.json. */
  package?: string;
}

const PARTS: readonly Part[] = [
  { name: 'Node.js', license: 'MIT' },
  { name: 'PostgreSQL', license: 'PostgreSQL Licence' },
  { name: 'Hono', license: 'MIT', package: 'hono' },
  { name: 'Preact', license: 'MIT', package: 'preact' },
  { name: 'Kysely', license: 'MIT', package: 'kysely' },
  { name: 'Better Auth', license: 'MIT', package: 'better-auth' },
  { name: 'Zod', license: 'MIT', package: 'zod' },
  { name: 'date-holidays', license: '(ISC AND CC-BY-3.0)', package: 'date-holidays' },
  { name: 'libphonenumber-js', license: 'MIT', package: 'libphonenumber-js' },
  {
    name: 'Atkinson Hyperlegible Next',
    license: 'OFL-1.1',
    package: '@fontsource-variable/atkinson-hyperlegible-next',
  },
];

let known: Software | null = null;

/** Returns the information, which is read from the project's folder once. */
export const readSoftware = (): Software => (known ??= read());

function read(): Software {
  return {
    name: 'Finestreta',
    version: VERSION,
    revision: readRevision(),
    source: String(parse(readFileSync(join(ROOT, 'publiccode.yml'), 'utf8')).url),
    license: {
      name: 'EUPL-1.2',
      url: 'https://interoperable-europe.ec.europa.eu/collection/eupl/eupl-text-eupl-12',
    },
    parts: PARTS,
  };
}

function readRevision(): string | null {
  try {
    return readFileSync(join(ROOT, 'dist', 'revision.txt'), 'utf8').trim() || null;
  } catch {
    return null;
  }
}
