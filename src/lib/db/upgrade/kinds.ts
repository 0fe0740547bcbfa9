import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { latestOf } from './versions.ts';

/**
 * What a migration does to the version before (docs/adr/0134). `expand`: that version works with the result. `contract`: it takes away what
 * releases up to `of` use, so these don't work with the result.
 */
export type MigrationKind = { kind: 'expand' } | { kind: 'contract'; of: string };

const HEAD = /^-- (?:(expand)|contract of (\d+\.\d+\.\d+))(?::|$)/;

/** Returns the kind in the first line of a migration; null: it says none, as those of the first release. Pure. */
export function kindOf(text: string): MigrationKind | null {
  const [line = ''] = text.split('\n', 1);
  const [, expand, of] = HEAD.exec(line) ?? [];
  if (expand) return { kind: 'expand' };
  return of === undefined ? null : { kind: 'contract', of };
}

/** The release before any: a database says it that works with every program. */
export const NO_RELEASE = '0.0.0';

/** Returns the newest release that doesn't work with a database after these migrations. */
export function lastExcluded(folder: string, names: readonly string[]): string {
  const excluded = names.map((name) => {
    const kind = kindOf(readFileSync(join(folder, `${name}.sql`), 'utf8'));
    return kind?.kind === 'contract' ? kind.of : NO_RELEASE;
  });
  return latestOf(excluded) ?? NO_RELEASE;
}
