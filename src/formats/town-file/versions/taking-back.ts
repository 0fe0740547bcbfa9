import { type Change, changesIn } from './changes.ts';
import { type Replaced, reverse } from './difference.ts';
import { type Leaves, ORDER } from './leaves.ts';

/**
 * Returns the replacements in the present declaration that take some changes of an earlier difference back; null when the paths aren't
 * those of whole changes. A thing is taken back whole, with what it has gained since, and keeps the others of its list in their present
 * order. What belonged to a thing that is gone stays gone. `then`: the declaration right after the difference.
 */
export function takenBack(
  difference: readonly Replaced[],
  paths: readonly string[],
  { leaves, then }: { leaves: Leaves; then: Leaves },
): Replaced[] | null {
  const chosen = changesIn(difference).filter((each) =>
    each.paths.every((path) => paths.includes(path)),
  );
  const whole = new Set(chosen.flatMap((each) => each.paths));
  if (whole.size < new Set(paths).size) return null;
  const present = new Map(leaves);
  const back: Replaced[] = [];
  for (const change of chosen) {
    if (isGone(change, leaves, then)) continue;
    const replaced = backOf(change, difference, present);
    for (const { path, to } of replaced) {
      if (to === undefined) present.delete(path);
      else present.set(path, to);
    }
    back.push(...replaced);
  }
  return back;
}

function backOf(change: Change, difference: readonly Replaced[], present: Leaves): Replaced[] {
  const { kind, path, paths } = change;
  const back = reverse(difference.filter((each) => paths.includes(each.path)));
  if (kind === 'order' || kind === 'value') return back;
  const order = `${path.slice(0, path.lastIndexOf('.'))}.${ORDER}`;
  const now = [...present.keys()].filter((each) => isWithin(each, path));
  const gone = now.map((each) => ({ path: each, from: present.get(each) }));
  if (kind === 'added') return [...gone, ...orderWithout(order, change, difference, present)];
  const restored = back.filter((each) => each.path !== order);
  return [...gone, ...restored, orderWith(order, change, difference, present)];
}

const isWithin = (path: string, thing: string): boolean =>
  path === thing || path.startsWith(`${thing}.`);

const codeOf = ({ path }: Change): string => path.slice(path.lastIndexOf('.') + 1);
const codesIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Removes the thing from the present order. A list that wasn't there before it was added is missing again when nothing else is left. */
function orderWithout(
  order: string,
  change: Change,
  difference: readonly Replaced[],
  present: Leaves,
): Replaced[] {
  const from = present.get(order);
  if (from === undefined) return [];
  const left = codesIn(from).filter((each) => each !== codeOf(change));
  const wasThere = difference.some(({ path, from: was }) => path === order && was !== undefined);
  if (left.length > 0 || wasThere) return [{ path: order, from, to: left }];
  const list = order.slice(0, -ORDER.length - 1);
  return [{ path: order, from }, ...reverse(difference.filter(({ path }) => path === list))];
}

/** Puts the thing into the present order, behind those that it came after. */
function orderWith(
  order: string,
  change: Change,
  difference: readonly Replaced[],
  present: Leaves,
): Replaced {
  const code = codeOf(change);
  const from = present.get(order);
  const now = codesIn(from).filter((each) => each !== code);
  const was = codesIn(difference.find(({ path }) => path === order)?.from);
  const ahead = was.slice(0, was.indexOf(code)).findLast((each) => now.includes(each));
  const at = ahead === undefined ? 0 : now.indexOf(ahead) + 1;
  return { path: order, ...(from !== undefined && { from }), to: now.toSpliced(at, 0, code) };
}

/** Returns whether a change was within a thing that has been removed since. */
function isGone({ kind, path }: Change, leaves: Leaves, then: Leaves): boolean {
  const steps = path.split('.');
  const most = kind === 'added' || kind === 'removed' ? steps.length - 1 : steps.length;
  return steps.slice(0, most).some((code, index) => {
    const order = [...steps.slice(0, index), ORDER].join('.');
    return codesIn(then.get(order)).includes(code) && !codesIn(leaves.get(order)).includes(code);
  });
}
