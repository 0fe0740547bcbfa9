import { type Exact, exactInteger, exactOf, isExact, rounded } from './exact.ts';
import { callOf, type Operator } from './operators.ts';

/**
 * The value of a rule: a number, a text (a day is `2026-12-24`), yes or no, the options of a question with several, or how many things an
 * answer has. `null`: there is none, since a question is not answered, is not asked, or a number was divided by zero.
 */
export type Value = Exact | string | boolean | readonly string[] | Items | Present | null;

/** The items of a group. Each gives the value of its questions by their id. */
export interface Items {
  items: readonly ((id: string) => Value)[];
}

/** An answer of which rules only know that it is there, and of how many things: files, an address, a place. */
export interface Present {
  count: number;
}

/** What a rule may look at. */
export interface Scope {
  /** Returns the value of a name; null when there is none. */
  get(name: string): Value;
  /** The day on which the form is filled in, `2026-12-24`. */
  today: string;
}

/**
 * Returns the value of a rule that was checked. It runs no code, calls nothing, and always ends. A rule that was not checked gives null where
 * it makes no sense.
 */
export function evaluate(rule: unknown, scope: Scope): Value {
  if (typeof rule === 'number') return exactOf(rule);
  if (typeof rule === 'string' || typeof rule === 'boolean') return rule;
  if (Array.isArray(rule)) return rule.filter((each) => typeof each === 'string');
  const call = callOf(rule);
  if (!call) return null;
  const { operator, args } = call;
  if (operator === 'var') return namedValue(args, scope);
  if (operator === 'answered') return scope.get(String(args[0])) !== null;
  if (operator === 'if') return chosen(args, scope);
  if (operator in QUANTIFIED) return QUANTIFIED[operator as Quantified](itemsOf(args, scope));
  const values = args.map((each) => evaluate(each, scope));
  if (operator === 'today') return scope.today;
  return PLAIN[operator as Plain](values);
}

/** Returns whether a condition holds. One without a value does not hold; without a condition everything holds. */
export const holds = (condition: unknown, scope: Scope): boolean =>
  condition === undefined || evaluate(condition, scope) === true;

function namedValue([name, otherwise]: readonly unknown[], scope: Scope): Value {
  const value = scope.get(String(name));
  return value === null && otherwise !== undefined ? evaluate(otherwise, scope) : value;
}

function chosen(args: readonly unknown[], scope: Scope): Value {
  for (let at = 0; at + 1 < args.length; at += 2)
    if (holds(args[at], scope)) return evaluate(args[at + 1], scope);
  return args.length % 2 === 1 ? evaluate(args.at(-1), scope) : null;
}

/** Returns the value of the second argument for each item of the first. */
function itemsOf([group, each]: readonly unknown[], scope: Scope): Value[] {
  const value = evaluate(group, scope);
  if (!isItems(value)) return [];
  return value.items.map((item) =>
    evaluate(each, {
      today: scope.today,
      get: (name) => (name.startsWith('item.') ? item(name.slice(5)) : scope.get(name)),
    }),
  );
}

const isItems = (value: Value): value is Items =>
  typeof value === 'object' && value !== null && 'items' in value;

const QUANTIFIED = {
  sum: (values) => numbersIn(values).reduce(add, exactInteger(0)),
  some: (values) => values.some((each) => each === true),
  all: (values) => values.length > 0 && values.every((each) => each === true),
  none: (values) => !values.some((each) => each === true),
} satisfies Partial<Record<Operator, (values: Value[]) => Value>>;
type Quantified = keyof typeof QUANTIFIED;

const add = (a: Exact, b: Exact): Exact => a.add(b);
const numbersIn = (values: readonly Value[]): Exact[] => values.filter(isExact);

/** Returns the result of a calculation; null when one of its numbers is missing. */
const calculated = (values: readonly Value[], by: (numbers: Exact[]) => Exact | null): Value => {
  const numbers = numbersIn(values);
  return numbers.length === values.length ? by(numbers) : null;
};

/** Returns whether each value stands before the next one; false when one is missing. */
const inOrder = (values: readonly Value[], fits: (order: number) => boolean): boolean =>
  values.every((each, index) => {
    const next = values[index + 1];
    if (index + 1 === values.length) return true;
    if (isExact(each) && isExact(next)) return fits(each.compare(next));
    if (typeof each !== 'string' || typeof next !== 'string') return false;
    return fits(each < next ? -1 : each > next ? 1 : 0);
  });

const equal = ([a, b]: readonly Value[]): boolean =>
  isExact(a) && isExact(b) ? a.equals(b) : a !== null && a === b;

function contained([one, all]: readonly Value[]): boolean {
  return typeof one === 'string' && Array.isArray(all) && all.includes(one);
}

function countOf(value: Value | undefined): Exact {
  if (Array.isArray(value)) return exactInteger(value.length);
  if (value && typeof value === 'object' && 'items' in value)
    return exactInteger(value.items.length);
  if (value && typeof value === 'object' && 'count' in value) return exactInteger(value.count);
  return exactInteger(0);
}

/** Returns how much time is between two days, in whole units; null when one is missing or no day. */
function between([from, to]: readonly Value[], unit: 'years' | 'days'): Value {
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  try {
    const days = Temporal.PlainDate.from(from).until(to, { largestUnit: unit });
    return exactInteger(days[unit]);
  } catch {
    return null;
  }
}

const extreme = (values: readonly Value[], order: 1 | -1): Value => {
  const [first, ...rest] = numbersIn(values);
  if (!first) return null;
  return rest.reduce((best, each) => (each.compare(best) * order > 0 ? each : best), first);
};

const PLAIN = {
  '==': equal,
  '!=': (values) => !equal(values),
  '<': (values) => inOrder(values, (order) => order < 0),
  '<=': (values) => inOrder(values, (order) => order <= 0),
  '>': (values) => inOrder(values, (order) => order > 0),
  '>=': (values) => inOrder(values, (order) => order >= 0),
  in: contained,
  '!': ([value]) => value !== true,
  and: (values) => values.every((each) => each === true),
  or: (values) => values.some((each) => each === true),
  '??': (values) => values.find((each) => each !== null) ?? null,
  '+': (values) => calculated(values, (numbers) => numbers.reduce(add)),
  '-': (values) =>
    calculated(values, ([a, b]) => (a === undefined ? null : b === undefined ? a.neg() : a.sub(b))),
  '*': (values) => calculated(values, (numbers) => numbers.reduce((a, b) => a.mul(b))),
  '/': (values) => calculated(values, ([a, b]) => (a && b && !b.equals(0) ? a.div(b) : null)),
  min: (values) => extreme(values, -1),
  max: (values) => extreme(values, 1),
  round: ([value, decimals]) =>
    isExact(value ?? null)
      ? rounded(value as Exact, isExact(decimals ?? null) ? Number((decimals as Exact).n) : 0)
      : null,
  years: (values) => between(values, 'years'),
  days: (values) => between(values, 'days'),
  count: ([value]) => countOf(value),
} satisfies Partial<Record<Operator, (values: readonly Value[]) => Value>>;
type Plain = keyof typeof PLAIN;
