import type { DraftPart, EncounterDraft, EncounterItem } from './types.ts';
import { DRAFT_PARTS } from './types.ts';

export interface Merged {
  draft: EncounterDraft;
  /** What both changed, and not alike: the draft has mine there. */
  collisions: DraftPart[];
}

/**
 * What two people wrote from the same beginning, in one. What only one of them changed is as they left it; rows that both
 * added all stay, theirs first, and what both added stands once; a tick holds unless one of them took it away.
 */
export function mergeDrafts(
  base: EncounterDraft,
  mine: EncounterDraft,
  theirs: EncounterDraft,
): Merged {
  const draft = { ...mine, points: mergePoints(base.points, mine.points, theirs.points) };
  const collisions: DraftPart[] = [];
  const settle = <P extends DraftPart>(part: P) => {
    if (same(mine[part], theirs[part]) || same(base[part], theirs[part])) return;
    if (same(base[part], mine[part])) draft[part] = theirs[part];
    else collisions.push(part);
  };
  for (const part of DRAFT_PARTS) settle(part);
  if (!collisions.includes('items')) return { draft, collisions };
  const added = [additions(base.items, theirs.items), additions(base.items, mine.items)] as const;
  const [byThem, byMe] = added;
  if (!byThem || !byMe) return { draft, collisions };
  const isTheirs = (item: EncounterItem) => byThem.some((each) => same([each], [item]));
  const items = [...base.items, ...byThem, ...byMe.filter((each) => !isTheirs(each))];
  return { draft: { ...draft, items }, collisions: collisions.filter((each) => each !== 'items') };
}

/** What differs between two drafts, where nobody knows from what they began. */
export const partsThatDiffer = (mine: EncounterDraft, theirs: EncounterDraft): DraftPart[] =>
  DRAFT_PARTS.filter((part) => !same(mine[part], theirs[part]));

export const sameDraft = (one: EncounterDraft, other: EncounterDraft): boolean =>
  partsThatDiffer(one, other).length === 0 &&
  same([...one.points].sort(), [...other.points].sort());

/** The rows that follow those of the beginning; null where one of those was changed or taken away. */
function additions(
  base: readonly EncounterItem[],
  now: readonly EncounterItem[],
): EncounterItem[] | null {
  const isSame = base.every((each, index) => same(each, now[index]));
  return isSame ? now.slice(base.length) : null;
}

function mergePoints(
  base: readonly string[],
  mine: readonly string[],
  theirs: readonly string[],
): string[] {
  const all = [...new Set([...theirs, ...mine])];
  return all.filter((each) =>
    base.includes(each) ? mine.includes(each) && theirs.includes(each) : true,
  );
}

/** By their text: the keys of an item stand in one order, which `copyOf` keeps. */
const same = (one: unknown, other: unknown): boolean => textOf(one) === textOf(other);

const textOf = (value: unknown): string =>
  Array.isArray(value) ? JSON.stringify(value.map(copyOf)) : JSON.stringify(value);

const copyOf = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
};
