import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../check/imports.ts';
import { type Change, type Node, nameOf } from './changes.ts';
import { compareDocuments } from './documents.ts';

/** Where the document of each release is kept. */
export const FOLDER = 'docs/api';
const NAME = /^openapi-(\d+)\.(\d+)\.(\d+)\.json$/;

export const pathOf = (version: string): string => `${FOLDER}/openapi-${version}.json`;

/** Returns the path of the newest release's document below `root`; null before the first release. */
export function lastRelease(root: string): string | null {
  const folder = join(root, FOLDER);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => NAME.test(name)) : [];
  const newest = names.sort((a, b) => order(a, b)).at(-1);
  return newest === undefined ? null : `${FOLDER}/${newest}`;
}

function order(a: string, b: string): number {
  const numbers = (name: string) => (NAME.exec(name) ?? []).slice(1).map(Number);
  const others = numbers(b);
  const different = numbers(a).map((each, index) => each - (others[index] ?? 0));
  return different.find((each) => each !== 0) ?? 0;
}

/** Returns the breaking changes that no entry under *Unreleased* names, as findings. */
export function unlisted(changes: Change[], changelog: string): Finding[] {
  const names = namesListed(changelog);
  const line = Math.max(
    1,
    changelog.split('\n').findIndex((each) => /^## Unreleased/.test(each)) + 1,
  );
  return changes
    .filter(
      ({ weight, at }) => weight === 'breaking' && !parents(at).some((name) => names.has(name)),
    )
    .map((change) => ({
      path: 'CHANGELOG.md',
      line,
      message: `breaks clients of the API: \`${nameOf(change)}\` ${change.what}. Keep it as it was, or list it in an entry that begins with *Breaking:*`,
    }));
}

/** A part and all that it is part of: an entry about a whole schema covers each property. */
const parents = (at: string[]): string[] =>
  at.map((_, index) => nameOf({ at: at.slice(0, index + 1) }));

/** What stands in backticks in the entries under *Unreleased* that are marked as breaking. */
function namesListed(changelog: string): Set<string> {
  const section = /^## Unreleased[^\n]*\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(changelog)?.[1] ?? '';
  const entries = section.split(/^(?=- |#)/m).filter((entry) => /^- \*Breaking/.test(entry));
  return new Set(
    entries.flatMap((entry) => [...entry.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')),
  );
}

/**
 * Compares the API of the sources with the one of the last release. `current` makes its document and is asked only when there is
 * a release to compare with.
 */
export async function checkApi(
  root: string,
  current: () => Promise<Node>,
): Promise<{ findings: Finding[]; about: string }> {
  const path = lastRelease(root);
  if (path === null) return { findings: [], about: 'no release yet' };
  const before = JSON.parse(readFileSync(join(root, path), 'utf8')) as Node;
  const changes = compareDocuments(before, await current());
  const findings = unlisted(changes, readFileSync(join(root, 'CHANGELOG.md'), 'utf8'));
  const count = (weight: string) => changes.filter((each) => each.weight === weight).length;
  const about = `since ${path}: ${count('breaking')} breaking, ${count('addition')} added, ${count('compatible')} other`;
  return { findings, about };
}
