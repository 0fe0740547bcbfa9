/** The note at the top of pages that are made. */
export const MADE =
  '<!-- Written by `npm run docs`: change what it is read from. A test says when it is old. -->';

/** Makes a text safe in a cell of a Markdown table. */
export const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
