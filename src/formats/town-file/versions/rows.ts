import { same } from '../changes/same.ts';

/** A row of a list without codes, under a name that stays the same when the row moves. */
export interface NamedRow {
  id: string;
  row: unknown;
}

/** A row after a change. `was`: what it was before; undefined: it is new. */
export interface FollowedRow extends NamedRow {
  was?: unknown;
}

/**
 * Returns the rows after a change with the names of those before: first of equal rows, then of the most similar ones. `gone`: rows that were
 * removed earlier, from the oldest to the newest, and that an equal new row brings back. `nameAt`: the name of a new row.
 */
export function followRows(
  before: readonly NamedRow[],
  after: readonly unknown[],
  { gone, nameAt }: { gone: readonly NamedRow[]; nameAt: (index: number) => string },
): FollowedRow[] {
  const left = new Set(before);
  const equal = after.map((row) => {
    const known = [...left].find((each) => same(each.row, row));
    if (known) left.delete(known);
    return known;
  });
  const lost = new Set(gone);
  const known = equal.map((each, index) => {
    const back = each ?? [...lost].findLast(({ row }) => same(row, after[index]));
    if (back) lost.delete(back);
    return back;
  });
  const open = after.flatMap((row, index) => (known[index] ? [] : { row, index }));
  const similar = new Map<number, NamedRow>();
  for (const { index, one } of byLikeness([...left], open)) {
    if (similar.has(index) || !left.has(one)) continue;
    similar.set(index, one);
    left.delete(one);
  }
  return after.map((row, index) => {
    const found = known[index] ?? similar.get(index);
    return found ? { id: found.id, row, was: found.row } : { id: nameAt(index), row };
  });
}

/** Returns the pairs of rows that have something in common, the most similar ones first. */
function byLikeness(
  before: readonly NamedRow[],
  after: readonly { row: unknown; index: number }[],
): { index: number; one: NamedRow; likeness: number }[] {
  return after
    .flatMap(({ row, index }) =>
      before.map((one) => ({ index, one, likeness: likenessOf(one.row, row) })),
    )
    .filter(({ likeness }) => likeness > 0)
    .sort((a, b) => b.likeness - a.likeness);
}

/** Returns how many values two rows have in common. */
function likenessOf(one: unknown, other: unknown): number {
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other)
    return same(one, other) ? 1 : 0;
  return Object.entries(one).reduce(
    (sum, [key, value]) =>
      key in other ? sum + likenessOf(value, (other as Record<string, unknown>)[key]) : sum,
    0,
  );
}
