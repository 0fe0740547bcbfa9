/** What a server answered, of which nothing is trusted. */
export type Json = Readonly<Record<string, unknown>>;

/** Returns the object in an answer; {} when there is none. */
export function jsonIn(body: Buffer): Json {
  try {
    return objectOf(JSON.parse(body.toString('utf8')));
  } catch {
    return {};
  }
}

/** Returns a value as an object; {} when it is none. */
export const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

/** Returns a text of an object; '' when there is none. */
export const textAt = (of: Json, key: string): string => {
  const value = of[key];
  return typeof value === 'string' ? value : '';
};

/** Returns the objects in a list of an object. */
export const listAt = (of: Json, key: string): Json[] => {
  const value = of[key];
  return Array.isArray(value) ? value.map(objectOf) : [];
};
