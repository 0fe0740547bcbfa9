/** One entry of a list: its identity, which never changes, and its content in few characters. */
export interface Entry<Row> {
  id: string;
  mark: string;
  row: Row;
}

/** A list as it was shown: the identity and the content of each entry. */
export type Shown = readonly (readonly [id: string, mark: string])[];

export interface Merge<Row> {
  rows: Row[];
  /** The entries that only the other person added, changed or removed; `rows` has these changes. */
  added: Row[];
  removed: Row[];
  /** The entries that both have changed differently; null: the other person removed it. `rows` has mine. */
  both: { theirs: Row | null; mine: Row | null }[];
}

/**
 * Merges two changes of one list. Everything added, changed, moved or removed counts; mine wins where
 * both changed an entry.
 */
export function mergeRows<Row>(
  shown: Shown,
  mine: readonly Entry<Row>[],
  theirs: readonly Entry<Row>[],
): Merge<Row> {
  const was = new Map(shown);
  const [my, their] = [mine, theirs].map((all) => new Map(all.map((each) => [each.id, each])));
  const chosen = new Map<string, Row>();
  const merge: Merge<Row> = { rows: [], added: [], removed: [], both: [] };
  for (const id of new Set([...was.keys(), ...their!.keys(), ...my!.keys()])) {
    const before = was.get(id);
    const ours = my!.get(id);
    const others = their!.get(id);
    const isMine = ours?.mark !== before;
    const isTheirs = others?.mark !== before;
    const taken = isMine ? ours : others;
    if (taken) chosen.set(id, taken.row);
    if (!isTheirs || ours?.mark === others?.mark) continue;
    if (isMine) merge.both.push({ theirs: others?.row ?? null, mine: ours?.row ?? null });
    else if (others) merge.added.push(others.row);
    else if (ours) merge.removed.push(ours.row);
  }
  const inOrder = (all: readonly Entry<Row>[]) =>
    all.map(({ id }) => id).filter((id) => was.has(id));
  const isMoved = inOrder(mine).join() !== [...was.keys()].filter((id) => my!.has(id)).join();
  const [first, second] = isMoved ? [mine, theirs] : [theirs, mine];
  merge.rows = placed(first, second, chosen);
  return merge;
}

/**
 * Returns the chosen entries in the order of the first list. An entry that only the second list has
 * keeps its predecessor.
 */
function placed<Row>(
  first: readonly Entry<Row>[],
  second: readonly Entry<Row>[],
  chosen: ReadonlyMap<string, Row>,
): Row[] {
  const order = first.map(({ id }) => id).filter((id) => chosen.has(id));
  let after = -1;
  for (const { id } of second) {
    const at = order.indexOf(id);
    if (at < 0 && chosen.has(id)) order.splice(after + 1, 0, id);
    after = at < 0 ? (chosen.has(id) ? after + 1 : after) : at;
  }
  return order.map((id) => chosen.get(id) as Row);
}
