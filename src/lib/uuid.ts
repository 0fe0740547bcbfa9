/** Returns whether a text from an address is a valid id; PostgreSQL fails on a query with another text. */
export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
