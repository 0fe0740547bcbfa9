/** One thing of a list: what it is known by as long as it is there, and what is in it, in few characters. */
export interface Entry<Row> {
  id: string;
  mark: string;
  row: Row;
}

/** A list as it was shown: what each thing in it was known by, and what was in it. */
export type Shown = readonly (readonly [id: string, mark: string])[];

export interface Merge<Row> {
  rows: Row[];
  /** What only the other has put in or changed, and taken out: it is so in `rows`. */
  added: Row[];
  removed: Row[];
  /** What both have changed, each in their way; null: they have taken it out. In `rows` it is as I have it. */
  both: { theirs: Row | null; mine: Row | null }[];
}

/** Two changes of one list made one: what each has put in, changed, moved or taken out counts, and mine where both have. */
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

/** What was chosen in the order of the first; what only the second has stands after what it has before it. */
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
