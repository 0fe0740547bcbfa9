/**
 * Returns JSON in its canonical form (RFC 8785, for the values that are kept: texts, numbers, booleans, null, lists, groups): keys in the order of
 * their UTF-16 code units, no spaces, numbers as ECMAScript writes them. A key without a value is left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`;
}
