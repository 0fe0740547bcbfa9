import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { writtenBy } from '../../lib/db/embedded/beside.ts';
import { findNative, packageVersion } from '../../lib/db/embedded/binaries.ts';
import { type Finding, warning, wrong } from './report.ts';

type Where = Pick<Config, 'databaseUrl' | 'dataDir'>;

/** Reports an embedded database of another version than this Finestreta's. `programs`: the folder of PostgreSQL's programs. */
export function aboutVersion(
  { databaseUrl, dataDir }: Where,
  programs: () => string = findNative,
): Finding[] {
  const written = databaseUrl ? null : writtenBy(dataDir);
  if (written === null) return [];
  const brought = Number.parseInt(packageVersion(programs()), 10);
  if (written === brought) return [];
  return [
    wrong(
      `The database in ${dataDir} was written by PostgreSQL ${written}, and this Finestreta brings ${brought}.`,
      written < brought
        ? 'Run once: finestreta database upgrade. It keeps the old one.'
        : 'Install the Finestreta that wrote it, or a newer one.',
    ),
  ];
}

/** Reports databases of earlier versions, which an upgrade kept: what was destroyed since is in them. */
export function aboutKeptDatabases({ databaseUrl, dataDir }: Where): Finding[] {
  if (databaseUrl) return [];
  const home = join(dataDir, 'postgres');
  return namesIn(home)
    .filter((name) => /^cluster-\d+$/.test(name))
    .map((name) =>
      warning(
        `The database of an earlier PostgreSQL is kept in ${join(home, name)}: what was destroyed since is still in it.`,
        'Remove it (rm -r) when everything works.',
      ),
    );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
