/** Returns whether two JSON values are equal; the order of keys doesn't count, since jsonb doesn't keep it. */
export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each) => (isGroup(each) ? sortedKeys(each) : each)) ?? '';
}

const sortedKeys = (group: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(group).sort(([a], [b]) => (a < b ? -1 : 1)));

export const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
