/**
 * The operators of rules: a subset of JsonLogic, and `??`, `answered`, `count`, `sum`, `round`, `today`, `years` and `days`, which JsonLogic
 * lacks. Each has the fewest and the most arguments. There are no others, so a rule can neither loop nor reach anything but answers.
 */
export const OPERATORS = {
  var: [1, 2],
  answered: [1, 1],
  '==': [2, 2],
  '!=': [2, 2],
  '<': [2, 3],
  '<=': [2, 3],
  '>': [2, 2],
  '>=': [2, 2],
  in: [2, 2],
  '!': [1, 1],
  and: [1, 30],
  or: [1, 30],
  if: [2, 61],
  '??': [2, 10],
  '+': [1, 30],
  '-': [1, 2],
  '*': [1, 30],
  '/': [2, 2],
  min: [1, 30],
  max: [1, 30],
  round: [1, 2],
  today: [0, 0],
  years: [2, 2],
  days: [2, 2],
  count: [1, 1],
  sum: [2, 2],
  some: [2, 2],
  all: [2, 2],
  none: [2, 2],
} as const satisfies Record<string, readonly [number, number]>;

export type Operator = keyof typeof OPERATORS;

export const isOperator = (name: string): name is Operator => Object.hasOwn(OPERATORS, name);

/** The operators whose second argument is a rule about each item of a group. */
export const BY_ITEM: ReadonlySet<Operator> = new Set(['sum', 'some', 'all', 'none']);

/** The most operators within each other, and the most parts of a rule. */
export const MOST_DEPTH = 12;
export const MOST_PARTS = 200;

/** A rule: a constant, a list of constants, or one operator with its arguments. */
export type Rule =
  | number
  | string
  | boolean
  | readonly Rule[]
  | { readonly [operator: string]: Rule };

/** A rule taken apart: its operator and its arguments, which may be written without a list where there is one. */
export interface Call {
  operator: Operator;
  args: readonly unknown[];
  /** Whether the arguments are written as a list; otherwise the only one stands alone. */
  isList: boolean;
}

/** Returns the operator and arguments of a rule; null for a constant and for what is no rule. */
export function callOf(rule: unknown): Call | null {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return null;
  const [operator, ...others] = Object.keys(rule);
  if (operator === undefined || others.length > 0 || !isOperator(operator)) return null;
  const written = (rule as Record<string, unknown>)[operator];
  return Array.isArray(written)
    ? { operator, args: written, isList: true }
    : { operator, args: [written], isList: false };
}

/** Returns the names that a rule refers to, such as `local.taules`, in the order in which it does; names of items too. */
export function namesIn(rule: unknown): string[] {
  const call = callOf(rule);
  if (!call) return Array.isArray(rule) ? rule.flatMap(namesIn) : [];
  const [first, ...rest] = call.args;
  const isName = call.operator === 'var' || call.operator === 'answered';
  if (isName && typeof first === 'string') return [first, ...rest.flatMap(namesIn)];
  return call.args.flatMap(namesIn);
}
