import type { Finding } from './imports.ts';

/** Removes the findings of allowed files. `list`: the name of the list of exceptions, whose unneeded entries are findings too. */
export function except(findings: Finding[], allowed: object, list: string): Finding[] {
  const needed = new Set(findings.map(({ path }) => path));
  return [...findings.filter(({ path }) => !(path in allowed)), ...unneeded(allowed, needed, list)];
}

/** Entries of a list of exceptions that nothing needs any more. */
export function unneeded(allowed: object, needed: ReadonlySet<string>, list: string): Finding[] {
  return Object.keys(allowed)
    .filter((key) => !needed.has(key))
    .map((key) => ({
      path: 'scripts/check/exceptions.ts',
      line: 1,
      message: `${list} names ${key}, which no longer needs it: take it out`,
    }));
}
