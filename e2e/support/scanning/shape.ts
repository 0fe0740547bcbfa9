/** Attributes that hold words or addresses, which are others in each language and for each citizen. */
const WORDS = new Set(['alt', 'aria-label', 'title', 'placeholder', 'lang', 'value', 'href']);
/** Attributes that hold an identifier, which may have the number of an appointment in it. */
const NAMES = /^(id|for|name|action|src|datetime|aria-(labelledby|describedby|controls)|data-.*)$/;

/**
 * Returns a page without what differs between languages and between citizens: its elements with their attributes, in order, and
 * where there is text. Two pages of one shape are built alike; only their words, numbers and addresses differ.
 */
export function shapeOf(html: string): string {
  return html
    .replaceAll(/>[^<]+(?=<)/g, (text) => (/[^>\s]/.test(text) ? '>.' : '>'))
    .replaceAll(/<[^>]+>/g, (tag) => tag.replaceAll(/ ([\w-]+)="([^"]*)"/g, shapeOfAttribute));
}

function shapeOfAttribute(attribute: string, name: string, value: string): string {
  const isPlace = name === 'href' && value.startsWith('#');
  if (WORDS.has(name) && value !== '' && !isPlace) return ` ${name}`;
  return isPlace || NAMES.test(name)
    ? attribute.replaceAll(/[\da-f]{8}-[\w-]{27}|\d+/g, '0')
    : attribute;
}
