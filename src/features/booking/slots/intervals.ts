/**
 * Sets of half-open intervals `[start, end)` of whole minutes, flat in one array:
 * `[start0, end0, start1, end1, …]`. A *merged* set is sorted, with a gap before each interval.
 */
export type Intervals = readonly number[] | Int32Array;

/** The union of any intervals, in any order, as a merged set. Empty and inverted ones vanish. */
export function mergeIntervals(intervals: Intervals): number[] {
  const order: number[] = [];
  for (let i = 0; i < intervals.length; i += 2) {
    if (intervals[i]! < intervals[i + 1]!) order.push(i);
  }
  order.sort((a, b) => intervals[a]! - intervals[b]!);
  const merged: number[] = [];
  for (const i of order) {
    const start = intervals[i]!;
    const end = intervals[i + 1]!;
    const last = merged.length - 1;
    if (last > 0 && start <= merged[last]!) merged[last] = Math.max(merged[last]!, end);
    else merged.push(start, end);
  }
  return merged;
}

/** Returns the part of the merged set `from` that is not in the merged set `minus`. */
export function subtract(from: Intervals, minus: Intervals): number[] {
  const left: number[] = [];
  let m = 0;
  for (let i = 0; i < from.length; i += 2) {
    let start = from[i]!;
    const end = from[i + 1]!;
    while (m < minus.length && minus[m + 1]! <= start) m += 2;
    for (let k = m; k < minus.length && minus[k]! < end; k += 2) {
      if (minus[k]! > start) left.push(start, minus[k]!);
      start = minus[k + 1]!;
    }
    if (start < end) left.push(start, end);
  }
  return left;
}

/** Returns the intersection of two merged sets. */
export function intersect(a: Intervals, b: Intervals): number[] {
  const common: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const start = Math.max(a[i]!, b[j]!);
    const end = Math.min(a[i + 1]!, b[j + 1]!);
    if (start < end) common.push(start, end);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return common;
}

/** Index of the first pair that ends after `minute`, or the length if none does. */
export function firstEndingAfter(sorted: Intervals, minute: number): number {
  let low = 0;
  let high = sorted.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[2 * middle + 1]! > minute) high = middle;
    else low = middle + 1;
  }
  return 2 * low;
}
