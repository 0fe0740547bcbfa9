import { MOST_DEPTH, MOST_PARTS } from '../../../domain/form/rules/operators.ts';

/** Returns why a rule is too large to be read; null when it isn't. */
export function tooLarge(rule: unknown): string | null {
  let parts = 0;
  const open: { value: unknown; depth: number }[] = [{ value: rule, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    parts += 1;
    if (depth > MOST_DEPTH)
      return `A rule may have at most ${MOST_DEPTH} operators within each other; use a computed value for a part of it.`;
    if (parts > MOST_PARTS)
      return `A rule may have at most ${MOST_PARTS} parts; use a computed value for a part of it.`;
    if (Array.isArray(value)) open.push(...value.map((each) => ({ value: each, depth })));
    else if (typeof value === 'object' && value !== null)
      open.push(...Object.values(value).map((each) => ({ value: each, depth: depth + 1 })));
  }
  return null;
}
