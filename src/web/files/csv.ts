/** What makes a spreadsheet know the text as UTF-8. */
const MARK = '\uFEFF';

/** Rows as a CSV file (RFC 4180) that spreadsheets read as UTF-8. */
export const csvOf = (rows: readonly (readonly string[])[]): string => MARK + csvLines(rows);

/**
 * The rows alone, to go on with a file. What a spreadsheet would run as a formula is kept from it by an apostrophe (OWASP, CSV
 * injection): within a cell too, since one that parts cells at semicolons or tabs doesn't know our quotes.
 */
export function csvLines(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => {
    const safe = text.replaceAll(/(^|[;\t\r\n])(?=[" ]*[=+\-@])/g, "$1'");
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
