/** The byte order mark, by which a spreadsheet recognises UTF-8. */
const MARK = '\uFEFF';

/** Returns rows as a CSV file (RFC 4180) that spreadsheets read as UTF-8. */
export const csvOf = (rows: readonly (readonly string[])[]): string => MARK + csvLines(rows);

/**
 * Returns the rows alone, to continue a file. An apostrophe disables everything that a spreadsheet would
 * run as a formula (OWASP, CSV
 * injection). This includes text within a cell, since programs that split at semicolons or tabs ignore
 * our quotes.
 */
export function csvLines(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => {
    const safe = text.replaceAll(/(^|[;\t\r\n])(?=[" ]*[=+\-@])/g, "$1'");
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
