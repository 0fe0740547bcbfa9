/**
 * An evaluator of rules for tests, as plain as can be: pairs of whole numbers for fractions, one case for each operator, no code of the real one.
 * Answers are as citizens give them.
 */
export type Ratio = { top: bigint; bottom: bigint };
export type PlainValue = Ratio | string | boolean | string[] | { many: PlainItem[] } | null;
export type PlainItem = Record<string, PlainValue>;

const isRatio = (value: PlainValue | undefined): value is Ratio =>
  typeof value === 'object' && value !== null && 'top' in value;

export function ratio(text: string): Ratio {
  const negative = text.startsWith('-');
  const [whole = '0', part = ''] = text.replace('-', '').split('.');
  const top = BigInt(whole + part);
  return { top: negative ? -top : top, bottom: 10n ** BigInt(part.length) };
}

/** What the parts of an operator give, and how to get them. */
interface Around {
  operator: string;
  parts: unknown[];
  value(part: unknown): PlainValue;
  look(name: string): PlainValue;
  /** The value of the second part for each item of the first. */
  each(): PlainValue[];
}

/** Returns the value of a rule; `names` has the values of names, `item` those of the item that is looked at. */
export function plainValue(
  rule: unknown,
  names: ReadonlyMap<string, PlainValue>,
  today: string,
  item: PlainItem = {},
): PlainValue {
  if (typeof rule === 'number') return ratio(String(rule));
  if (typeof rule === 'string' || typeof rule === 'boolean') return rule;
  if (Array.isArray(rule)) return rule as string[];
  const [[operator, written]] = Object.entries(rule as object) as [[string, unknown]];
  if (operator === 'today') return today;
  const parts: unknown[] = Array.isArray(written) ? written : [written];
  const around: Around = {
    operator,
    parts,
    value: (part) => plainValue(part, names, today, item),
    look: (name) =>
      name.startsWith('item.') ? (item[name.slice(5)] ?? null) : (names.get(name) ?? null),
    each: () => {
      const group = plainValue(parts[0], names, today, item);
      if (group === null || typeof group !== 'object' || !('many' in group)) return [];
      return group.many.map((one) => plainValue(parts[1], names, today, one));
    },
  };
  const found = [choiceOf, conditionOf, numberOf, groupOf].map((by) => by(around));
  const result = found.find((one) => one !== undefined);
  if (result === undefined) throw new Error(`The plain evaluator has no ${operator}`);
  return result;
}

/** Names, and what chooses between values. */
function choiceOf({ operator, parts, value, look }: Around): PlainValue | undefined {
  if (operator === 'var') {
    const found = look(String(parts[0]));
    return found === null && parts.length > 1 ? value(parts[1]) : found;
  }
  if (operator === 'answered') return look(String(parts[0])) !== null;
  if (operator === 'if') {
    let at = 0;
    while (at + 1 < parts.length) {
      if (value(parts[at]) === true) return value(parts[at + 1]);
      at += 2;
    }
    return at < parts.length ? value(parts[at]) : null;
  }
  if (operator === '??') {
    for (const part of parts) if (value(part) !== null) return value(part);
    return null;
  }
  return undefined;
}

function conditionOf({ operator, parts, value }: Around): boolean | undefined {
  const yes = (part: unknown) => value(part) === true;
  const ordered = (good: (sign: number) => boolean): boolean => {
    for (let at = 0; at + 1 < parts.length; at++) {
      const sign = compare(value(parts[at]), value(parts[at + 1]));
      if (sign === null || !good(sign)) return false;
    }
    return true;
  };
  if (operator === '==') return compare(value(parts[0]), value(parts[1])) === 0;
  if (operator === '!=') return compare(value(parts[0]), value(parts[1])) !== 0;
  if (operator === '<') return ordered((sign) => sign < 0);
  if (operator === '<=') return ordered((sign) => sign <= 0);
  if (operator === '>') return ordered((sign) => sign > 0);
  if (operator === '>=') return ordered((sign) => sign >= 0);
  if (operator === '!') return !yes(parts[0]);
  if (operator === 'and') return parts.every(yes);
  if (operator === 'or') return parts.some(yes);
  if (operator !== 'in') return undefined;
  const one = value(parts[0]);
  const list = value(parts[1]);
  return typeof one === 'string' && Array.isArray(list) && list.includes(one);
}

function numberOf({ operator, parts, value }: Around): Ratio | null | undefined {
  const values = parts.map(value);
  const numbers = values.filter(isRatio) as Ratio[];
  const isWhole = numbers.length === values.length;
  const [a, b] = numbers;
  if (operator === '+') return isWhole ? numbers.reduce(plus) : null;
  if (operator === '*')
    return isWhole
      ? numbers.reduce((x, y) => ({ top: x.top * y.top, bottom: x.bottom * y.bottom }))
      : null;
  if (operator === '-') {
    if (!isWhole || !a) return null;
    return b ? plus(a, { top: -b.top, bottom: b.bottom }) : { top: -a.top, bottom: a.bottom };
  }
  if (operator === '/') {
    if (!isWhole || !a || !b || b.top === 0n) return null;
    const flip = b.top < 0n ? -1n : 1n;
    return { top: a.top * b.bottom * flip, bottom: a.bottom * b.top * flip };
  }
  if (operator === 'min' || operator === 'max') {
    const sorted = [...numbers].sort((x, y) => compare(x, y) ?? 0);
    return (operator === 'min' ? sorted[0] : sorted.at(-1)) ?? null;
  }
  if (operator === 'round')
    return isRatio(values[0]) ? roundedTo(values[0], Number(parts[1] ?? 0)) : null;
  if (operator !== 'days' && operator !== 'years') return undefined;
  const [from, to] = values;
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  return ratio(String(operator === 'days' ? daysBetween(from, to) : yearsBetween(from, to)));
}

function groupOf({ operator, parts, value, each }: Around): PlainValue | undefined {
  if (operator === 'sum') return [ratio('0'), ...(each().filter(isRatio) as Ratio[])].reduce(plus);
  if (operator === 'some') return each().includes(true);
  if (operator === 'all') return each().length > 0 && each().every((one) => one === true);
  if (operator === 'none') return !each().includes(true);
  if (operator !== 'count') return undefined;
  const one = value(parts[0]);
  if (Array.isArray(one)) return ratio(String(one.length));
  if (one && typeof one === 'object' && 'many' in one) return ratio(String(one.many.length));
  return ratio('0');
}

const plus = (a: Ratio, b: Ratio): Ratio => ({
  top: a.top * b.bottom + b.top * a.bottom,
  bottom: a.bottom * b.bottom,
});

function compare(a: PlainValue, b: PlainValue): number | null {
  if (isRatio(a) && isRatio(b)) {
    const difference = a.top * b.bottom - b.top * a.bottom;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return a === b ? 0 : 1;
  return null;
}

/** Returns a number of so many decimals: away from zero where it is in the middle. */
export function roundedTo({ top, bottom }: Ratio, decimals: number): Ratio {
  const scale = 10n ** BigInt(decimals);
  const positive = top < 0n ? -top : top;
  let whole = (positive * scale) / bottom;
  if ((positive * scale - whole * bottom) * 2n >= bottom) whole += 1n;
  return { top: top < 0n ? -whole : whole, bottom: scale };
}

const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / 86_400_000);

/** Returns the birthdays that have passed; somebody of 29 February has theirs on the 28th where there is no 29th. */
function yearsBetween(from: string, to: string): number {
  if (from > to) return -yearsAfter(to, from, true);
  return yearsAfter(from, to, false);
}

function yearsAfter(early: string, late: string, backwards: boolean): number {
  const [start, end] = backwards ? [late, early] : [early, late];
  let years = Number(late.slice(0, 4)) - Number(early.slice(0, 4));
  const step = backwards ? -1 : 1;
  for (; years > 0; years--) {
    const year = Number(start.slice(0, 4)) + step * years;
    const rest = start.slice(5) === '02-29' && !isLeap(year) ? '02-28' : start.slice(5);
    const day = `${String(year).padStart(4, '0')}-${rest}`;
    if (backwards ? day >= end : day <= end) break;
  }
  return years;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
