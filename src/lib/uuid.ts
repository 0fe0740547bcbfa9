/** Whether a text from an address can be an id of ours; PostgreSQL takes a query with anything else for an error. */
export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
