import { sortOf } from './kind.ts';
import { endingOf } from './rules.ts';

/** The kinds that are archives, whose first bytes are alike. */
const PACKAGES: ReadonlySet<string> = new Set(['docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp']);
const TEXT: ReadonlySet<string> = new Set(['txt', 'text']);

/**
 * Returns the kind that a file seems to be, such as `pdf`: by its first bytes and, where these don't tell, by its name. `?`: none that anybody
 * takes. Its check finds out later what it is.
 */
export function kindLike(head: Buffer, name: string): string {
  const sort = sortOf(head);
  const ending = endingOf(name) ?? '';
  if (sort === 'zip') return PACKAGES.has(ending) ? ending : sort;
  if (sort === null) return TEXT.has(ending) ? 'txt' : '?';
  return sort;
}
