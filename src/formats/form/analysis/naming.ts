import { namesIn } from '../../../domain/form/rules/operators.ts';
import { didYouMean } from '../../town-file/reading/words.ts';
import type { Name } from './names.ts';
import { type Part, type Reading, wrong } from './reading.ts';

/** Returns the name that a part refers to; null when there is none, which it reports. */
export function nameAt(part: Part | undefined, reading: Reading): Name | null {
  const { rule, names, items } = reading;
  const path = part?.path ?? rule.spot.path;
  if (typeof part?.rule !== 'string') {
    wrong(reading, path, 'This must be the name of a question, such as local.taules.');
    return null;
  }
  const written = part.rule;
  const known = [...names, ...(items ?? [])];
  const found = known.find(({ name }) => name === written);
  if (!found) {
    const isLost = written.startsWith('item.') && items === null;
    const hint = didYouMean(
      written,
      known.map(({ name }) => name),
    );
    const words = isLost
      ? `"${written}" has no item here: item is for some, all, none and sum, and for the questions of a group.`
      : `There is no question "${written}".${hint}`;
    wrong(reading, path, words);
    return null;
  }
  if (found.position < rule.position || found.name.startsWith('item.')) return found;
  wrong(reading, path, tooEarly(found, reading));
  return null;
}

/** Returns why a name can't be used yet: it is asked later, and perhaps needs what the rule decides. */
function tooEarly(found: Name, { rule, names }: Reading): string {
  if (found.name === rule.of) return `"${rule.of}" can't depend on itself.`;
  const later = `"${found.name}" is not known yet here: a rule uses only what stands before it.`;
  return needs(found, rule.of, names)
    ? `${later} It depends on "${rule.of}" in turn, so they go round in a circle.`
    : later;
}

/** Returns whether a name depends on another one, directly or not. */
function needs(name: Name, other: string, names: readonly Name[]): boolean {
  const seen = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const used of next.rules.flatMap(({ value }) => namesIn(value))) {
      if (used === other || used.startsWith(`${other}.`)) return true;
      if (seen.has(used)) continue;
      seen.add(used);
      const found = names.find((each) => each.name === used);
      if (found) open.push(found);
    }
  }
  return false;
}
